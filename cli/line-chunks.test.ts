import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineChunks } from './line-chunks.ts'

async function* stream(parts: readonly string[]) {
  for (const part of parts) yield Buffer.from(part)
}

async function cut(parts: readonly string[], targetBytes: number): Promise<string[]> {
  const chunks: string[] = []
  for await (const chunk of lineChunks(stream(parts), targetBytes)) chunks.push(chunk.toString())
  return chunks
}

describe('lineChunks', () => {
  it('cuts at line ends and keeps a line over the target whole', async () => {
    expect(await cut(['aa\nbb\ncc'], 4)).toEqual(['aa\nbb\n', 'cc'])
    expect(await cut(['aaaa', 'aaaa', 'a\nb\n'], 4)).toEqual(['aaaaaaaaa\nb\n'])
  })

  it('gives back every byte in order, and every chunk but the last ends with a line end', async () => {
    const parts = fc.array(fc.string({ unit: fc.constantFrom('a', 'ö', '\n'), maxLength: 20 }), { maxLength: 20 })
    await fc.assert(
      fc.asyncProperty(parts, fc.integer({ min: 1, max: 30 }), async (texts, targetBytes) => {
        const chunks = await cut(texts, targetBytes)
        expect(chunks.join('')).toBe(texts.join(''))
        expect(chunks.slice(0, -1).every((chunk) => chunk.endsWith('\n'))).toBe(true)
      }),
    )
  })
})
