import { Popover } from '@mantine/core'
import { IconChevronDown, IconChevronLeft, IconChevronRight, IconClock } from '@tabler/icons-react'
import { useState } from 'react'
import { openOverlay, useOverlay } from '../app/overlays.ts'
import { usePageTime } from '../app/page-time.ts'
import { useLive } from '../live/live-context.tsx'
import { useNow } from '../live/use-now.ts'
import { formatSpan, zoneName } from './format-time.ts'
import { fromInputText, toInputText } from './input-text.ts'
import { boundsOf, labelOf, PRESETS, type Range, shifted, shortLabelOf, spanOf } from './range.ts'
import classes from './range-picker.module.css'
import { toggleUtc, useZone } from './zone.ts'

/** The one time range of the page: presets, own ends, and a step back or forward by its length. */
export function RangePicker({ phone }: { phone: boolean }) {
  const { range, setRange } = usePageTime()
  const live = useLive()
  const opened = useOverlay() === 'time'
  const nowMs = useNow(10_000)
  const zone = useZone()
  const { fromMs, toMs } = boundsOf(range, nowMs)
  const atNow = 'lastMs' in range || toMs >= nowMs
  const choose = (next: Range) => {
    setRange(next)
    openOverlay(undefined)
  }
  return (
    <Popover
      opened={opened}
      onChange={(next) => openOverlay(next ? 'time' : undefined)}
      position="bottom-end"
      offset={6}
      trapFocus
      returnFocus
    >
      <div className={classes.group}>
        {!phone && (
          <button
            type="button"
            className={classes.step}
            aria-label="The range before"
            onClick={() => setRange(shifted(range, -1, live.nowMs()))}
          >
            <IconChevronLeft size={14} stroke={1.6} aria-hidden="true" />
          </button>
        )}
        <Popover.Target>
          <button
            type="button"
            className={classes.current}
            title="Time range (t)"
            onClick={() => openOverlay(opened ? undefined : 'time')}
          >
            <IconClock size={14} stroke={1.6} aria-hidden="true" />
            <b>{phone ? shortLabelOf(range) : labelOf(range)}</b>
            {!phone && (
              <span className={classes.span}>
                {formatSpan(fromMs, toMs, zone)} <i>{zoneName(toMs, zone)}</i>
              </span>
            )}
            <IconChevronDown size={14} stroke={1.6} aria-hidden="true" />
          </button>
        </Popover.Target>
        {!phone && (
          <button
            type="button"
            className={classes.step}
            aria-label="The range after"
            disabled={atNow}
            onClick={() => setRange(shifted(range, 1, live.nowMs()))}
          >
            <IconChevronRight size={14} stroke={1.6} aria-hidden="true" />
          </button>
        )}
      </div>
      <Popover.Dropdown className={classes.dropdown ?? ''} p={0}>
        <div className={classes.presets}>
          {PRESETS.map((preset) => (
            <button
              key={preset.name}
              type="button"
              aria-current={'lastMs' in range && range.lastMs === preset.lastMs}
              onClick={() => choose({ lastMs: preset.lastMs })}
            >
              {preset.label}
            </button>
          ))}
        </div>
        <CustomRange key={`${zone} ${spanOf(range)}`} fromMs={fromMs} toMs={toMs} zone={zone} onChoose={choose} />
      </Popover.Dropdown>
    </Popover>
  )
}

interface CustomRangeProps {
  readonly fromMs: number
  readonly toMs: number
  readonly zone: string
  readonly onChoose: (range: Range) => void
}

function CustomRange({ fromMs, toMs, zone, onChoose }: CustomRangeProps) {
  const [from, setFrom] = useState(() => toInputText(fromMs, zone))
  const [to, setTo] = useState(() => toInputText(toMs, zone))
  const chosenFromMs = fromInputText(from, zone)
  const chosenToMs = fromInputText(to, zone)
  const problem =
    chosenFromMs === undefined || chosenToMs === undefined
      ? 'Both ends need a date and a time.'
      : chosenToMs - chosenFromMs < 10_000
        ? 'The end must be at least 10 s after the start.'
        : undefined
  return (
    <form
      className={classes.custom}
      onSubmit={(event) => {
        event.preventDefault()
        if (!problem) onChoose({ fromMs: chosenFromMs as number, toMs: chosenToMs as number })
      }}
    >
      <label>
        From
        <input type="datetime-local" step={1} value={from} onChange={(event) => setFrom(event.currentTarget.value)} />
      </label>
      <label>
        To
        <input type="datetime-local" step={1} value={to} onChange={(event) => setTo(event.currentTarget.value)} />
      </label>
      <p role="status">{problem ?? ''}</p>
      <div className={classes.actions}>
        <button
          type="button"
          className={classes.zone}
          onClick={toggleUtc}
          title="Switch between UTC and local time (u)"
        >
          {zone === 'UTC' ? 'UTC' : zone}
        </button>
        <button type="submit" className={classes.apply} disabled={problem !== undefined}>
          Show
        </button>
      </div>
    </form>
  )
}
