const units = new Uint16Array(512)

/** Longest text that `detachedText` copies whole. */
export const MAX_DETACHED_CHARS = units.length

/**
 * The characters `[start, end)` of `text`, at most `MAX_DETACHED_CHARS`, as a string of its own. A slice would keep the
 * whole text alive, and that of a line may be a chunk of a file.
 */
export function detachedText(text: string, start: number, end: number): string {
  const length = Math.min(end - start, MAX_DETACHED_CHARS)
  for (let i = 0; i < length; i++) units[i] = text.charCodeAt(start + i)
  return String.fromCharCode.apply(null, units.subarray(0, length) as unknown as number[])
}
