import { postQueries } from '../api/client.ts'
import { OPENING_QUESTION, openingRange } from '../time/opening-range.ts'
import { DEFAULT_RANGE, paramsOf, type RangeParams } from '../time/range.ts'

/** A page that waits longer for its range looks broken. ms */
const PATIENCE_MS = 1_500

/** The opening range by the data. A server that does not answer gets the usual one: the panels then say what is wrong. */
export async function askOpeningRange(): Promise<RangeParams> {
  const asked = postQueries([{ ...OPENING_QUESTION, id: 'opening' }], AbortSignal.timeout(PATIENCE_MS)).then(
    ([answer]) => (answer?.type === 'metric' ? openingRange(answer) : DEFAULT_RANGE),
    () => DEFAULT_RANGE,
  )
  return paramsOf(await asked)
}
