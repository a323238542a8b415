/** Why there is no answer, in words for people: the API's own sentence where it gave one. */
export interface Failure {
  readonly code: string
  readonly message: string
}

/** The body of an error answer, or what can be said without one. */
export function failureOf(status: number, body: unknown): Failure {
  if (typeof body === 'object' && body !== null && 'code' in body && 'message' in body) {
    return { code: String(body.code), message: String(body.message) }
  }
  return { code: `HTTP ${status}`, message: `The server answered with status ${status} and no reason.` }
}

/** A request that got no answer at all. */
export function unreachable(cause: unknown): Failure {
  const detail = cause instanceof Error ? ` (${cause.message})` : ''
  return { code: 'UNREACHABLE', message: `Weir's server did not answer${detail}. Check that it is running.` }
}

/** Thrown by requests, so that TanStack Query carries the reason. */
export class RequestFailed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message)
    this.failure = failure
  }
}

export function failureFrom(error: unknown): Failure {
  return error instanceof RequestFailed ? error.failure : unreachable(error)
}
