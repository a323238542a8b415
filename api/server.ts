import type { Role } from '@weir/core'
import { WeirError } from '@weir/core'
import { type ApiDeps, buildApp } from './app.ts'

/** Answers under way get this long when the API stops; connections on which nothing was asked would wait a minute. */
const STOP_GRACE_MS = 1_000

export interface ApiServerOptions extends ApiDeps {
  readonly host: string
  /** 0: any free port. */
  readonly port: number
}

/**
 * Starts to listen.
 *
 * @throws WEIR_PORT_IN_USE, WEIR_CONFIG_INVALID (no such address, no right to the port, no dashboard in its directory)
 */
export async function startApi(options: ApiServerOptions): Promise<Role & { readonly url: string }> {
  const { host, port } = options
  const { app, counters, problems } = await buildApp({
    ...options,
    allowedHosts: [...(options.allowedHosts ?? []), host],
  })
  try {
    await app.listen({ host, port })
  } catch (error) {
    await app.close()
    throw listenError(error, host, port)
  }

  const { port: boundPort } = app.server.address() as { port: number }
  let stopping: Promise<void> | undefined
  const close = async () => {
    const deadline = setTimeout(() => app.server.closeAllConnections(), STOP_GRACE_MS)
    await app.close()
    clearTimeout(deadline)
  }
  return {
    name: 'api',
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    status() {
      const [problem] = problems()
      if (stopping) return { role: 'api', state: 'stopped', counters: counters() }
      if (problem === undefined) return { role: 'api', state: 'running', counters: counters() }
      return { role: 'api', state: 'degraded', detail: problem, counters: counters() }
    },
    stop: () => {
      stopping ??= close()
      return stopping
    },
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    const message = `Another program listens on ${host}:${port}; end it, or set WEIR_PORT to a free port.`
    return new WeirError('WEIR_PORT_IN_USE', message, { cause: error })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
    const message = `Weir can not listen on ${host}:${port} (${code}); check WEIR_HOST and WEIR_PORT.`
    return new WeirError('WEIR_CONFIG_INVALID', message, { cause: error })
  }
  return error
}
