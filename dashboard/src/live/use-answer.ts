import { useCallback, useRef, useSyncExternalStore } from 'react'
import type { AnswerTo, Question } from '../api/answers.ts'
import type { Failure } from '../api/failure.ts'
import { useLive } from './live-context.tsx'

export interface UsedAnswer<Q extends Question> {
  /** Of the question itself, or for the moment that of the range before. */
  readonly answer: AnswerTo<Q> | undefined
  /** True while `answer` is missing or that of another range. */
  readonly pending: boolean
  readonly failure: Failure | undefined
  readonly retry: () => void
}

/** Everything but the range: answers of one shape may stand in for each other while the new one is on its way. */
function shapeOf(question: Question): string {
  const { range: _range, ...rest } = question
  return JSON.stringify(rest)
}

/** Watches the answer to a question while the component is on screen; renders only when this answer changes. */
export function useAnswer<Q extends Question>(question: Q): UsedAnswer<Q> {
  const live = useLive()
  const key = JSON.stringify(question)
  const subscribe = useCallback((listener: () => void) => live.watch(question, listener), [live, key])
  const state = useSyncExternalStore(subscribe, () => live.state(question))
  const last = useRef<{ shape: string; answer: AnswerTo<Q> } | undefined>(undefined)
  const shape = shapeOf(question)
  const answer = state.answer as AnswerTo<Q> | undefined
  if (answer) last.current = { shape, answer }
  const standIn = last.current?.shape === shape ? last.current.answer : undefined
  const retry = useCallback(() => live.retry(question), [live, key])
  return { answer: answer ?? standIn, pending: answer === undefined, failure: state.failure, retry }
}
