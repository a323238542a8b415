import { type ListenAddress, listenError } from '../listen.ts'
import { buildHttpApp, type HttpContext } from './app.ts'

export interface HttpServer {
  /** `http://host:port` */
  readonly url: string
  /** Accepts nobody new, lets requests under way finish for at most `graceMs`, closes. */
  stop(graceMs: number): Promise<void>
}

/**
 * Listens for logs by HTTP.
 *
 * @throws WEIR_PORT_IN_USE
 */
export async function startHttpServer(address: ListenAddress, context: HttpContext): Promise<HttpServer> {
  const app = buildHttpApp(context)
  try {
    await app.listen({ host: address.host, port: address.port })
  } catch (error) {
    await app.close()
    throw listenError(error as NodeJS.ErrnoException, address)
  }
  const bound = app.server.address()
  const host = address.host.includes(':') ? `[${address.host}]` : address.host
  return {
    url: `http://${host}:${typeof bound === 'object' && bound !== null ? bound.port : address.port}`,
    stop: async (graceMs) => {
      const deadline = setTimeout(() => app.server.closeAllConnections(), graceMs)
      await app.close()
      clearTimeout(deadline)
    },
  }
}
