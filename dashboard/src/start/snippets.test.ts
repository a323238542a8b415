import { describe, expect, it } from 'vitest'
import { snippets } from './snippets.ts'

const INGEST = { httpUrl: 'http://127.0.0.1:4400', forwardAddress: '10.0.0.7:24400' }

describe('snippets', () => {
  it('name the addresses that ingest listens on', () => {
    const [curl, docker, fluentd] = snippets(INGEST, 'logs.example.org')
    expect(curl?.code).toContain('http://127.0.0.1:4400/ingest/my-app')
    expect(docker?.code).toContain('fluentd-address=10.0.0.7:24400')
    expect(fluentd?.code).toContain('host 10.0.0.7\n    port 24400')
  })

  it.each([
    ['http://0.0.0.0:4318', '0.0.0.0:24224'],
    ['http://[::]:4318', '[::]:24224'],
  ])('name the host of the page where ingest listens on every address (%s)', (httpUrl, forwardAddress) => {
    const [curl, docker, fluentd] = snippets({ httpUrl, forwardAddress }, 'logs.example.org')
    expect(curl?.code).toContain('http://logs.example.org:4318/ingest/my-app')
    expect(docker?.code).toContain('fluentd-address=logs.example.org:24224')
    expect(fluentd?.code).toContain('host logs.example.org')
  })

  it('send valid JSON by curl', () => {
    const body = /-d '(.*)'/.exec(snippets(INGEST, 'h')[0]?.code ?? '')?.[1]
    expect(JSON.parse(body ?? '')).toEqual({ severity: 'info', message: 'hello from my-app' })
  })
})
