import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Compressions that Weir writes. */
export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const
export type Compression = (typeof COMPRESSIONS)[number]

/** By the number that a batch's attributes hold. */
const NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const CODES: Record<Compression, number> = { none: 0, gzip: 1, zstd: 4 }
/** Gzip's level 1 takes a third of the time of level 6 on JSON logs, and gives up a tenth of the size. */
const GZIP_LEVEL = 1
/** Bound on what a batch may grow to, against one made to burst. */
const MAX_DECOMPRESSED_BYTES = 128 * 1024 * 1024

export function compressionCode(compression: Compression): number {
  return CODES[compression]
}

export function compress(compression: Compression, bytes: Uint8Array): Uint8Array {
  if (compression === 'gzip') return gzipSync(bytes, { level: GZIP_LEVEL })
  if (compression === 'zstd') return zstdCompressSync(bytes)
  return bytes
}

/**
 * @param code of the batch's attributes
 * @throws {RangeError} if the code is of a compression that Weir can not read
 * @throws {Error} of Node's zlib if the bytes are damaged, cut short or grow over 128 MiB
 */
export function decompress(code: number, bytes: Uint8Array): Uint8Array {
  if (code === CODES.none) return bytes
  if (code === CODES.gzip) return gunzipSync(bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES })
  if (code === CODES.zstd) return zstdDecompressSync(bytes, { maxOutputLength: MAX_DECOMPRESSED_BYTES })
  throw new RangeError(
    `it is compressed by ${NAMES[code] ?? `codec ${code}`}, which Weir does not read: let its producer use gzip, zstd or none`,
  )
}
