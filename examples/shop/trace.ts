import { randomBytes } from 'node:crypto'

/** Where a log line belongs: W3C trace context's two identities, in hex. */
export interface TraceContext {
  /** 32 hex digits, one per request, the same in every module that works for it. */
  readonly traceId: string
  /** 16 hex digits, one per module and request. */
  readonly spanId: string
}

export function startTrace(): TraceContext {
  return { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') }
}

/** The same trace, in a span of its own. */
export function childSpan(parent: TraceContext): TraceContext {
  return { traceId: parent.traceId, spanId: randomBytes(8).toString('hex') }
}
