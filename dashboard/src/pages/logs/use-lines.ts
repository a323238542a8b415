import { useCallback, useEffect, useReducer, useRef, useState } from 'react'
import type { LogsQuestion } from '../../api/answers.ts'
import { postQueries } from '../../api/client.ts'
import { type Failure, failureFrom } from '../../api/failure.ts'
import { useAnswer } from '../../live/use-answer.ts'
import { caughtUp, type LineList, NO_LINES, type Page, withNewest, withOlder } from './line-list.ts'

type Action =
  | { type: 'reset' }
  | { type: 'newest'; page: Page; reading: boolean }
  | { type: 'older'; page: Page }
  | { type: 'catch-up'; page: Page }

function reduce(list: LineList, action: Action): LineList {
  switch (action.type) {
    case 'reset':
      return NO_LINES
    case 'newest':
      return withNewest(list, action.page, action.reading)
    case 'older':
      return withOlder(list, action.page)
    case 'catch-up':
      return caughtUp(list, action.page)
  }
}

interface UsedLines {
  readonly list: LineList
  readonly loaded: boolean
  readonly failure: Failure | undefined
  readonly retry: () => void
  readonly catchUp: () => void
  readonly loadOlder: () => void
  readonly older: 'idle' | 'loading' | Failure
}

/** The lines of a search: the newest page follows the stream, older pages come as one scrolls. */
export function useLines(question: LogsQuestion, reading: boolean): UsedLines {
  const key = JSON.stringify(question)
  const { answer, pending, failure, retry } = useAnswer(question)
  const [list, dispatch] = useReducer(reduce, NO_LINES)
  const [older, setOlder] = useState<'idle' | 'loading' | Failure>('idle')
  const current = useRef({ key, reading })
  current.current.reading = reading

  useEffect(() => {
    current.current.key = key
    dispatch({ type: 'reset' })
    setOlder('idle')
  }, [key])

  useEffect(() => {
    if (answer && !pending) dispatch({ type: 'newest', page: answer, reading: current.current.reading })
  }, [answer, pending])

  const loadOlder = useCallback(() => {
    if (list.nextCursor === undefined || older === 'loading') return
    setOlder('loading')
    postQueries([{ ...question, id: 'older', cursor: list.nextCursor }]).then(
      ([page]) => {
        if (current.current.key !== key) return
        if (page?.type === 'error') return setOlder({ code: page.code, message: page.message })
        if (page?.type === 'logs') dispatch({ type: 'older', page })
        setOlder('idle')
      },
      (error: unknown) => {
        if (current.current.key === key) setOlder(failureFrom(error))
      },
    )
  }, [question, key, list.nextCursor, older])

  const catchUp = useCallback(() => {
    if (answer) dispatch({ type: 'catch-up', page: answer })
  }, [answer])

  return { list, loaded: answer !== undefined && !pending, failure, retry, catchUp, loadOlder, older }
}
