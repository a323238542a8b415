import { type Clock, type ErrorCode, normalizeRecord } from '@weir/core'
import type { IngestEvents } from '../ingest-events.ts'
import type { LogSink, Submission } from '../sink.ts'
import type { BodyRecord } from './body-records.ts'

const MAX_ERRORS = 100
const SLICE_RECORDS = 2000
/** What a request costs besides its bytes. */
const REQUEST_OVERHEAD_BYTES = 1024

export interface TakenBody {
  readonly accepted: number
  readonly rejected: number
  /** The first 100. */
  readonly errors: readonly { readonly line: number; readonly reason: string }[]
}

export interface BodyContext {
  readonly sink: LogSink
  readonly clock: Clock
  readonly events: IngestEvents
  readonly service: string
  /** Where the body came from, for the log. */
  readonly peer: string
}

/**
 * Normalises and submits the records of a body, those that are none as dead letters, and waits until the broker has all.
 *
 * @param bodyBytes size of the body, held of the bound on bytes in flight meanwhile
 * @throws WEIR_OVERLOADED with nothing stored; what the broker threw, with perhaps some records stored
 */
export async function takeBody(
  records: Iterable<BodyRecord>,
  bodyBytes: number,
  context: BodyContext,
): Promise<TakenBody> {
  const { sink, clock, events, service, peer } = context
  const submission = sink.open(bodyBytes + REQUEST_OVERHEAD_BYTES)
  const errors: { line: number; reason: string }[] = []
  const reject = (record: BodyRecord, code: ErrorCode, reason: string) => {
    submission.addDeadLetter({ bytes: record.bytes(), source: 'http', code, reason, service })
    events.deadLetter('http', peer, code, reason)
    if (errors.length < MAX_ERRORS) errors.push({ line: record.line, reason })
  }
  let count = 0
  try {
    for (const record of records) {
      const normalized = record.ok ? normalize(record, service, clock) : record
      if (normalized.ok) {
        submission.add(normalized.record)
        if (normalized.adjusted !== 0) events.adjusted('http', normalized.record.service, normalized.adjusted)
      } else {
        reject(record, normalized.code, normalized.reason)
      }
      if (++count % SLICE_RECORDS === 0) await sink.pace()
    }
  } catch (error) {
    // What was added before is under way: it is stored, and lets go of its share of the bound.
    await storeAll(submission, events)
    throw error
  }
  await storeAll(submission, events)
  return { accepted: submission.recordCount, rejected: submission.deadLetterCount, errors }
}

type Normalized = ReturnType<typeof normalizeRecord>

function normalize(record: BodyRecord & { readonly ok: true }, service: string, clock: Clock): Normalized {
  const { value, invalidText } = record
  try {
    return normalizeRecord(value, { service, observedTimeMs: clock.now(), invalidText })
  } catch (error) {
    // JSON can be read at any depth, but not written again.
    if (!(error instanceof RangeError)) throw error
    return { ok: false, code: 'WEIR_RECORD_INVALID', reason: 'It is nested too deeply.' }
  }
}

async function storeAll(submission: Submission, events: IngestEvents): Promise<void> {
  try {
    await submission.stored()
  } catch (error) {
    events.refused('http', submission.recordCount + submission.deadLetterCount, error)
    throw error
  }
  events.stored('http', submission.recordCount, submission.deadLetterCount)
}
