import type { MetricAnswer } from '../../api/answers.ts'
import { type ChartData, columnOf, sumColumns } from '../../charts/chart-data.ts'
import { toneOf } from '../../logs/severity.ts'
import type { Tokens } from '../../theme/tokens.ts'

/** Bottom to top, the worst on the baseline. */
const STACK = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'unknown']

/** Lines per step, by severity. @param answer `logs.count` by service and severity */
export function histogramData(answer: MetricAnswer, tokens: Tokens): ChartData {
  return {
    kind: 'bars',
    scale: 'linear',
    unit: '1',
    fromMs: answer.fromMs,
    stepMs: answer.stepMs,
    steps: answer.steps,
    completeToMs: answer.completeToMs,
    series: STACK.flatMap((severity) => {
      const groups = answer.groups.filter((group) => (group.labels.severity ?? 'unknown') === severity)
      if (groups.length === 0) return []
      const columns = groups.map((group) => columnOf(answer, group, 'count'))
      return [
        {
          key: severity,
          name: severity,
          colour: tokens.severityFill[toneOf(severity)],
          values: sumColumns(columns, answer.steps),
        },
      ]
    }),
  }
}
