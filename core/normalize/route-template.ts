const MAX_SEGMENTS = 16
const MAX_ROUTE_CHARS = 256
const MIN_HEX_CHARS = 8
const MIN_TOKEN_CHARS = 20
const MIN_MIXED_CHARS = 8

/**
 * The route behind a path, for lines that name only the path: identities become `:id`, so that `/api/products/42` and
 * `/api/products/43` are one series, `/api/products/:id`. An identity is a segment of digits, a UUID, 8 or more hex digits
 * with a decimal one among them, or a token of 20 or more characters that mixes letters and digits. Words, slugs
 * (`logstash-monitorama-2013`) and file names stay. Past 16 segments the rest is `*`.
 *
 * @param path without query string
 */
export function routeTemplate(path: string): string {
  let route = ''
  let copied = 0
  let start = path.charCodeAt(0) === 47 ? 1 : 0
  let segments = 0
  while (start <= path.length) {
    const slash = path.indexOf('/', start)
    const end = slash < 0 ? path.length : slash
    if (++segments > MAX_SEGMENTS) {
      return `${route}${path.slice(copied, start)}*`.slice(0, MAX_ROUTE_CHARS)
    }
    if (isIdentity(path, start, end)) {
      route += `${path.slice(copied, start)}:id`
      copied = end
    }
    start = end + 1
  }
  const whole = copied === 0 ? path : route + path.slice(copied)
  return whole.length > MAX_ROUTE_CHARS ? whole.slice(0, MAX_ROUTE_CHARS) : whole
}

function isIdentity(path: string, start: number, end: number): boolean {
  const length = end - start
  if (length === 0) return false
  let digits = 0
  let hexLetters = 0
  let letters = 0
  let dashes = 0
  let runDigits = 0
  let runLetters = 0
  let mixedRun = 0
  for (let i = start; i < end; i++) {
    const code = path.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      digits++
      runDigits++
    } else if ((code >= 97 && code <= 122) || (code >= 65 && code <= 90)) {
      const lower = code | 32
      if (lower <= 102) hexLetters++
      letters++
      runLetters++
    } else if (code === 45 || code === 95) {
      dashes++
      runDigits = 0
      runLetters = 0
    } else {
      // A dot (a file's name, a version) or anything unusual: no identity.
      return false
    }
    if (runDigits > 0 && runLetters > 0) mixedRun = Math.max(mixedRun, runDigits + runLetters)
  }
  if (digits === 0) return false
  if (digits === length) return true
  const hexOnly = letters === hexLetters
  if (hexOnly && dashes === 0) return length >= MIN_HEX_CHARS
  if (hexOnly && length === 36 && dashes === 4) return true
  return length >= MIN_TOKEN_CHARS && mixedRun >= MIN_MIXED_CHARS
}
