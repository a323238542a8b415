/** A refusal that a customer sees: the HTTP status, a code for programs and a sentence for people. */
export class ShopError extends Error {
  readonly statusCode: number
  readonly code: string

  constructor(statusCode: number, code: string, message: string) {
    super(message)
    this.name = 'ShopError'
    this.statusCode = statusCode
    this.code = code
  }
}
