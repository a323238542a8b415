import { existsSync } from 'node:fs'
import { join } from 'node:path'
import files from '@fastify/static'
import { WeirError } from '@weir/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'

const YEAR_S = 365 * 24 * 3_600

/**
 * Serves the built dashboard at `/`; paths that are no file are pages of it and get its index.html.
 *
 * @param dir absent: there is no dashboard, every unknown path is 404
 * @throws WEIR_CONFIG_INVALID if the directory has no index.html
 */
export async function serveDashboard(app: FastifyInstance, dir: string | undefined): Promise<void> {
  if (dir !== undefined) {
    if (!existsSync(join(dir, 'index.html'))) {
      throw new WeirError(
        'WEIR_CONFIG_INVALID',
        `There is no dashboard in ${dir}: build it by "npm run build" in dashboard/.`,
      )
    }
    await app.register(files, {
      root: dir,
      cacheControl: false,
      setHeaders: (reply, path) => {
        void reply.header('cache-control', cacheControl(path))
      },
      schemaHide: true,
    })
  }
  app.setNotFoundHandler((request, reply) => {
    if (dir !== undefined && isPage(request)) return reply.sendFile('index.html')
    const message = `There is nothing at ${request.method} ${request.url.split('?', 1)[0]}.`
    return reply.code(404).send({ code: 'WEIR_NOT_FOUND', message })
  })
}

/** Vite puts a hash of the content in the names of assets; every other name may get new content. */
function cacheControl(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache'
}

/** A page of the dashboard, not a file or a call that is missing. */
function isPage({ method, url }: FastifyRequest): boolean {
  const path = url.split('?', 1)[0]!
  if (method !== 'GET' && method !== 'HEAD') return false
  return !/^\/(api|docs|assets)(\/|$)/.test(path) && !/\.[a-z0-9]+$/i.test(path)
}
