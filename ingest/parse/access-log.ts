import { parseMethod } from '@weir/core'

type Fields = Record<string, unknown>

/**
 * Fields of a line in Apache's and nginx's common or combined log format, named so that the normaliser knows them; the
 * body is the line itself. `-` means that a field is absent. A request that is not `METHOD target HTTP/x` (scanners send
 * all sorts of bytes) leaves method and path out; a missing quote at the end of the line is forgiven.
 *
 *     host ident user [day/month/year:hour:minute:second zone] "request" status bytes ["referer" "user agent"]
 *
 * @returns the fields, or a sentence that says what the line lacks
 */
export function parseAccessLine(line: string): Fields | string {
  const open = line.indexOf('[')
  const hostEnd = line.indexOf(' ')
  if (open < 0 || hostEnd <= 0 || hostEnd > open)
    return "The line is not in the combined format: no '[' before its time."
  const close = line.indexOf(']', open)
  if (close < 0) return "The line is not in the combined format: no ']' after its time."
  if (line.charCodeAt(close + 1) !== 32 || line.charCodeAt(close + 2) !== 34) {
    return `The line is not in the combined format: no quoted request at column ${close + 3}.`
  }
  const requestEnd = quoteEnd(line, close + 3)
  const rest = line.slice(requestEnd + 2, tailStart(line, requestEnd + 2)).split(' ')
  const status = rest[0] ?? ''
  if (!isStatus(status)) {
    return `The line is not in the combined format: no status code at column ${requestEnd + 3}.`
  }
  const fields: Fields = { message: line, time_local: line.slice(open + 1, close), 'http.response.status_code': status }
  setUnlessAbsent(fields, 'client.address', line.slice(0, hostEnd))
  setUser(fields, line.slice(hostEnd + 1, open).trimEnd())
  setRequest(fields, line.slice(close + 3, requestEnd))
  if (rest[1] !== undefined && rest[1] !== '') fields['http.response.body.size'] = rest[1]
  setTail(fields, line, tailStart(line, requestEnd + 2))
  return fields
}

/** Index of the quote that ends the text begun at `start`, or of the line's end; `\"` does not end it. */
function quoteEnd(line: string, start: number): number {
  for (let i = start; i < line.length; i++) {
    const code = line.charCodeAt(i)
    if (code === 92) i++
    else if (code === 34) return i
  }
  return line.length
}

/** Index of the quote that begins the referer, or of the line's end. */
function tailStart(line: string, start: number): number {
  const quote = line.indexOf('"', start)
  return quote < 0 ? line.length : quote
}

function isStatus(text: string): boolean {
  return text.length === 3 && text >= '100' && text <= '599'
}

function setUnlessAbsent(fields: Fields, name: string, value: string): void {
  if (value !== '-' && value !== '') fields[name] = value
}

/** `ident user`; a user name may hold blanks. */
function setUser(fields: Fields, identAndUser: string): void {
  const blank = identAndUser.indexOf(' ')
  if (blank >= 0) setUnlessAbsent(fields, 'user.name', identAndUser.slice(blank + 1))
}

function setRequest(fields: Fields, request: string): void {
  const methodEnd = request.indexOf(' ')
  const method = methodEnd < 0 ? undefined : parseMethod(request.slice(0, methodEnd))
  if (method === undefined) return
  const version = request.lastIndexOf(' HTTP/')
  const hasVersion = version > methodEnd
  fields['http.request.method'] = method
  setUnlessAbsent(fields, 'url.path', request.slice(methodEnd + 1, hasVersion ? version : undefined).trim())
  if (hasVersion) fields['network.protocol.version'] = request.slice(version + 6)
}

function setTail(fields: Fields, line: string, start: number): void {
  if (start >= line.length) return
  const refererEnd = quoteEnd(line, start + 1)
  setUnlessAbsent(fields, 'http.request.header.referer', unescapeQuotes(line.slice(start + 1, refererEnd)))
  const agent = tailStart(line, refererEnd + 1)
  if (agent < line.length) {
    setUnlessAbsent(fields, 'user_agent.original', unescapeQuotes(line.slice(agent + 1, quoteEnd(line, agent + 1))))
  }
}

function unescapeQuotes(text: string): string {
  return text.includes('\\"') ? text.replaceAll('\\"', '"') : text
}
