import { describe, expect, it } from 'vitest'
import { snippets } from './snippets.ts'

describe('snippets', () => {
  it('name the host that the page was opened on', () => {
    const [curl, docker, fluentd] = snippets('logs.example.org')
    expect(curl?.code).toContain('http://logs.example.org:4318/ingest/my-app')
    expect(docker?.code).toContain('fluentd-address=logs.example.org:24224')
    expect(fluentd?.code).toContain('host logs.example.org')
  })

  it('send valid JSON by curl', () => {
    const body = /-d '(.*)'/.exec(snippets('h')[0]?.code ?? '')?.[1]
    expect(JSON.parse(body ?? '')).toEqual({ severity: 'info', message: 'hello from my-app' })
  })
})
