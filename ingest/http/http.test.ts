import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { DEAD_LETTER_HEADERS, WeirError } from '@weir/core'
import { afterEach, describe, expect, it } from 'vitest'
import { type RunningIngest, type RunningIngestOptions, runIngest } from '../testing/running-ingest.ts'
import { withSend } from '../testing/with-send.ts'

const running: RunningIngest[] = []
afterEach(async () => {
  for (const ingest of running.splice(0)) await ingest.stop()
})

async function start(options?: RunningIngestOptions): Promise<RunningIngest> {
  const ingest = await runIngest(options)
  running.push(ingest)
  return ingest
}

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: {
    accepted?: number
    rejected?: number
    errors?: { line: number; reason: string }[]
    code?: string
    message?: string
  }
}

async function post(
  ingest: RunningIngest,
  path: string,
  contentType: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${ingest.role.httpUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
}

const NDJSON = 'application/x-ndjson'
const JSON_TYPE = 'application/json'

describe('what is taken', () => {
  it.each([
    ['a JSON object', '/ingest/web', JSON_TYPE, '{"msg":"one"}', ['one']],
    ['a JSON array', '/ingest/web', JSON_TYPE, '[{"msg":"one"},{"msg":"two"}]', ['one', 'two']],
    ['an empty array', '/ingest/web', JSON_TYPE, '[]', []],
    ['JSON lines, blank ones skipped', '/ingest/web', NDJSON, '{"msg":"one"}\r\n\n{"msg":"two"}', ['one', 'two']],
    ['plain lines', '/ingest/web', 'text/plain; charset=utf-8', 'one\ntwo\n', ['one', 'two']],
    ['JSON among plain lines', '/ingest/web?format=auto', 'text/plain', '{"msg":"one"}\ntwo', ['one', 'two']],
    ['JSON taken as text', '/ingest/web?format=text', 'text/plain', '{"msg":1}', ['{"msg":1}']],
    ['an encoded service name', '/ingest/caf%C3%A9%20bar', 'text/plain', 'one', ['one']],
  ])('%s', async (_sentence, path, contentType, body, bodies) => {
    const ingest = await start()
    const answer = await post(ingest, path, contentType, body)
    expect(answer).toMatchObject({ status: 200, body: { accepted: bodies.length, rejected: 0, errors: [] } })
    const logs = await ingest.logs()
    expect(logs.map((record) => record.body).sort()).toEqual(bodies)
    const service = path.startsWith('/ingest/web') ? 'web' : 'café bar'
    expect(logs.every((record) => record.service === service)).toBe(true)
    expect(ingest.counter('records_stored')).toBe(bodies.length)
    expect(ingest.counter('records_in')).toBe(bodies.length)
  })

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ])('unpacks %s', async (encoding, compress) => {
    const ingest = await start()
    const body = new Uint8Array(compress(Buffer.from('{"msg":"packed"}\n'.repeat(50))))
    const answer = await post(ingest, '/ingest/web', NDJSON, body, { 'content-encoding': encoding })
    expect(answer).toMatchObject({ status: 200, body: { accepted: 50, rejected: 0 } })
    expect(await ingest.logs()).toHaveLength(50)
  })

  it('reads an access log', async () => {
    const ingest = await start()
    const line =
      '10.0.0.1 - ann [17/May/2015:10:05:03 +0000] "GET /a/42?b=1 HTTP/1.1" 503 77 "http://x/" "curl \\"q\\" 8"'
    const answer = await post(ingest, '/ingest/web?format=combined', 'text/plain', `${line}\nnot one\n`)
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 2 }] })
    const [record] = await ingest.logs()
    expect(record).toMatchObject({ timeMs: Date.UTC(2015, 4, 17, 10, 5, 3), severityNumber: 17, body: line })
    expect(record?.attributes).toEqual({
      'client.address': '10.0.0.1',
      'user.name': 'ann',
      'http.request.method': 'GET',
      'http.response.status_code': 503,
      'http.response.body.size': 77,
      'http.route': '/a/:id',
      'url.path': '/a/42',
      'url.query': 'b=1',
      'network.protocol.version': '1.1',
      'http.request.header.referer': 'http://x/',
      'user_agent.original': 'curl "q" 8',
    })
  })

  it('spreads batches over the partitions', async () => {
    const ingest = await start()
    for (let i = 0; i < 6; i++) await post(ingest, '/ingest/web', 'text/plain', `line ${i}`)
    const { partitions } = await ingest.broker.describeTopic('logs')
    expect(partitions.map(({ end }) => end)).toEqual([2, 2, 2])
  })

  it('says that it is healthy', async () => {
    const ingest = await start()
    const response = await fetch(`${ingest.role.httpUrl}/health`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
  })
})

