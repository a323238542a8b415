import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, zstdDecompress } from 'node:zlib'
import { WeirError } from '@weir/core'
import type { IngestLimits } from '../limits.ts'

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>

const INFLATERS: Readonly<Record<string, Inflate>> = {
  gzip: promisify(gunzip) as Inflate,
  'x-gzip': promisify(gunzip) as Inflate,
  deflate: promisify(inflate) as Inflate,
  br: promisify(brotliDecompress) as Inflate,
  zstd: promisify(zstdDecompress) as Inflate,
}
const FREE_BYTES = 1024 * 1024

export const CONTENT_ENCODINGS = ['gzip', 'deflate', 'br', 'zstd', 'identity'] as const

export function isKnownEncoding(encoding: string): boolean {
  return encoding === 'identity' || Object.hasOwn(INFLATERS, encoding)
}

/**
 * Unpacks a body by its Content-Encoding.
 *
 * @param encoding one that {@link isKnownEncoding}
 * @throws WEIR_RECORD_TOO_LARGE past the bound on a body, or on how much a body may grow; WEIR_RECORD_INVALID if it is
 *   not in that encoding
 */
export async function inflateBody(body: Buffer, encoding: string, limits: IngestLimits): Promise<Buffer> {
  const inflater = INFLATERS[encoding]
  if (inflater === undefined) return body
  const byRatio = Math.max(FREE_BYTES, body.length * limits.maxInflateRatio)
  const maxOutputLength = Math.min(limits.maxBodyBytes, byRatio)
  try {
    return await inflater(body, { maxOutputLength })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const mib = (maxOutputLength / (1024 * 1024)).toFixed(1)
      const reason = `The body unpacks to more than ${mib} MiB; send it in smaller parts.`
      throw new WeirError('WEIR_RECORD_TOO_LARGE', reason, { cause: error })
    }
    const reason = `The body is not ${encoding}: ${(error as Error).message}.`
    throw new WeirError('WEIR_RECORD_INVALID', reason, { cause: error })
  }
}
