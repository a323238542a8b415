import type { Server } from 'node:net'
import { WeirError } from '@weir/core'

export interface ListenAddress {
  readonly host: string
  /** 0: any free one */
  readonly port: number
  /** The variable that changes the port, for the message when it is taken. */
  readonly setting: string
}

/**
 * Starts listening and returns the port.
 *
 * @throws WEIR_PORT_IN_USE; WEIR_CONFIG_INVALID if the address is none of this machine or may not be used
 */
export async function listen(server: Server, address: ListenAddress): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, address)))
    server.listen(address.port, address.host, resolve)
  })
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? bound.port : address.port
}

export function listenError(error: NodeJS.ErrnoException, { host, port, setting }: ListenAddress): WeirError {
  if (error.code === 'EADDRINUSE') {
    const message = `Another program listens on ${host}:${port}: stop it, or set ${setting} to another port.`
    return new WeirError('WEIR_PORT_IN_USE', message, { cause: error })
  }
  const message = `Can not listen on ${host}:${port} (${error.message}): set ${setting} to another port or mend the host.`
  return new WeirError('WEIR_CONFIG_INVALID', message, { cause: error })
}
