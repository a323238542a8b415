import { createServer, type Socket } from 'node:net'
import { ByteBudget } from '../byte-budget.ts'
import { type ListenAddress, listen } from '../listen.ts'
import { ForwardConnection, type ForwardContext } from './connection.ts'

export interface ForwardServer {
  readonly port: number
  /** Accepts nobody new, lets what is under way finish for at most `graceMs`, closes. */
  stop(graceMs: number): Promise<void>
}

/**
 * Listens for the Fluent Forward protocol v1.
 *
 * @throws WEIR_PORT_IN_USE
 */
export async function startForwardServer(
  address: ListenAddress,
  shared: Omit<ForwardContext, 'partials' | 'inflating'>,
): Promise<ForwardServer> {
  const { limits, events } = shared
  const context: ForwardContext = {
    ...shared,
    partials: new ByteBudget(limits.maxPartialBytes),
    inflating: new ByteBudget(limits.maxPartialBytes),
  }
  const connections = new Map<ForwardConnection, { socket: Socket; served: Promise<void> }>()
  const server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
    const connection = new ForwardConnection(socket, context)
    // `serve` learns of errors where it reads; one that comes when it no longer does is nobody's.
    socket.on('error', () => undefined)
    const served = connection.serve().finally(() => connections.delete(connection))
    connections.set(connection, { socket, served })
  })
  server.maxConnections = limits.maxForwardConnections
  server.on('drop', (peer) => {
    const reason = `More than ${limits.maxForwardConnections} connections.`
    events.connectionRejected(`${peer?.remoteAddress}:${peer?.remotePort}`, 'WEIR_OVERLOADED', reason)
  })
  const port = await listen(server, address)
  return {
    port,
    stop: async (graceMs) => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const deadline = setTimeout(() => {
        for (const { socket } of connections.values()) socket.destroy()
      }, graceMs)
      await Promise.all([...connections.keys()].map((connection) => connection.stop()))
      await closed
      await Promise.all([...connections.values()].map(({ served }) => served))
      clearTimeout(deadline)
    },
  }
}
