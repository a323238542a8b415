import { AxeBuilder } from '@axe-core/playwright'
import { WeirProcess } from '@weir/cli/testing'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { hasChromium, launchBrowser, needChromium } from './browser.ts'
import { totalCount } from './metric-query.ts'

const PAGES = ['', 'logs', 'anomalies', 'pipeline']
const VIEWPORTS = [
  { name: 'desktop', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
] as const

describe('the dashboard in a browser', () => {
  let weir: WeirProcess
  let browser: Browser
  beforeAll(async () => {
    if (!hasChromium) return
    weir = await WeirProcess.start({ args: [], env: { WEIR_DEMO_RATE: '20' } })
    browser = await launchBrowser()
    await vi.waitFor(async () => expect(await totalCount(weir, 'http.server.requests')).toBeGreaterThan(50), 60_000)
  })
  afterAll(async () => {
    await browser?.close()
    await weir?.stop()
  })
  beforeEach((context) => needChromium(context))

  /** A page whose errors fail the test that opened it. */
  async function open(path: string, viewport: { width: number; height: number } = VIEWPORTS[0]) {
    const context = await browser.newContext({ viewport, colorScheme: 'dark' })
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text().slice(0, 300))
    })
    await page.goto(`${weir.url}/${path}`)
    await page.getByRole('main').waitFor()
    return { page, problems }
  }

  const firstLine = (page: Page) => page.getByText(/POST \/api\/orders|GET \/api\//).first()

  it('opens on the answer: tiles, charts with data, routes and the newest lines', async () => {
    const { page, problems } = await open('')
    for (const title of ['Event rate', 'Latency', 'Error rate', 'Top routes', 'Newest lines']) {
      await page.getByRole('heading', { name: title }).first().waitFor()
    }
    await firstLine(page).waitFor()
    await page
      .getByText(/complete to \d\d:\d\d:\d\d/)
      .first()
      .waitFor()
    expect(await page.getByRole('img').locator('svg path, canvas').count()).toBeGreaterThanOrEqual(3)
    expect(problems).toEqual([])
    await page.close()
  })

  it('shows a line that was sent a moment ago, without a reload', async () => {
    const { page } = await open('')
    await firstLine(page).waitFor()
    const body = `weir-live-${Date.now()}`
    const sent = await fetch(`${weir.ingestUrl}/ingest/live-test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ level: 'error', message: body }),
    })
    expect(sent.status).toBe(200)
    await page.getByText(body).first().waitFor({ timeout: 20_000 })
    await page.close()
  })

  it('finds lines by their words', async () => {
    const { page } = await open('logs')
    const lines = page.getByRole('region', { name: 'Lines', exact: true })
    const row = (text: string) => lines.locator('[data-index]').filter({ hasText: text })
    await row('GET /api/').first().waitFor()
    const box = page.getByLabel('Search the lines')
    await box.fill('"payment of"')
    await box.press('Enter')
    await row('payment of').nth(3).waitFor()
    await vi.waitFor(async () => expect(await row('GET /api/').count()).toBe(0))
    expect(decodeURIComponent(page.url())).toContain('payment')
    await page.reload()
    await row('payment of').nth(3).waitFor()
    await page.close()
  })

  it('keeps the time range in the URL and follows it', async () => {
    const { page } = await open('')
    await page.keyboard.press('t')
    await page.getByText('Last 6 h', { exact: false }).first().click()
    await vi.waitFor(() => expect(new URL(page.url()).search).toMatch(/6h/))
    await page.reload()
    await page.getByRole('button', { name: /Last 6 h/ }).waitFor()
    await page.close()
  })

  it.each(VIEWPORTS)(
    'has nothing serious for axe to find on any page, and no sideways scrolling ($name)',
    async (viewport) => {
      for (const path of PAGES) {
        const { page, problems } = await open(path, viewport)
        await page.waitForLoadState('load')
        const { violations } = await new AxeBuilder({ page }).analyze()
        const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
        expect(serious.map((v) => `${path}: ${v.id}: ${v.nodes[0]?.html}`)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(viewport.width)
        expect(problems).toEqual([])
        await page.close()
      }
    },
  )
})