describe('bad input', () => {
  it('stores the good lines of a body and dead-letters the bad ones', async () => {
    const ingest = await start()
    const answer = await post(ingest, '/ingest/web', NDJSON, '{"msg":"one"}\n{"msg":\n42\n{"msg":"two"}')
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ accepted: 2, rejected: 2 })
    expect(answer.body.errors?.map(({ line }) => line)).toEqual([2, 3])
    expect(answer.body.errors?.[0]?.reason).toContain('Malformed JSON')
    const letters = await ingest.deadLetters()
    expect(letters.map(({ value }) => Buffer.from(value).toString())).toEqual(['{"msg":', '42'])
    expect(letters[0]?.headers).toMatchObject({
      [DEAD_LETTER_HEADERS.source]: 'http',
      [DEAD_LETTER_HEADERS.code]: 'WEIR_RECORD_INVALID',
      [DEAD_LETTER_HEADERS.reason]: expect.stringContaining('Malformed JSON'),
      [DEAD_LETTER_HEADERS.service]: 'web',
      [DEAD_LETTER_HEADERS.timeMs]: expect.stringMatching(/^\d+$/),
    })
    expect([ingest.counter('records_in'), ingest.counter('records_stored'), ingest.counter('dead_lettered')]).toEqual([
      4, 2, 2,
    ])
  })

  it('answers malformed JSON with 400, the line and the reason', async () => {
    const ingest = await start()
    const answer = await post(ingest, '/ingest/web', JSON_TYPE, '{\n  "msg": "one",\n  oops\n}')
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'WEIR_RECORD_INVALID', accepted: 0, rejected: 1, errors: [{ line: 3 }] })
    expect(answer.body.message).toMatch(/Line 3: Malformed JSON/)
    expect(await ingest.deadLetters()).toHaveLength(1)
  })

  it('lists the first 100 errors only', async () => {
    const ingest = await start()
    const answer = await post(ingest, '/ingest/web', NDJSON, `{"msg":1}\n${'{\n'.repeat(250)}`)
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 250 })
    expect(answer.body.errors).toHaveLength(100)
  })

  it('rejects a line of 10 MB, keeps its first 64 KiB, and takes the others', async () => {
    const ingest = await start()
    const answer = await post(ingest, '/ingest/web', 'text/plain', `before\n${'x'.repeat(10_000_000)}\nafter`)
    expect(answer).toMatchObject({ status: 200, body: { accepted: 2, rejected: 1, errors: [{ line: 2 }] } })
    expect(answer.body.errors?.[0]?.reason).toContain('10000000 bytes; at most 1048576')
    const [letter] = await ingest.deadLetters()
    expect(letter?.value).toHaveLength(64 * 1024)
    expect(letter?.headers[DEAD_LETTER_HEADERS.code]).toBe('WEIR_RECORD_TOO_LARGE')
  })

  it('rejects what is nested 100,000 deep, takes its neighbours, and holds nothing of the bound after', async () => {
    const ingest = await start({ limits: { maxInFlightBytes: 2 * 1024 * 1024 } })
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    for (let i = 0; i < 20; i++) {
      const lines = await post(
        ingest,
        '/ingest/a',
        NDJSON,
        `{"msg":"before"}\n{"msg":"x","a":${deep}}\n{"msg":"after"}`,
      )
      expect(lines).toMatchObject({ status: 200, body: { accepted: 2, rejected: 1 } })
      expect(lines.body.errors).toEqual([{ line: 2, reason: 'It is nested too deeply.' }])
    }
    expect((await post(ingest, '/ingest/a', JSON_TYPE, `[${deep}]`)).status).toBe(400)
    expect((await ingest.logs()).length).toBe(40)
    expect((await ingest.deadLetters()).length).toBe(21)
  })

  it('rejects a JSON record over 1 MiB', async () => {
    const ingest = await start()
    const big = JSON.stringify([{ msg: 'small' }, { msg: 'x'.repeat(1_100_000) }])
    const answer = await post(ingest, '/ingest/web', JSON_TYPE, big)
    expect(answer.body).toMatchObject({ accepted: 1, rejected: 1, errors: [{ line: 2 }] })
  })

  it('answers a body over 16 MiB with 413 and the bound', async () => {
    const ingest = await start()
    const answer = await post(ingest, '/ingest/web', 'text/plain', 'x'.repeat(16 * 1024 * 1024 + 1))
    expect(answer.status).toBe(413)
    expect(answer.body.message).toContain('16777216 bytes')
    expect(ingest.counter('requests_rejected')).toBe(1)
  })

  it.each([
    ['over the bound', 17 * 1024 * 1024, 16],
    ['over the ratio', 10 * 1024 * 1024, 1],
  ])('answers a small body that unpacks %s with 413', async (_sentence, size, minMib) => {
    const ingest = await start({ limits: { maxInflateRatio: minMib === 1 ? 20 : 2000 } })
    const body = new Uint8Array(gzipSync(Buffer.alloc(size, 'x\n')))
    const answer = await post(ingest, '/ingest/web', 'text/plain', body, { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(413)
    expect(answer.body.message).toContain('unpacks to more than')
    expect(await ingest.logs()).toEqual([])
  })

  it.each<[string, string, string, Record<string, string>, number, string]>([
    ['no gzip', '/ingest/web', 'text/plain', { 'content-encoding': 'gzip' }, 400, 'not gzip'],
    ['an unknown encoding', '/ingest/web', 'text/plain', { 'content-encoding': 'lzw' }, 415, 'gzip, deflate, br, zstd'],
    ['an unknown content type', '/ingest/web', 'text/html', {}, 415, 'application/x-ndjson'],
    ['an unknown format', '/ingest/web?format=xml', 'text/plain', {}, 400, 'auto, json, combined, text'],
    ['a service with a line break', '/ingest/a%0Ab', 'text/plain', {}, 400, '1 to 200 printable'],
    ['a blank service', '/ingest/%20', 'text/plain', {}, 400, '1 to 200 printable'],
    ['a service of 201 characters', `/ingest/${'s'.repeat(201)}`, 'text/plain', {}, 400, '1 to 200 printable'],
  ])('answers %s', async (_sentence, path, contentType, headers, status, message) => {
    const ingest = await start()
    const answer = await post(ingest, path, contentType, 'a line', headers)
    expect(answer.status).toBe(status)
    expect(answer.body.message).toContain(message)
    expect(ingest.logged.some((line) => line.includes('request rejected'))).toBe(true)
    expect(await ingest.logs()).toEqual([])
  })

  it('replaces bytes that are not UTF-8, in the lines that have them', async () => {
    const ingest = await start()
    const body = new Uint8Array(Buffer.concat([Buffer.from('fine\nbro'), Buffer.from([0xff]), Buffer.from('ken\n')]))
    expect((await post(ingest, '/ingest/web', 'text/plain', body)).body).toMatchObject({ accepted: 2 })
    expect((await ingest.logs()).map((record) => record.body).sort()).toEqual(['bro\uFFFDken', 'fine'])
    expect(ingest.counter('invalid_text')).toBe(1)
  })

  it('counts what it clamps and drops: a date of 2090, one of 1970, a number for text, 10,000 fields', async () => {
    const ingest = await start()
    const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`f${i}`, i]))
    const records = [{ msg: 'late', time: '2090-01-01' }, { msg: 'old', time: 0 }, { msg: 7 }, { msg: 'many', ...many }]
    expect((await post(ingest, '/ingest/web', JSON_TYPE, JSON.stringify(records))).body).toMatchObject({ accepted: 4 })
    const byBody = new Map((await ingest.logs()).map((record) => [record.body, record]))
    expect(byBody.get('late')?.attributes['weir.original_time']).toBe('2090-01-01')
    expect(Math.abs(byBody.get('late')!.timeMs - Date.now())).toBeLessThan(60_000)
    expect(byBody.get('old')?.timeMs).toBe(0)
    expect(byBody.has('7')).toBe(true)
    expect(byBody.get('many')?.attributes['weir.attributes_dropped']).toBe(10_000 - 256)
    expect([ingest.counter('time_clamped'), ingest.counter('attributes_dropped')]).toEqual([1, 1])
    expect(await ingest.registry.metrics()).toContain('weir_ingest_time_clamped_total{protocol="http"} 1')
  })
})

