import type { LogRecord } from '../records/log-record.ts'
import { AttributeSet, jsonText, MAX_BODY_BYTES, truncateText } from './attribute-set.ts'
import { FIELD_ALIASES, type FieldAlias, SLOT_COUNT, SLOTS } from './field-aliases.ts'
import { parseByteCount, parseMethod, parseStatusCode, setDuration, setRoute, setUrl } from './http-fields.ts'
import { ADJUSTED, MAX_AHEAD_MS, type NormalizeContext, type NormalizedRecord } from './normalized-record.ts'
import { parseSeverity, parseSeverityNumber, severityOfStatus } from './parse-severity.ts'
import { parseTime } from './parse-time.ts'

/** Objects nested deeper become JSON text. */
const MAX_DEPTH = 8
const MAX_SERVICE_CHARS = 200
const MAX_ID_CHARS = 64
const MAX_INNER_JSON_CHARS = 256 * 1024
const CONTAINER_TAG = /^(?:docker\.)?[0-9a-f]{12,64}$|^kube(?:rnetes)?\./
const decoder = new TextDecoder('utf-8')

type Fields = Readonly<Record<string, unknown>>

/** A record on its way: the fields that mean something are put into slots, all others into the attributes. */
export class RecordDraft {
  #attributes = new AttributeSet()
  #adjusted = 0
  #fields = 0
  readonly #values: unknown[] = new Array(SLOT_COUNT).fill(undefined)
  readonly #keys: string[] = new Array(SLOT_COUNT).fill('')
  readonly #aliases: (FieldAlias | undefined)[] = new Array(SLOT_COUNT).fill(undefined)

  get isEmpty(): boolean {
    return this.#fields === 0
  }

  reset(): void {
    this.#attributes = new AttributeSet()
    this.#adjusted = 0
    this.#fields = 0
    this.#values.fill(undefined)
    this.#aliases.fill(undefined)
  }

  /** Takes the fields of an object, and of those nested in it, by their dotted names. */
  visit(prefix: string, source: Fields, depth: number): void {
    for (const name in source) {
      const key = prefix === '' ? name : prefix + name
      const value = source[name]
      const alias = FIELD_ALIASES.get(key)
      this.#fields++
      if (typeof value === 'object' && value !== null && isFields(value) && !keepsObject(key, alias)) {
        if (depth < MAX_DEPTH) this.visit(`${key}.`, value, depth + 1)
        else this.#attributes.set(key, value)
      } else if (alias === undefined) {
        this.#attributes.set(key, value)
      } else if (alias.slot >= 0) {
        this.#offer(alias, key, value, depth)
      } else {
        this.#attributes.set(this.#attributes.has(alias.attribute) ? key : alias.attribute, value)
      }
    }
  }

  #offer(alias: FieldAlias, key: string, value: unknown, depth: number): void {
    const slot = alias.slot
    if (slot === SLOTS.body && key === 'log' && typeof value === 'string' && this.#takeInnerJson(value, depth)) return
    const holder = this.#aliases[slot]
    if (holder !== undefined && holder.rank <= alias.rank) {
      this.#attributes.set(key, value)
      return
    }
    if (holder !== undefined) this.#giveBack(slot)
    this.#aliases[slot] = alias
    this.#values[slot] = value
    this.#keys[slot] = key
  }

