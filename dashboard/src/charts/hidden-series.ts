import { useState } from 'react'

interface HiddenSeries {
  readonly hidden: ReadonlySet<string>
  readonly choose: (key: string, all: readonly string[], toggle: boolean) => void
}

/** Which series of a chart are not shown. */
export function useHidden(): HiddenSeries {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const choose = (key: string, all: readonly string[], toggle: boolean) =>
    setHidden((before) => nextHidden(before, key, all, toggle))
  return { hidden, choose }
}

/** A click shows one alone, a second click all again; with `toggle` one is hidden or shown. Never are all hidden. */
export function nextHidden(
  before: ReadonlySet<string>,
  key: string,
  all: readonly string[],
  toggle: boolean,
): ReadonlySet<string> {
  if (toggle) {
    const next = new Set(before)
    if (!next.delete(key)) next.add(key)
    return all.every((other) => next.has(other)) ? new Set() : next
  }
  const alone = !before.has(key) && all.every((other) => other === key || before.has(other))
  return alone ? new Set() : new Set(all.filter((other) => other !== key))
}
