import { get, type IncomingMessage } from 'node:http'
import { onTestFinished } from 'vitest'
import type { Answer, Query } from '../schemas/query.ts'

export interface StreamEvent {
  readonly event: string
  readonly data: string
}

/** A client of /api/live on a real socket. */
export class EventStream {
  readonly events: StreamEvent[] = []
  readonly response: IncomingMessage
  lastId: string | undefined
  comments = 0
  ended = false
  #rest = ''

  constructor(response: IncomingMessage) {
    this.response = response
    response.setEncoding('utf8')
    response.on('data', (text: string) => this.#read(text))
    response.on('close', () => {
      this.ended = true
    })
    onTestFinished(() => this.close())
  }

  answers(): Answer[] {
    return this.events.filter(({ event }) => event === 'answer').map(({ data }) => JSON.parse(data))
  }

  close(): void {
    this.response.destroy()
  }

  #read(text: string): void {
    const blocks = (this.#rest + text).split('\n\n')
    this.#rest = blocks.pop()!
    for (const block of blocks) {
      if (block.startsWith(':')) this.comments++
      const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]))
      const event = fields.get('event')
      this.lastId = fields.get('id') ?? this.lastId
      if (event !== undefined) this.events.push({ event, data: fields.get('data') ?? '' })
    }
  }
}

export function liveUrl(base: string, queries: readonly Query[]): string {
  return `${base}/api/live?queries=${encodeURIComponent(JSON.stringify({ queries }))}`
}

/** Resolves with the answer's head, before its events. */
export function openLive(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => resolve(new EventStream(response))).on('error', reject)
  })
}
