import type { DetectionVerdict, SeriesPoint } from '@weir/core'

const WIDTH = 1_400
const HEIGHT = 420
const MARGIN = 48
const MAX_BUCKETS = 2_800
const MAX_ALARMS = 500

interface Bucket {
  fromMs: number
  toMs: number
  min: number
  max: number
  low: number
  high: number
}

interface Alarm {
  readonly timeMs: number
  readonly value: number
  readonly verdict: DetectionVerdict
}

/**
 * A chart of a series, its expected band and its alarms, as one HTML page without scripts. However long the series, at most
 * 2,800 buckets are kept: when they are full, neighbours merge and later buckets take twice as many points.
 */
export class DetectionPlot {
  readonly #title: string
  readonly #buckets: Bucket[] = []
  readonly #alarms: Alarm[] = []
  #pointsABucket = 1
  #pointsInLast = 0

  constructor(title: string) {
    this.#title = title
  }

  add(point: SeriesPoint, verdict: DetectionVerdict): void {
    if (!Number.isFinite(point.value)) return
    const { low, high } = verdict.expected ?? { low: point.value, high: point.value }
    const bucket = { fromMs: point.timeMs, toMs: point.timeMs, min: point.value, max: point.value, low, high }
    const last = this.#buckets.at(-1)
    if (last && this.#pointsInLast < this.#pointsABucket) {
      merge(last, bucket)
      this.#pointsInLast++
    } else {
      this.#buckets.push(bucket)
      this.#pointsInLast = 1
      if (this.#buckets.length > MAX_BUCKETS) this.#halve()
    }
    if (verdict.score > 0.5 && this.#alarms.length < MAX_ALARMS) {
      this.#alarms.push({ timeMs: point.timeMs, value: point.value, verdict })
    }
  }

  #halve(): void {
    const { length } = this.#buckets
    this.#pointsInLast += length % 2 === 0 ? this.#pointsABucket : 0
    for (let i = 0; i < length; i += 2) {
      const bucket = this.#buckets[i]!
      const next = this.#buckets[i + 1]
      if (next) merge(bucket, next)
      this.#buckets[i / 2] = bucket
    }
    this.#buckets.length = Math.ceil(length / 2)
    this.#pointsABucket *= 2
  }

  toHtml(): string {
    const title = escapeHtml(this.#title)
    return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${title}: anomalies</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 24px; color: #1f2933; background: #fff }
svg { width: 100%; height: auto } .band { fill: #c9dff2 } .value { stroke: #1c5d99; fill: none } .alarm { fill: #c0392b }
.axis { fill: #52606d; font-size: 12px } table { border-collapse: collapse } td, th { padding: 4px 12px; text-align: left }
</style>
<h1>${title}</h1>
<p>Line: values. Shaded: where values were expected. Dots: alarms.</p>
${this.#chart()}
${this.#table()}
</html>
`
  }

  #chart(): string {
    if (this.#buckets.length === 0) return '<p>No values.</p>'
    const fromMs = this.#buckets[0]!.fromMs
    const spanMs = Math.max(1, this.#buckets.at(-1)!.toMs - fromMs)
    const min = least(this.#buckets, (bucket) => bucket.min)
    const max = -least(this.#buckets, (bucket) => -bucket.max)
    const x = (timeMs: number): string => (MARGIN + ((timeMs - fromMs) / spanMs) * (WIDTH - 2 * MARGIN)).toFixed(1)
    // Halved first: the difference of the largest numbers would be infinite.
    const span = max / 2 - min / 2
    const y = (value: number): string => {
      const share = span > 0 ? (value / 2 - min / 2) / span : 0.5
      return (HEIGHT - MARGIN - Math.max(-0.05, Math.min(1.05, share)) * (HEIGHT - 2 * MARGIN)).toFixed(1)
    }
    const upper = this.#buckets.map((bucket) => `${x(bucket.fromMs)},${y(bucket.high)}`)
    const lower = this.#buckets.map((bucket) => `${x(bucket.fromMs)},${y(bucket.low)}`).reverse()
    const line = this.#buckets.map(
      (bucket) => `${x(bucket.fromMs)},${y(bucket.min)} ${x(bucket.toMs)},${y(bucket.max)}`,
    )
    const dots = this.#alarms.map(
      ({ timeMs, value, verdict }) =>
        `<circle class="alarm" cx="${x(timeMs)}" cy="${y(value)}" r="5"><title>${describe({ timeMs, value, verdict })}</title></circle>`,
    )
    const label = (at: string, top: string, text: string, anchor: string): string =>
      `<text class="axis" x="${at}" y="${top}" text-anchor="${anchor}">${escapeHtml(text)}</text>`
    return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Values with ${this.#alarms.length} alarms">
<polygon class="band" points="${upper.join(' ')} ${lower.join(' ')}"/>
<polyline class="value" points="${line.join(' ')}"/>
${dots.join('\n')}
${label(String(MARGIN), String(HEIGHT - 16), timeText(fromMs), 'start')}
${label(String(WIDTH - MARGIN), String(HEIGHT - 16), timeText(fromMs + spanMs), 'end')}
${label(String(MARGIN), '24', numberText(max), 'start')}
${label(String(MARGIN), String(HEIGHT - MARGIN + 16), numberText(min), 'start')}
</svg>`
  }

  #table(): string {
    if (this.#alarms.length === 0) return '<p>No alarms.</p>'
    const rows = this.#alarms.map(({ timeMs, value, verdict }) => {
      const { low, high } = verdict.expected ?? { low: value, high: value }
      const cells = [timeText(timeMs), numberText(value), `${numberText(low)} – ${numberText(high)}`]
      return `<tr>${[...cells, verdict.reason, verdict.score.toFixed(3)].map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
    })
    const heads = ['time (UTC)', 'value', 'expected', 'reason', 'score']
    return `<table>\n<tr>${heads.map((head) => `<th>${head}</th>`).join('')}</tr>\n${rows.join('\n')}\n</table>`
  }
}

function merge(bucket: Bucket, next: Bucket): void {
  bucket.toMs = next.toMs
  bucket.min = Math.min(bucket.min, next.min)
  bucket.max = Math.max(bucket.max, next.max)
  bucket.low = Math.min(bucket.low, next.low)
  bucket.high = Math.max(bucket.high, next.high)
}

function least(buckets: readonly Bucket[], of: (bucket: Bucket) => number): number {
  return buckets.reduce((found, bucket) => Math.min(found, of(bucket)), Number.POSITIVE_INFINITY)
}

function describe({ timeMs, value, verdict }: Alarm): string {
  return escapeHtml(`${timeText(timeMs)}: ${numberText(value)}, ${verdict.reason}, score ${verdict.score.toFixed(3)}`)
}

function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').slice(0, 19)
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(5)))
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}
