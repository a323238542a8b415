/** Bounds of everything that ingest holds or waits for. */
export interface IngestLimits {
  /** Bytes taken in and not yet stored by the broker; past it HTTP answers 429 and Forward sockets are paused. */
  readonly maxInFlightBytes: number
  /** Bytes of HTTP bodies being received or unpacked; past it HTTP answers 429. */
  readonly maxReceivingBytes: number
  /** Bytes of one HTTP body, as sent and as unpacked. */
  readonly maxBodyBytes: number
  /** Bytes of one line, or of one JSON record, in an HTTP body. */
  readonly maxLineBytes: number
  /** How many times its size a body or a Forward chunk may unpack to, once that is over 1 MiB. */
  readonly maxInflateRatio: number
  /** Bytes of one Forward message, as sent and as unpacked. */
  readonly maxFrameBytes: number
  /** Bytes of unfinished Forward messages over all connections. */
  readonly maxPartialBytes: number
  readonly maxForwardConnections: number
  /** A Forward connection that leaves a message unfinished for this long is closed. */
  readonly frameIdleMs: number
  /** A batch waits this long for more records. */
  readonly lingerMs: number
  /** What is under way when ingest stops may take this long to be stored. */
  readonly stopGraceMs: number
}

const MIB = 1024 * 1024

export const DEFAULT_LIMITS: IngestLimits = {
  maxInFlightBytes: 32 * MIB,
  maxReceivingBytes: 128 * MIB,
  maxBodyBytes: 16 * MIB,
  maxLineBytes: MIB,
  maxInflateRatio: 500,
  maxFrameBytes: 64 * MIB,
  maxPartialBytes: 256 * MIB,
  maxForwardConnections: 1000,
  frameIdleMs: 60_000,
  lingerMs: 5,
  stopGraceMs: 3000,
}
