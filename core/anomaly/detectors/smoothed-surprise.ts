import type { ByteLayout } from './byte-layout.ts'
import { LagMeans } from './lag-means.ts'
import { RankTail } from './rank-tail.ts'

/** Points that an oddity is averaged over: short for what is sudden, long for what lasts. */
const SPANS = [3, 10]
/** Points at the start that are not ranked: scale and memory are not filled yet. */
const UNRANKED_POINTS = 20

/** How surprising one view's oddity is, in nats: the mean over the spans of the surprise of the average's rank. */
export class SmoothedSurprise {
  readonly #means: LagMeans
  readonly #tails: readonly RankTail[]

  constructor(layout: ByteLayout) {
    this.#means = new LagMeans(layout, SPANS)
    this.#tails = SPANS.map(() => new RankTail(layout))
  }

  /** @param oddity ≥ 0 */
  judgeAndLearn(oddity: number): number {
    this.#means.push(oddity)
    const ranked = this.#means.count > UNRANKED_POINTS
    let surprise = 0
    for (let i = 0; i < SPANS.length; i++) {
      const mean = Math.max(0, this.#means.mean(i))
      const tail = this.#tails[i]!
      surprise += tail.surprise(mean) / SPANS.length
      if (ranked) tail.learn(mean)
    }
    return ranked ? surprise : 0
  }
}
