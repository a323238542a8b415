/**
 * Every error that Weir raises on purpose. The table is the source of docs/reference/errors.md; a test holds the two
 * together. `retriable` says whether the same call may succeed later without a change by the caller.
 */
export const ERROR_CODES = {
  WEIR_CONFIG_INVALID: { retriable: false, meaning: 'A configuration file, variable or flag can not be used.' },
  WEIR_PORT_IN_USE: { retriable: false, meaning: 'Another program listens on the address.' },
  WEIR_DATA_DIR_UNUSABLE: {
    retriable: false,
    meaning: 'The data directory can not be written, or another process holds it.',
  },
  WEIR_RECORD_INVALID: { retriable: false, meaning: 'A log record can not be parsed or normalised.' },
  WEIR_RECORD_TOO_LARGE: { retriable: false, meaning: 'A record, frame or body is over its bound.' },
  WEIR_FRAME_INVALID: { retriable: false, meaning: 'Bytes on a connection are not of its protocol.' },
  WEIR_OVERLOADED: {
    retriable: true,
    meaning: 'A bound on work in flight is reached; try again after the given time.',
  },
  WEIR_TOPIC_UNKNOWN: { retriable: false, meaning: 'No such topic or partition.' },
  WEIR_TOPIC_MISMATCH: { retriable: false, meaning: 'The topic exists with another number of partitions.' },
  WEIR_OFFSET_OUT_OF_RANGE: {
    retriable: false,
    meaning: 'The offset lies before the first or after the last one kept.',
  },
  WEIR_GROUP_FENCED: { retriable: false, meaning: 'The member was removed from its group, or its generation is over.' },
  WEIR_PRODUCER_FENCED: { retriable: false, meaning: 'A newer producer took over the transactional id.' },
  WEIR_TRANSACTION_STATE: { retriable: false, meaning: 'The transaction is not in a state that allows the call.' },
  WEIR_CLOSED: { retriable: false, meaning: 'The client or store was closed.' },
  WEIR_BROKER_UNAVAILABLE: { retriable: true, meaning: 'The broker can not be reached, or does not answer in time.' },
  WEIR_STORE_FAILED: { retriable: true, meaning: 'A store could not read or write.' },
  WEIR_STORE_CORRUPT: {
    retriable: false,
    meaning: 'A file of a store, or a batch of the broker, is damaged or of another program.',
  },
  WEIR_VERSION_CONFLICT: { retriable: false, meaning: 'The document was changed by someone else meanwhile.' },
  WEIR_QUERY_INVALID: { retriable: false, meaning: 'The query can not be understood; the message says where.' },
  WEIR_QUERY_TOO_COSTLY: { retriable: false, meaning: 'The query would read more than its bound.' },
  WEIR_NOT_FOUND: { retriable: false, meaning: 'Nothing lies under the path or id.' },
  WEIR_HOST_REFUSED: {
    retriable: false,
    meaning: 'The request names a host, or comes from a page of one, that Weir does not serve.',
  },
  WEIR_INTERNAL: { retriable: false, meaning: "A fault in Weir; the log has it under the message's errorId." },
} as const

export type ErrorCode = keyof typeof ERROR_CODES

export class WeirError extends Error {
  readonly code: ErrorCode
  readonly retriable: boolean

  /**
   * @param message what is wrong, where, and how to mend it, in one sentence or two
   */
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'WeirError'
    this.code = code
    this.retriable = ERROR_CODES[code].retriable
  }
}
