// Takes the pictures of docs/images from a running Weir with the demo: node e2e/scripts/screenshots.ts [URL] [FOLDER]
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { launchBrowser } from '../browser.ts'

const [url = 'http://127.0.0.1:3000', folder = 'docs/images'] = process.argv.slice(2)
const PAGES = ['overview', 'logs', 'anomalies', 'pipeline']
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

mkdirSync(folder, { recursive: true })
const browser = await launchBrowser()
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['dark', 'light'] as const) {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' })
    page.on('console', (message) => {
      if (message.type() === 'error') console.error(`${size} ${colorScheme}: ${message.text().slice(0, 300)}`)
    })
    for (const name of PAGES) {
      await page.goto(`${url}/${name === 'overview' ? '' : name}`)
      await page.getByRole('main').waitFor()
      await page.waitForFunction('document.querySelector("[data-state=loading]") === null')
      await page.waitForTimeout(1_500) // for the pictures only: lets animated numbers and fonts settle
      await page.screenshot({ path: join(folder, `${name}-${size}-${colorScheme}.png`) })
    }
    await page.close()
  }
}
await browser.close()
