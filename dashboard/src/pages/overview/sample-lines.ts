import type { LogLine } from '../../api/answers.ts'

/**
 * A few of many lines, newest first, such that nothing rare drowns: the newest of every service and severity is there as
 * far as there is room, and the rest are simply the newest.
 *
 * @param lines newest first
 */
export function sampleLines(lines: readonly LogLine[], count: number): LogLine[] {
  if (lines.length <= count) return [...lines]
  const chosen = new Set<LogLine>()
  const kinds = new Set<string>()
  for (const line of lines) {
    const kind = `${line.severity} ${line.service}`
    if (kinds.has(kind) || chosen.size >= count) continue
    kinds.add(kind)
    chosen.add(line)
  }
  for (const line of lines) {
    if (chosen.size >= count) break
    chosen.add(line)
  }
  return lines.filter((line) => chosen.has(line))
}
