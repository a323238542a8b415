import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from './config.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function yaml(text: string): { WEIR_CONFIG: string } {
  const file = join(folder, 'weir.yaml')
  writeFileSync(file, text)
  return { WEIR_CONFIG: file }
}

describe('loadConfig', () => {
  it('runs on loopback, in ./.weir, with the demo, when nothing is set', () => {
    const config = loadConfig({})
    expect(config.dataDir).toBe('./.weir')
    expect(config.api).toEqual({ host: '127.0.0.1', port: 3000, allowedHosts: [] })
    expect(config.ingest).toMatchObject({ host: '127.0.0.1', port: 4318, forwardPort: 24_224 })
    expect(config.demo.enabled).toBe(true)
  })

  it('lets the environment override the file, and the file the defaults', () => {
    const config = loadConfig({ ...yaml('api:\n  port: 8000\n  host: 0.0.0.0\n'), WEIR_PORT: '9000' })
    expect(config.api).toMatchObject({ port: 9000, host: '0.0.0.0' })
  })

  it('reads lists and switches from the environment', () => {
    const config = loadConfig({ WEIR_ALLOWED_HOSTS: 'a.example,b.example', WEIR_DEMO: 'false' })
    expect(config.api.allowedHosts).toEqual(['a.example', 'b.example'])
    expect(config.demo.enabled).toBe(false)
  })

  it('names every problem at once, each with its place', () => {
    const load = () =>
      loadConfig({ ...yaml('api:\n  prot: 3\nwindows:\n  graceMs: -1\n'), WEIR_PORT: 'x', WEIR_FOO: '1' })
    expect(load).toThrow(/api\.prot: no such setting/)
    expect(load).toThrow(/windows\.graceMs: must be >= 0, found -1/)
    expect(load).toThrow(/environment WEIR_PORT: must be integer, found "x"/)
    expect(load).toThrow(/environment WEIR_FOO: no such setting/)
  })

  it.each([
    ['a corrupt file is refused with line and column', 'api: [\n', /line 2, column 1: not YAML/],
    ['a section that is not one', 'api: 3\n', /api: must be object, found 3/],
    ['a list at the top', '- 1\n', /must hold settings as `name: value`/],
    ['a value outside its choices lists them', 'logLevel: loud\n', /logLevel: .*trace, debug, info.*found "loud"/],
  ])('%s', (_case, text, message) => {
    expect(() => loadConfig(yaml(text))).toThrow(message)
  })

  it('refuses a file that WEIR_CONFIG names and that is not there', () => {
    expect(() => loadConfig({ WEIR_CONFIG: join(folder, 'absent.yaml') })).toThrow(/absent\.yaml, which does not exist/)
  })
})
