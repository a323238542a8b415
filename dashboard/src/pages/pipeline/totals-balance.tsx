import type { PipelineState } from '../../api/answers.ts'
import { durationQuantity, formatInteger } from '../../format/number.ts'
import classes from './pipeline-page.module.css'

interface TotalsBalanceProps {
  readonly totals: PipelineState['totals']
  readonly lagMs: number | null
}

/** in = stored + dead-lettered + dropped + in flight, as a sum that one can check. */
export function TotalsBalance({ totals, lagMs }: TotalsBalanceProps) {
  const parts = [
    { sign: '', name: 'taken in', value: totals.in, tone: 'plain' },
    { sign: '=', name: 'stored', value: totals.stored, tone: 'ok' },
    { sign: '+', name: 'dead-lettered', value: totals.deadLettered, tone: totals.deadLettered > 0 ? 'warn' : 'plain' },
    { sign: '+', name: 'dropped', value: totals.dropped, tone: totals.dropped > 0 ? 'error' : 'plain' },
    { sign: '+', name: 'in flight', value: totals.inFlight, tone: 'plain' },
  ] as const
  const share = (value: number) => ({ '--share': totals.in === 0 ? 0 : value / totals.in })
  const lag = lagMs === null ? undefined : durationQuantity(Math.max(lagMs, 0))
  return (
    <>
      <div className={classes.balance}>
        {parts.map((part) => (
          <div key={part.name} className={classes.part} data-tone={part.tone}>
            {part.sign !== '' && <i aria-hidden="true">{part.sign}</i>}
            <div>
              <b>{formatInteger(part.value)}</b>
              <span>{part.name}</span>
            </div>
          </div>
        ))}
        <div className={classes.part}>
          <div className={classes.lag}>
            <b>{lag ? `${lag.value}\u00a0${lag.unit}` : '–'}</b>
            <span>behind the newest line</span>
          </div>
        </div>
      </div>
      <div className={classes.shares} aria-hidden="true">
        <i data-part="stored" style={share(totals.stored)} />
        <i data-part="dead" style={share(totals.deadLettered)} />
        <i data-part="dropped" style={share(totals.dropped)} />
      </div>
    </>
  )
}