  /** Docker and Fluentd wrap an application's own JSON line as text into `log`: its fields are the record's. */
  #takeInnerJson(line: string, depth: number): boolean {
    if (line.charCodeAt(0) !== 123 || line.length > MAX_INNER_JSON_CHARS || depth >= MAX_DEPTH) return false
    let inner: unknown
    try {
      inner = JSON.parse(line)
    } catch {
      // Text that only looks like JSON is text: it becomes the body.
      return false
    }
    this.visit('', inner as Fields, depth + 1)
    return true
  }

  /** The slot's value is not what its name promised: it stays an attribute under its own name. */
  #giveBack(slot: number): void {
    this.#attributes.set(this.#keys[slot]!, this.#values[slot])
    this.#aliases[slot] = undefined
    this.#values[slot] = undefined
  }

  #has(slot: number): boolean {
    return this.#aliases[slot] !== undefined
  }

  finish(context: NormalizeContext): NormalizedRecord {
    const time = this.#time(context)
    const severityNumber = this.#severity()
    const statusCode = this.#http()
    const service = this.#service(context.service)
    const traceId = this.#identity(SLOTS.traceId)
    const spanId = this.#identity(SLOTS.spanId)
    if (this.#has(SLOTS.traceparent)) this.#giveBack(SLOTS.traceparent)
    const body = this.#body()
    const attributes = this.#attributes
    if (context.invalidText || attributes.invalidText) this.#adjusted |= ADJUSTED.invalidText
    if (attributes.truncated) this.#adjusted |= ADJUSTED.truncated
    if (attributes.dropped > 0) {
      this.#adjusted |= ADJUSTED.attributesDropped
      attributes.values['weir.attributes_dropped'] = attributes.dropped
    }
    const record = {
      timeMs: time.ms,
      ...(time.nanos > 0 && { timeNanos: time.nanos }),
      observedTimeMs: context.observedTimeMs,
      service,
      severityNumber: severityNumber > 0 || statusCode === undefined ? severityNumber : severityOfStatus(statusCode),
      body,
      ...(traceId !== undefined && { traceId }),
      ...(spanId !== undefined && { spanId }),
      attributes: attributes.values,
    } satisfies LogRecord
    return { ok: true, record, adjusted: this.#adjusted }
  }

  #time(context: NormalizeContext): { ms: number; nanos: number } {
    const observed = { ms: context.observedTimeMs, nanos: 0 }
    let slot: number = SLOTS.time
    if (!this.#has(slot) && context.timeMs === undefined && this.#has(SLOTS.weakTime)) slot = SLOTS.weakTime
    else if (this.#has(SLOTS.weakTime)) this.#giveBack(SLOTS.weakTime)
    let time = this.#has(slot) ? parseTime(this.#values[slot]) : undefined
    if (time === undefined) {
      this.#adjusted |= this.#has(slot) ? ADJUSTED.timeUnparsable : ADJUSTED.timeMissing
      if (this.#has(slot)) this.#giveBack(slot)
      if (context.timeMs === undefined) return observed
      time = { ms: context.timeMs, nanos: context.timeNanos ?? 0 }
    }
    if (time.ms <= context.observedTimeMs + MAX_AHEAD_MS) return time
    this.#adjusted |= ADJUSTED.timeClamped
    const original = this.#has(slot) ? this.#values[slot] : time.ms
    this.#attributes.values['weir.original_time'] = typeof original === 'number' ? original : String(original)
    return observed
  }

  #severity(): number {
    let severityNumber = this.#has(SLOTS.severityNumber) ? parseSeverityNumber(this.#values[SLOTS.severityNumber]) : 0
    if (!this.#has(SLOTS.severity)) return severityNumber
    if (severityNumber === 0) severityNumber = parseSeverity(this.#values[SLOTS.severity])
    if (severityNumber === 0) this.#giveBack(SLOTS.severity)
    return severityNumber
  }

  /** @returns the status code, if the record is of a request and names one */
  #http(): number | undefined {
    const attributes = this.#attributes
    const method = this.#has(SLOTS.method) ? parseMethod(this.#values[SLOTS.method]) : undefined
    const statusCode = this.#has(SLOTS.status) ? parseStatusCode(this.#values[SLOTS.status]) : undefined
    if (method !== undefined) attributes.set('http.request.method', method)
    else if (this.#has(SLOTS.method)) this.#giveBack(SLOTS.method)
    if (statusCode !== undefined) attributes.set('http.response.status_code', statusCode)
    else if (this.#has(SLOTS.status)) this.#giveBack(SLOTS.status)
    this.#path(method !== undefined || statusCode !== undefined)
    if (this.#has(SLOTS.duration)) {
      const msPerUnit = this.#aliases[SLOTS.duration]!.msPerUnit
      if (!setDuration(attributes, this.#values[SLOTS.duration], msPerUnit)) this.#giveBack(SLOTS.duration)
    }
    if (this.#has(SLOTS.responseBytes)) {
      const size = parseByteCount(this.#values[SLOTS.responseBytes])
      if (size !== undefined) attributes.set('http.response.body.size', size)
      else this.#giveBack(SLOTS.responseBytes)
    }
    return statusCode
  }

  /** `path` and `url` are a request's only beside a method or a status code: else they may be a file's. */
  #path(isRequest: boolean): void {
    const route = this.#values[SLOTS.route]
    const hasRoute = typeof route === 'string' && route.charCodeAt(0) === 47
    if (hasRoute) this.#attributes.set('http.route', route)
    else if (this.#has(SLOTS.route)) this.#giveBack(SLOTS.route)
    if (!this.#has(SLOTS.path)) return
    const target = this.#values[SLOTS.path]
    const isTarget = typeof target === 'string' && (isRequest || this.#keys[SLOTS.path] === 'url.path')
    if (!isTarget || target === '') {
      this.#giveBack(SLOTS.path)
      return
    }
    const path = setUrl(this.#attributes, target)
    if (!hasRoute && isRequest) setRoute(this.#attributes, path)
  }

  #service(fallback: string): string {
    const attributes = this.#attributes
    if (this.#has(SLOTS.name)) {
      const name = this.#values[SLOTS.name]
      const ofLogger = attributes.has('process.pid') && attributes.has('host.name')
      if (ofLogger && typeof name === 'string' && name !== '' && !this.#has(SLOTS.service)) return serviceName(name)
      this.#giveBack(SLOTS.name)
    }
    if (!this.#has(SLOTS.service)) return this.#serviceOfContainer(fallback)
    const value = this.#values[SLOTS.service]
    const name = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : ''
    if (name !== '') return serviceName(name)
    this.#giveBack(SLOTS.service)
    return this.#serviceOfContainer(fallback)
  }

  /** Docker and Kubernetes tag by container id or log path unless told otherwise: the container's name says more. */
  #serviceOfContainer(tag: string): string {
    const name = this.#attributes.values['container.name']
    return typeof name === 'string' && name !== '' && CONTAINER_TAG.test(tag) ? serviceName(name) : tag
  }

  #identity(slot: number): string | undefined {
    if (!this.#has(slot)) return this.#identityOfTraceparent(slot)
    const value = this.#values[slot]
    const id = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value
    if (typeof id === 'string' && id.length > 0 && id.length <= MAX_ID_CHARS) return id
    this.#giveBack(slot)
    return undefined
  }

  /** W3C trace context: `00-<32 hex>-<16 hex>-<flags>`. */
  #identityOfTraceparent(slot: number): string | undefined {
    const parent = this.#values[SLOTS.traceparent]
    if (typeof parent !== 'string' || parent.length !== 55 || parent[2] !== '-' || parent[35] !== '-') return undefined
    return slot === SLOTS.traceId ? parent.slice(3, 35) : parent.slice(36, 52)
  }

  #body(): string {
    if (!this.#has(SLOTS.body)) return this.#bodyOfAttributes()
    const value = this.#values[SLOTS.body]
    let text: string
    if (typeof value === 'string') {
      text = withoutLineEnd(value)
    } else if (value instanceof Uint8Array) {
      text = decoder.decode(value)
      if (text.includes('\uFFFD')) this.#adjusted |= ADJUSTED.invalidText
    } else {
      text = value === null || value === undefined ? '' : typeof value === 'object' ? jsonText(value) : String(value)
      if (text !== '') this.#adjusted |= ADJUSTED.bodyCoerced
    }
    const cut = truncateText(text, MAX_BODY_BYTES)
    if (cut !== text) this.#adjusted |= ADJUSTED.truncated
    return cut
  }

  /** A request's line without a message reads `GET /path 200`; an exception's is its message. */
  #bodyOfAttributes(): string {
    const values = this.#attributes.values
    const method = values['http.request.method']
    const path = values['url.path'] ?? values['http.route']
    if (method !== undefined && path !== undefined) {
      return `${method} ${path} ${values['http.response.status_code'] ?? ''}`.trimEnd()
    }
    const exception = values['exception.message']
    return typeof exception === 'string' ? exception : ''
  }
}

function isFields(value: object): value is Fields {
  return !Array.isArray(value) && !(value instanceof Uint8Array)
}

/** A message that is an object becomes text; `log` and `service` as objects hold fields (ECS). */
function keepsObject(key: string, alias: FieldAlias | undefined): boolean {
  return alias !== undefined && alias.slot === SLOTS.body && key !== 'log'
}

/** Docker writes `/name`. */
function serviceName(name: string): string {
  const bare = name.charCodeAt(0) === 47 ? name.slice(1) : name
  return bare.length > MAX_SERVICE_CHARS ? bare.slice(0, MAX_SERVICE_CHARS) : bare || 'unknown'
}

function withoutLineEnd(text: string): string {
  let end = text.length
  while (end > 0 && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--
  return end === text.length ? text : text.slice(0, end)
}
