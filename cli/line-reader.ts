import { createReadStream } from 'node:fs'
import { WeirError } from '@weir/core'
import { lineChunks } from './line-chunks.ts'

const CHUNK_BYTES = 256 * 1024

/**
 * The lines of a file, in order, many at a time; without their ends (LF or CR LF), empty lines among them. A last line needs no
 * end.
 *
 * @throws {WeirError} WEIR_CONFIG_INVALID if the file can not be read
 */
export async function* readLines(file: string): AsyncGenerator<string[]> {
  const input = createReadStream(file, { highWaterMark: CHUNK_BYTES })
  try {
    for await (const chunk of lineChunks(input, CHUNK_BYTES)) {
      const lines = chunk.toString('utf8').split('\n')
      if (lines[lines.length - 1] === '') lines.pop()
      yield lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
    }
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    throw new WeirError('WEIR_CONFIG_INVALID', `The file ${file} can not be read (${code}); name another by --input.`, {
      cause,
    })
  }
}
