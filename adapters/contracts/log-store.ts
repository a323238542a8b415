import { randomUUID } from 'node:crypto'
import {
  type LogRecord,
  type LogSearch,
  type LogStore,
  matchesTextTerms,
  parseTextTerms,
  type StoredLog,
  searchableText,
} from '@weir/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logEntries, logRecord } from './log-records.ts'
import { TEXT_TERM_CASES } from './text-term-cases.ts'

/** A log store adapter as the contract suite meets it: empty. */
export interface LogStoreUnderTest {
  readonly store: LogStore
  /** An instance of its own on the same data, as another thread has it. */
  readonly reader: LogStore
  /** Resolves once what was appended can be found; at once where the store promises that. */
  settle(): Promise<void>
  /** Age, in ms, at which the store drops a whole period of at most a day. */
  readonly retentionMs: number
  stop(): Promise<void>
}

export interface LogStoreHarness {
  start(): Promise<LogStoreUnderTest>
}

const T0 = Date.UTC(2026, 4, 20, 12)
const DAY_MS = 86_400_000
const EVERYTHING: LogSearch = { fromMs: 0, toMs: 2 ** 42, terms: [], services: [], minSeverityNumber: 0, limit: 100 }

export function describeLogStoreContract(name: string, harness: LogStoreHarness): void {
  describe(`log store contract: ${name}`, () => {
    let under: LogStoreUnderTest
    const source = { topicId: 'logs-1', partition: 0 }

    beforeEach(async () => {
      under = await harness.start()
    })
    afterEach(() => under.stop())

    const append = async (records: readonly LogRecord[], firstOffset = 0, from = source) => {
      await under.store.append(from, logEntries(records, firstOffset))
      await under.settle()
    }
    const find = async (search: Partial<LogSearch> = {}) =>
      (await under.reader.search({ ...EVERYTHING, ...search })).logs.map((log) => log.record.body)

    it('gives a record back as it was, newest first, to another instance too', async () => {
      const record = logRecord(T0, 'paid', {
        timeNanos: 17,
        traceId: 'a'.repeat(32),
        attributes: { n: 1, text: 'x', flag: true, nothing: null, list: [1, 'a'] },
      })
      await append([record, logRecord(T0 - 1000, 'older'), logRecord(T0 + 1000, 'newer')])
      const { logs } = await under.reader.search(EVERYTHING)
      expect(logs.map((log) => log.record.body)).toEqual(['newer', 'paid', 'older'])
      expect(logs[1]!.record).toEqual(record)
      expect(await under.reader.get(logs[1]!.id)).toEqual(logs[1])
      expect(await under.reader.get('no-such-id')).toBeUndefined()
    })

    it('keeps the bytes of the topic where it is given them', async () => {
      const record = logRecord(T0, 'paid')
      const json = new TextEncoder().encode(JSON.stringify(record))
      await under.store.append(source, [{ offset: 0, brokerTimeMs: T0, record, json }])
      await under.settle()
      expect((await under.reader.search(EVERYTHING)).logs[0]!.record).toEqual(record)
    })

    it('skips what it has when offsets are appended again, also in part', async () => {
      const records = ['a', 'b', 'c', 'd'].map((body, i) => logRecord(T0 + i, body))
      await append(records.slice(0, 3))
      await append(records.slice(0, 3))
      await append(records.slice(1), 1)
      expect(await find()).toEqual(['d', 'c', 'b', 'a'])
      expect(await under.reader.count()).toBe(4)
    })

    it('takes the same offsets of another partition, and of a recreated topic, as other records', async () => {
      await append([logRecord(T0, 'a')])
      await append([logRecord(T0, 'b')], 0, { ...source, partition: 1 })
      await append([logRecord(T0, 'c')], 0, { ...source, topicId: 'logs-2' })
      expect((await find()).sort()).toEqual(['a', 'b', 'c'])
    })

    it('replays a batch that lies in two periods', async () => {
      const entries = [0, 1, 2, 3].map((offset) => ({
        offset,
        brokerTimeMs: T0 + (offset % 2) * DAY_MS,
        record: logRecord(T0 + offset, `line ${offset}`),
      }))
      await under.store.append(source, entries.slice(0, 2))
      await under.store.append(source, entries)
      await under.settle()
      expect(await find()).toEqual(['line 3', 'line 2', 'line 1', 'line 0'])
    })

    it('keeps all of many records with one time', async () => {
      await append(Array.from({ length: 300 }, (_, i) => logRecord(T0, `line ${i}`)))
      await append(
        Array.from({ length: 300 }, (_, i) => logRecord(T0, `line ${300 + i}`)),
        300,
      )
      expect(new Set(await find({ limit: 1_000 })).size).toBe(600)
    })

    it('takes a range as half open: its start is in, its end is not', async () => {
      await append([T0 - 1, T0, T0 + 9, T0 + 10].map((timeMs) => logRecord(timeMs, String(timeMs - T0))))
      expect(await find({ fromMs: T0, toMs: T0 + 10 })).toEqual(['9', '0'])
    })

    it('merges event times that cross the periods of the broker', async () => {
      const entries = Array.from({ length: 30 }, (_, i) => ({
        offset: i,
        brokerTimeMs: T0 + (i % 3) * DAY_MS,
        record: logRecord(T0 + i * 1000, String(i)),
      }))
      await under.store.append(source, entries)
      await under.settle()
      expect(await find()).toEqual(Array.from({ length: 30 }, (_, i) => String(29 - i)))
    })

    it.each(TEXT_TERM_CASES)('$title: $search', async ({ search, body, matches }) => {
      const record = logRecord(T0, body)
      const terms = parseTextTerms(search)
      await append([record, logRecord(T0 - 1, 'xyzzy')])
      expect((await find({ terms })).includes(body)).toBe(matches)
      expect(matchesTextTerms(terms, searchableText(record))).toBe(matches)
    })

    it('finds trace ids, ids and paths outside of the body, and no phrase across them', async () => {
      const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
      await append([
        logRecord(T0, 'paid', { traceId, attributes: { 'order.id': 'A-17', 'url.path': '/pay', note: 'x9' } }),
      ])
      for (const text of [traceId, 'A-17', '/pay'])
        expect(await find({ terms: parseTextTerms(text) })).toEqual(['paid'])
      expect(await find({ terms: parseTextTerms('x9') })).toEqual([])
      expect(await find({ terms: parseTextTerms(`"paid ${traceId}"`) })).toEqual([])
    })

    it('refuses a term without a letter or digit, and a cursor that it never gave', async () => {
      const terms = [{ kind: 'word', text: '🎉', negated: false }] as const
      await expect(find({ terms })).rejects.toMatchObject({ code: 'WEIR_QUERY_INVALID' })
      await expect(find({ cursor: "' OR 1=1" })).rejects.toMatchObject({ code: 'WEIR_QUERY_INVALID' })
      await expect(find({ limit: 0 })).rejects.toMatchObject({ code: 'WEIR_QUERY_INVALID' })
    })

    it('filters by services and by least severity, together with words', async () => {
      await append([
        logRecord(T0, 'order debug', { severityNumber: 5 }),
        logRecord(T0 + 1, 'order info', { severityNumber: 9 }),
        logRecord(T0 + 2, 'order warn', { severityNumber: 13, service: 'pay "ment"' }),
        logRecord(T0 + 3, 'order error', { severityNumber: 18, service: 'pay "ment"' }),
        logRecord(T0 + 4, 'other fatal', { severityNumber: 21, service: 'größe' }),
      ])
      expect(await find({ services: ['pay "ment"'] })).toEqual(['order error', 'order warn'])
      expect(await find({ services: ['shop', 'größe'] })).toEqual(['other fatal', 'order info', 'order debug'])
      expect(await find({ services: ['nobody'] })).toEqual([])
      for (const [minSeverityNumber, found] of [
        [0, 5],
        [5, 5],
        [6, 4],
        [13, 3],
        [14, 2],
        [17, 2],
        [18, 2],
        [19, 1],
        [21, 1],
        [24, 0],
      ] as const) {
        expect((await find({ minSeverityNumber })).length, `severity ${minSeverityNumber}`).toBe(found)
      }
      expect(await find({ terms: parseTextTerms('order'), services: ['pay "ment"'], minSeverityNumber: 17 })).toEqual([
        'order error',
      ])
      // Letters of the private use area are no way to the words that an index keeps for its filters.
      for (const text of ['\ue00117', '\ue0001', '17']) expect(await find({ terms: parseTextTerms(text) })).toEqual([])
      expect(await under.reader.services()).toEqual(['größe', 'pay "ment"', 'shop'].sort())
    })

    it('pages through everything once while newer and older records come in', async () => {
      const marked = (i: number) => logRecord(T0 + Math.floor(i / 7), `old ${i}`)
      await append(Array.from({ length: 50 }, (_, i) => marked(i)))
      const seen: StoredLog[] = []
      let cursor: string | undefined
      let offset = 50
      do {
        const page = await under.reader.search({
          ...EVERYTHING,
          limit: 8,
          ...(cursor === undefined ? {} : { cursor }),
        })
        seen.push(...page.logs)
        cursor = page.nextCursor
        await append([logRecord(T0 + DAY_MS, `new ${offset}`), logRecord(T0 - DAY_MS, `late ${offset}`)], offset)
        offset += 2
      } while (cursor !== undefined && seen.length < 500)
      expect(new Set(seen.map((log) => log.id)).size).toBe(seen.length)
      const old = seen.map((log) => log.record.body).filter((body) => body.startsWith('old'))
      expect(new Set(old).size).toBe(50)
      expect(seen.some((log) => log.record.body.startsWith('new'))).toBe(false)
    })

    it('gives no cursor after the last record', async () => {
      await append([logRecord(T0, 'a'), logRecord(T0, 'b')])
      expect((await under.reader.search({ ...EVERYTHING, limit: 2 })).nextCursor).toBeUndefined()
      const first = await under.reader.search({ ...EVERYTHING, limit: 1 })
      expect(first.nextCursor).toBeDefined()
    })

    it('drops whole periods once all of them is older than the retention', async () => {
      await append([logRecord(T0, 'old'), logRecord(T0 + 3 * DAY_MS, 'young')])
      expect(await find()).toEqual(['young', 'old'])
      await under.store.applyRetention(T0 + under.retentionMs)
      expect(await find()).toEqual(['young', 'old'])
      await under.store.applyRetention(T0 + under.retentionMs + DAY_MS)
      await under.settle()
      expect(await find()).toEqual(['young'])
      expect(await under.reader.count()).toBe(1)
    })

    it('takes hostile fields as text', async () => {
      const service = `${randomUUID()}'); DROP TABLE logs; --`
      await append([
        logRecord(T0, '"; DELETE FROM words; --\u0000\ud800', { service, attributes: { __proto__x: '\u0000' } }),
      ])
      expect((await find({ services: [service] })).length).toBe(1)
    })

    it('refuses calls after close', async () => {
      await under.reader.close()
      await expect(under.reader.count()).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    })
  })
}
