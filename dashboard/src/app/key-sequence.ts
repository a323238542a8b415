/** A key pressed, as far as shortcuts care. */
export interface KeyPress {
  readonly key: string
  readonly withModifier: boolean
  readonly inField: boolean
  readonly timeMs: number
}

/** The first key of a pair waits this long for its second. ms */
const PAIR_MS = 1_000

export interface SequenceState {
  readonly first?: string
  readonly atMs: number
}

export const NO_SEQUENCE: SequenceState = { atMs: 0 }

/**
 * One step of reading shortcuts: single keys (`/`) and pairs (`g l`). Keys in a field or with Ctrl, Alt or Cmd are left
 * to whoever they are meant for.
 *
 * @returns the next state, and the shortcut that is complete
 */
export function readKey(state: SequenceState, press: KeyPress): [SequenceState, string | undefined] {
  if (press.inField || press.withModifier || press.key.length !== 1) return [NO_SEQUENCE, undefined]
  if (state.first !== undefined && press.timeMs - state.atMs <= PAIR_MS) {
    return [NO_SEQUENCE, `${state.first} ${press.key}`]
  }
  if (press.key === 'g') return [{ first: 'g', atMs: press.timeMs }, undefined]
  return [NO_SEQUENCE, press.key]
}
