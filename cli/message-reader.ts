/** `auto` takes the message out of lines that are JSON objects; `text` takes every line as it is. */
export type PatternFormat = 'auto' | 'json' | 'text'

const MESSAGE_KEYS = ['message', 'msg', 'log', 'body', 'text', 'MESSAGE']

/** What in a line is the text that a logging statement wrote. */
export function messageReader(format: PatternFormat): (line: string) => string {
  return format === 'text' ? (line) => line : messageOf
}

function messageOf(line: string): string {
  if (!line.startsWith('{') || !line.endsWith('}')) return line
  const value = parsed(line)
  if (typeof value !== 'object' || value === null) return line
  for (const key of MESSAGE_KEYS) {
    const message = (value as Record<string, unknown>)[key]
    if (typeof message === 'string') return message
  }
  return line
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined // not JSON, only in braces: a line of text
  }
}
