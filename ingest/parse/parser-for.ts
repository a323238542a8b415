import { parseAccessLine } from './access-log.ts'

export const LINE_FORMATS = ['auto', 'json', 'combined', 'text'] as const
export type LineFormat = (typeof LINE_FORMATS)[number]

/** A decoded record for the normaliser, or a sentence that says why the line is none. */
export type ParsedLine =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string }
export type LineParser = (line: string) => ParsedLine

const PARSERS: Readonly<Record<LineFormat, LineParser>> = {
  auto: parseAnyLine,
  json: parseJsonLine,
  combined: parseCombinedLine,
  text: (line) => ({ ok: true, value: line }),
}

/** The parser of a format; `combined` reads the common format too, `auto` tries JSON and combined, else takes the text. */
export function parserFor(format: LineFormat): LineParser {
  return PARSERS[format]
}

export function isLineFormat(text: string): text is LineFormat {
  return (LINE_FORMATS as readonly string[]).includes(text)
}

function parseJsonLine(line: string): ParsedLine {
  try {
    return { ok: true, value: JSON.parse(line) }
  } catch (error) {
    return { ok: false, reason: `Malformed JSON: ${(error as SyntaxError).message}.` }
  }
}

function parseCombinedLine(line: string): ParsedLine {
  const fields = parseAccessLine(line)
  return typeof fields === 'string' ? { ok: false, reason: fields } : { ok: true, value: fields }
}

function parseAnyLine(line: string): ParsedLine {
  const parsed = line.charCodeAt(0) === 123 ? parseJsonLine(line) : parseCombinedLine(line)
  return parsed.ok ? parsed : { ok: true, value: line }
}
