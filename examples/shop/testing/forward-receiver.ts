import { type EventTime, FluentServer } from '@fluent-org/logger'

export interface ReceivedLine {
  readonly tag: string
  readonly time: EventTime
  readonly record: Record<string, unknown>
}

/** A Forward server of the test's own, on a real socket: it acknowledges each chunk and keeps each line. */
export class ForwardReceiver {
  readonly lines: ReceivedLine[] = []
  readonly port: number
  readonly #server: FluentServer

  private constructor(server: FluentServer, port: number) {
    this.#server = server
    this.port = port
  }

  /** @param port 0: any free one */
  static async listen(port = 0): Promise<ForwardReceiver> {
    const server = new FluentServer({ listenOptions: { host: '127.0.0.1', port } })
    await server.listen()
    const receiver = new ForwardReceiver(server, server.port!)
    server.on('entry', (tag: string, time: EventTime, record: Record<string, unknown>) => {
      receiver.lines.push({ tag, time, record })
    })
    return receiver
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const receiver = await ForwardReceiver.listen()
  await receiver.close()
  return receiver.port
}
