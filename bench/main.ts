// npm run bench -- NAME [ARG ...]: runs bench/NAME/bench.ts; its last line is JSON.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const names = readdirSync(here).filter((name) => existsSync(join(here, name, 'bench.ts')))
const [name, ...args] = process.argv.slice(2)
if (!name || !names.includes(name)) {
  console.error(`usage: npm run bench -- NAME, with NAME one of: ${names.join(', ')}`)
  process.exit(2)
}
const { run } = (await import(pathToFileURL(join(here, name, 'bench.ts')).href)) as {
  run: (args: string[]) => Promise<Record<string, unknown>>
}
console.log(JSON.stringify({ bench: name, ...(await run(args)) }))