describe('a broker that is slow or fails', () => {
  it('answers 503 while it fails, is degraded meanwhile, and goes on after', async () => {
    let failing = true
    const broken = new WeirError('WEIR_STORE_FAILED', 'The disk is full.')
    const ingest = await start({
      wrap: (broker) => withSend(broker, (go) => (failing ? Promise.reject(broken) : go())),
    })
    const answer = await post(ingest, '/ingest/web', 'text/plain', 'a\nb')
    expect(answer).toMatchObject({ status: 503, body: { code: 'WEIR_STORE_FAILED' } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(ingest.role.status()).toMatchObject({ state: 'degraded', detail: expect.stringContaining('disk is full') })
    expect([ingest.counter('refused'), ingest.counter('records_in')]).toEqual([2, 0])
    failing = false
    expect((await post(ingest, '/ingest/web', 'text/plain', 'a\nb')).status).toBe(200)
    expect(ingest.role.status().state).toBe('running')
  })

  it('answers 429 with Retry-After past the bound on bytes in flight, and only after the broker has it 200', async () => {
    const gate = Promise.withResolvers<void>()
    const ingest = await start({
      limits: { maxInFlightBytes: 4096 },
      wrap: (broker) => withSend(broker, (go) => gate.promise.then(go)),
    })
    let firstAnswered = false
    const first = post(ingest, '/ingest/web', 'text/plain', 'x'.repeat(3000)).then((answer) => {
      firstAnswered = true
      return answer
    })
    await expect.poll(() => ingest.counter('bytes_in')).toBe(3000)
    await expect.poll(async () => (await post(ingest, '/ingest/web', 'text/plain', 'late')).status).toBe(429)
    const refused = await post(ingest, '/ingest/web', 'text/plain', 'late')
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.body.code).toBe('WEIR_OVERLOADED')
    expect(firstAnswered).toBe(false)
    gate.resolve()
    expect((await first).status).toBe(200)
    expect((await post(ingest, '/ingest/web', 'text/plain', 'late')).status).toBe(200)
  })
})
