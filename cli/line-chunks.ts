const NEWLINE = 0x0a

/**
 * Cuts a stream of bytes into chunks that end at a line's end, so that each can be sent by itself.
 *
 * @param targetBytes a chunk is cut at the last line end before this size; a longer line makes a larger chunk
 */
export async function* lineChunks(bytes: AsyncIterable<Uint8Array>, targetBytes: number): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const part of bytes) {
    parts.push(part)
    size += part.length
    if (size < targetBytes) continue
    const all = Buffer.concat(parts)
    const end = all.lastIndexOf(NEWLINE) + 1
    if (end > 0) yield all.subarray(0, end)
    parts = end < all.length ? [all.subarray(end)] : []
    size = all.length - end
  }
  if (size > 0) yield Buffer.concat(parts)
}
