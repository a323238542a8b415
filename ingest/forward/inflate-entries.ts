import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { WeirError } from '@weir/core'
import type { ByteBudget } from '../byte-budget.ts'
import type { IngestLimits } from '../limits.ts'
import type { PackedEntries } from './message.ts'

const gunzipAll = promisify(gunzip)
const zstdAll = promisify(zstdDecompress)
const FREE_BYTES = 1024 * 1024

/**
 * Unpacks the entries of a compressed chunk (gzip: any number of members) and calls `then` with them, before others may
 * unpack theirs in its place.
 *
 * @throws WEIR_FRAME_INVALID if they can not be unpacked, WEIR_RECORD_TOO_LARGE if they would be too large, as a chunk or
 *   for its compressed size
 */
export async function inflateEntries<T>(
  packed: PackedEntries,
  budget: ByteBudget,
  limits: IngestLimits,
  then: (bytes: Uint8Array) => Promise<T>,
): Promise<{ bytes: Uint8Array; result: T }> {
  const byRatio = Math.max(FREE_BYTES, packed.bytes.length * limits.maxInflateRatio)
  const maxBytes = Math.min(limits.maxFrameBytes, byRatio)
  await budget.reserve(maxBytes)
  try {
    const bytes = await inflate(packed, maxBytes)
    return { bytes, result: await then(bytes) }
  } finally {
    budget.release(maxBytes)
  }
}

async function inflate(packed: PackedEntries, maxBytes: number): Promise<Uint8Array> {
  try {
    const options = { maxOutputLength: maxBytes }
    return packed.compression === 'gzip' ? await gunzipAll(packed.bytes, options) : await zstdAll(packed.bytes, options)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const mib = (maxBytes / (1024 * 1024)).toFixed(1)
      throw new WeirError('WEIR_RECORD_TOO_LARGE', `A compressed chunk unpacks to more than ${mib} MiB.`, {
        cause: error,
      })
    }
    const reason = `A chunk is not ${packed.compression}: ${(error as Error).message}.`
    throw new WeirError('WEIR_FRAME_INVALID', reason, { cause: error })
  }
}
