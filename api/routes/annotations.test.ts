import { Check } from 'typebox/value'
import { describe, expect, it } from 'vitest'
import { AnnotationSchema } from '../schemas/query.ts'
import { NOW_MS } from '../testing/memory-weir.ts'
import { startApp } from '../testing/start-app.ts'

type App = Awaited<ReturnType<typeof startApp>>['app']

async function add(app: App, payload: object): Promise<AnnotationSchema> {
  const response = await app.inject({ method: 'POST', url: '/api/annotations', payload })
  expect(response.statusCode).toBe(201)
  expect(Check(AnnotationSchema, response.json())).toBe(true)
  return response.json()
}

async function list(app: App, fromMs: number, toMs: number): Promise<string[]> {
  const response = await app.inject(`/api/annotations?fromMs=${fromMs}&toMs=${toMs}`)
  return response.json<{ annotations: AnnotationSchema[] }>().annotations.map(({ text }) => text)
}

describe('annotations', () => {
  it('a deploy marker without a time is of now', async () => {
    const { app } = await startApp()
    const added = await add(app, { kind: 'deploy', text: 'shop v2', service: 'shop' })
    expect(added).toEqual({ id: expect.any(String), timeMs: NOW_MS, kind: 'deploy', text: 'shop v2', service: 'shop' })
  })

  it('lists a half-open range, oldest first, however they came in', async () => {
    const { app } = await startApp()
    for (const timeMs of [3_000, 1_000, 999, 2_000, 10_000])
      await add(app, { kind: 'note', text: `at ${timeMs}`, timeMs })
    expect(await list(app, 1_000, 3_000)).toEqual(['at 1000', 'at 2000'])
    expect(await list(app, 0, 20_000)).toEqual(['at 999', 'at 1000', 'at 2000', 'at 3000', 'at 10000'])
  })

  it('pages through many and refuses more than its bound', async () => {
    const { app, weir } = await startApp({ limits: { maxAnnotations: 1_001 } })
    for (let i = 0; i < 1_002; i++) {
      const id = `${String(i).padStart(16, '0')}-x`
      await weir.documentStore.put('annotation', id, { id, timeMs: i, kind: 'note', text: 't' }, 0)
    }
    expect(await list(app, 0, 1_001)).toHaveLength(1_001)
    const refused = await app.inject('/api/annotations?fromMs=0&toMs=1002')
    expect([refused.statusCode, refused.json().code]).toEqual([422, 'WEIR_QUERY_TOO_COSTLY'])
  })

  it('a removed one is gone, also from answers kept for the same query', async () => {
    const { app } = await startApp()
    const { id } = await add(app, { kind: 'note', text: 'a' })
    const queries = [{ id: 'n', type: 'annotations', range: { lastMs: 60_000 } }]
    const ask = async () => (await app.inject({ method: 'POST', url: '/api/query', payload: { queries } })).json()
    expect(await ask()).toMatchObject({ answers: [{ annotations: [{ id }] }] })
    const removed = await app.inject({ method: 'DELETE', url: `/api/annotations/${id}` })
    expect([removed.statusCode, removed.body]).toEqual([204, ''])
    expect(await ask()).toMatchObject({ answers: [{ annotations: [] }] })
    const again = await app.inject({ method: 'DELETE', url: `/api/annotations/${id}` })
    expect([again.statusCode, again.json().code]).toEqual([404, 'WEIR_NOT_FOUND'])
  })

  it.each([
    ['no text', { kind: 'note' }, 'body must have required properties text.'],
    ['an empty text', { kind: 'note', text: '' }, 'body/text must not have fewer than 1 characters.'],
    ['an unknown kind', { kind: 'party', text: 'a' }, 'body/kind must be one of deploy, note.'],
    ['a time that is no integer', { kind: 'note', text: 'a', timeMs: 1.5 }, 'body/timeMs must be integer.'],
    ['a time as text', { kind: 'note', text: 'a', timeMs: '5' }, 'body/timeMs must be integer.'],
    ['an id of its own', { kind: 'note', text: 'a', id: 'x' }, 'body has a field that is not known: id.'],
  ])('refuses %s', async (_, payload, message) => {
    const { app } = await startApp()
    const response = await app.inject({ method: 'POST', url: '/api/annotations', payload })
    expect([response.statusCode, response.json()]).toEqual([400, { code: 'WEIR_QUERY_INVALID', message }])
  })

  it.each(['', '?fromMs=1', '?fromMs=5&toMs=5', '?fromMs=-1&toMs=5'])('refuses to list %s', async (query) => {
    const { app } = await startApp()
    const response = await app.inject(`/api/annotations${query}`)
    expect([response.statusCode, response.json().code]).toEqual([400, 'WEIR_QUERY_INVALID'])
  })
})
