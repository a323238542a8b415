import { isIP } from 'node:net'
import { WeirError } from '@weir/core'
import type { FastifyInstance } from 'fastify'

/**
 * Weir asks nobody for a password on loopback, so a web page must not be able to speak to it through its visitor's
 * browser: neither under a name of its own that it points here (DNS rebinding: the Host header shows that name), nor from
 * its own origin (the Origin header does).
 *
 * Addresses are let through, since a name can be pointed at anything but an address can not.
 *
 * @param allowedHosts names besides localhost, without port
 */
export function guardHosts(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const names = new Set(['localhost', ...allowedHosts.map((host) => host.toLowerCase())])
  const isOurs = (host: string) => names.has(host) || host.endsWith('.localhost') || isIP(host) !== 0

  app.addHook('onRequest', async ({ headers }) => {
    const host = nameOf(`http://${headers.host ?? ''}`)
    if (host === undefined || !isOurs(host)) {
      throw new WeirError(
        'WEIR_HOST_REFUSED',
        `The host ${JSON.stringify(headers.host ?? '')} is not served here; name it in WEIR_ALLOWED_HOSTS to allow it.`,
      )
    }
    if (headers.origin === undefined) return
    const origin = nameOf(headers.origin)
    if (origin === undefined || !isOurs(origin)) {
      throw new WeirError('WEIR_HOST_REFUSED', `Pages of ${JSON.stringify(headers.origin)} may not use this API.`)
    }
  })
}

/** Lower-case host name or address of a URL, without port and brackets; undefined if it is no URL. */
function nameOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : undefined
}
