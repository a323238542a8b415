import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { openApiText } from '../openapi-text.ts'
import { startApp } from '../testing/start-app.ts'
import { nameSchemas } from './named-schemas.ts'

describe('the OpenAPI description', () => {
  it('is the committed one; otherwise run: node api/write-openapi.ts', async () => {
    const committed = await readFile(new URL('../../dashboard/openapi.json', import.meta.url), 'utf8')
    expect(await openApiText()).toBe(committed)
  })

  it('names every operation and every schema that it refers to', async () => {
    const description = JSON.parse(await openApiText())
    expect(description.openapi).toBe('3.1.0')
    const operations = Object.values<Record<string, { operationId?: string }>>(description.paths).flatMap(Object.values)
    const ids = operations.map(({ operationId }) => operationId)
    expect(ids.every(Boolean)).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, title] of JSON.stringify(description).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(description.components.schemas).toHaveProperty(title!)
    }
  })

  it('is shown at /docs, whose scripts come from here alone', async () => {
    const { app } = await startApp()
    const page = await app.inject('/docs/')
    expect(page.statusCode).toBe(200)
    const policy = page.headers['content-security-policy'] as string
    expect(policy).toContain("default-src 'self'")
    expect(policy).not.toContain('script-src')
    expect(page.body).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/)
    const scripts = [...page.body.matchAll(/<script[^>]*src="([^"]+)"/g)].map(
      ([, src]) => new URL(src!, 'http://x/docs/').pathname,
    )
    expect(scripts.length).toBeGreaterThan(0)
    for (const url of [...scripts, '/docs/json']) expect((await app.inject(url)).statusCode).toBe(200)
  })
})

describe('nameSchemas', () => {
  it('moves titled schemas to the components, inner ones too, and keeps other titles', () => {
    const inner = { title: 'Inner', type: 'string' }
    const outer = { title: 'Outer', type: 'object', properties: { a: inner, b: inner } }
    expect(nameSchemas({ info: { title: 'Weir' }, paths: { x: outer } })).toEqual({
      info: { title: 'Weir' },
      paths: { x: { $ref: '#/components/schemas/Outer' } },
      components: {
        schemas: {
          Inner: inner,
          Outer: {
            title: 'Outer',
            type: 'object',
            properties: { a: { $ref: '#/components/schemas/Inner' }, b: { $ref: '#/components/schemas/Inner' } },
          },
        },
      },
    })
  })

  it('refuses two schemas of one title', () => {
    const paths = { a: { title: 'Same', type: 'string' }, b: { title: 'Same', type: 'number' } }
    expect(() => nameSchemas({ paths })).toThrow('Two schemas have the title Same.')
  })

  it('writes records as generators know them', () => {
    const record = { type: 'object', patternProperties: { '^.*$': { type: 'string' } } }
    expect(nameSchemas({ paths: { record } })).toMatchObject({
      paths: { record: { type: 'object', additionalProperties: { type: 'string' } } },
    })
  })
})
