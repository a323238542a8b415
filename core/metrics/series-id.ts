import type { Series } from './series.ts'

const LABEL = /([^"=,{}]+)=("(?:[^"\\]|\\.)*")(,|\}$)/y

/**
 * Reads what `seriesId` wrote: `metric{a="1",b="x"}`.
 *
 * @throws {RangeError} if the text has not that form
 */
export function parseSeriesId(id: string): Series {
  const brace = id.indexOf('{')
  if (brace <= 0 || !id.endsWith('}')) throw malformed(id)
  const labels: Record<string, string> = {}
  let at = brace + 1
  while (at < id.length - 1) {
    LABEL.lastIndex = at
    const match = LABEL.exec(id)
    if (match === null) throw malformed(id)
    labels[match[1]!] = readText(match[2]!, id)
    at = LABEL.lastIndex
    if (match[3] !== ',') break
  }
  if (at < id.length - 1) throw malformed(id)
  return { metric: id.slice(0, brace), labels }
}

function readText(quoted: string, id: string): string {
  try {
    return JSON.parse(quoted) as string
  } catch (cause) {
    throw new RangeError(`a label value of the series ${id.slice(0, 200)} is not text in JSON`, { cause })
  }
}

function malformed(id: string): RangeError {
  return new RangeError(`${JSON.stringify(id.slice(0, 200))} is not the id of a series, such as metric{service="web"}`)
}
