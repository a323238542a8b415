import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../testing/start-app.ts'

const INDEX = '<!doctype html><title>Weir</title>'
let dir: string

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'weir-dashboard-'))
  await mkdir(join(dir, 'assets'))
  await writeFile(join(dir, 'index.html'), INDEX)
  await writeFile(join(dir, 'favicon.svg'), '<svg/>')
  await writeFile(join(dir, 'assets', 'index-a1b2c3.js'), 'let a = 1\n'.repeat(1_000))
})

afterAll(() => rm(dir, { recursive: true }))

describe('the dashboard', () => {
  it.each(['/', '/index.html', '/logs', '/logs?q=a.b', '/anomalies/x'])('%s is its page', async (url) => {
    const { app } = await startApp({ dashboardDir: dir })
    const response = await app.inject(url)
    expect([response.statusCode, response.body]).toEqual([200, INDEX])
    expect(response.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' })
  })

  it('assets, whose names change with their content, are kept for a year; others are asked for again', async () => {
    const { app } = await startApp({ dashboardDir: dir })
    const asset = await app.inject('/assets/index-a1b2c3.js')
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    const icon = await app.inject('/favicon.svg')
    expect(icon.headers['cache-control']).toBe('no-cache')
    const again = await app.inject({ url: '/favicon.svg', headers: { 'if-none-match': icon.headers.etag } })
    expect(again.statusCode).toBe(304)
  })

  it.each([
    ['zstd, br, gzip', 'zstd'],
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('is compressed for who accepts %s', async (accepted, encoding) => {
    const { app } = await startApp({ dashboardDir: dir })
    const response = await app.inject({ url: '/assets/index-a1b2c3.js', headers: { 'accept-encoding': accepted } })
    expect(response.headers['content-encoding']).toBe(encoding)
    expect(response.headers.vary).toBe(encoding && 'accept-encoding')
  })

  it.each([
    ['GET', '/assets/gone.js'],
    ['GET', '/missing.png'],
    ['GET', '/api/none'],
    ['GET', '/docs/none'],
    ['POST', '/logs'],
    ['GET', '/%2e%2e/secret.txt'],
  ] as const)('%s %s is 404, not the page', async (method, url) => {
    const { app } = await startApp({ dashboardDir: dir })
    const response = await app.inject({ method, url })
    expect(response.statusCode).toBe(404)
    expect(response.body).not.toContain('<title>')
  })

  it('runs no script from elsewhere and none inline', async () => {
    const { app } = await startApp({ dashboardDir: dir })
    const policy = (await app.inject('/')).headers['content-security-policy'] as string
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toContain('script-src')
    expect(policy).not.toContain('upgrade-insecure-requests')
  })

  it('a directory without a built dashboard is refused at the start', async () => {
    await expect(startApp({ dashboardDir: join(dir, 'assets') })).rejects.toMatchObject({
      code: 'WEIR_CONFIG_INVALID',
      message: expect.stringMatching(/npm run build/),
    })
  })
})
