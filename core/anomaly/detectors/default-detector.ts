import { AlarmBar } from './alarm-bar.ts'
import { ByteLayout } from './byte-layout.ts'
import { DayProfile } from './day-profile.ts'
import { ElapsedTime } from './elapsed-time.ts'
import { ExpectedBand } from './expected-band.ts'
import { NoveltyView } from './novelty-view.ts'
import { RankTail } from './rank-tail.ts'
import { compress, decompress, RunningScale } from './running-scale.ts'
import { SmoothedSurprise } from './smoothed-surprise.ts'

export interface SeriesPoint {
  /** ms since the epoch */
  readonly timeMs: number
  readonly value: number
}

/** Why the verdict is what it is: the first three are no alarms, the last two name what an alarm is about. */
export type DetectionReason =
  | 'learning'
  | 'not-a-number'
  | 'usual'
  | 'resting'
  /** The values of the last minutes to hours form a run unlike any remembered. */
  | 'unlike-history'
  /** The values are unlike those usual at this time of day. */
  | 'unlike-time-of-day'

export interface DetectionVerdict {
  /**
   * Share of the series' earlier points that were less surprising, in [0, 1]: on a healthy series at or above 0.99 about
   * once in a hundred points, whatever the series. It stays high for as long as something is odd.
   */
  readonly likelihood: number
  /** In [0, 1]: above 0.5 where an alarm is due, once for an incident; 0 while resting after one. */
  readonly score: number
  /** Where the value was expected, in its own unit; undefined for the first point and for no number. */
  readonly expected: { readonly low: number; readonly high: number } | undefined
  readonly reason: DetectionReason
}

/** Bytes that a series takes. */
export const DETECTOR_STATE_BYTES = 8_056

/** No alarm before so many points and so much time: in its first day a series has nothing to compare its hours with. */
const LEARNING_POINTS = 100
const LEARNING_MS = 86_400_000
const PROFILE_COMPRESSION = 1
/** Weight of the day profile against that of a view. */
const PROFILE_WEIGHT = 0.7

/**
 * By how much ranks among the past make a point seem rarer than it is: the memories held nearer states when the series was
 * young. Measured on healthy series; more than 1 errs towards silence.
 */
const RANK_BIAS = 1.4

const WIDE_VIEW = { spans: [1, 3, 9, 27, 81], compression: 0.1, valueWeight: 1, capacity: 384, salt: 1 }
const NEAR_VIEW = { spans: [1, 2, 4, 8], compression: 0.3, valueWeight: 2, capacity: 384, salt: 2 }

/**
 * The detector that needs no settings. Two nearest-neighbour memories (of states over hours and over minutes, at a point
 * in 5 minutes) and a profile of the day say how odd a point is; each oddity is ranked among its own past, and the mean
 * surprise of the ranks is what is judged. O(1) time and memory a point.
 *
 * `step` changes the detector's state; `toBytes` and `fromBytes` copy, store and move it.
 */
export class DefaultDetector {
  readonly #bytes: Uint8Array
  readonly #time: ElapsedTime
  readonly #scale: RunningScale
  readonly #wide: NoveltyView
  readonly #near: NoveltyView
  readonly #profile: DayProfile
  readonly #wideSurprise: SmoothedSurprise
  readonly #nearSurprise: SmoothedSurprise
  readonly #profileSurprise: SmoothedSurprise
  readonly #overall: RankTail
  readonly #band: ExpectedBand
  readonly #bar: AlarmBar
  /** [1 once a value below zero was seen] */
  readonly #signs: Float64Array

  constructor() {
    const buffer = new ArrayBuffer(DETECTOR_STATE_BYTES)
    const layout = new ByteLayout(buffer)
    this.#bytes = new Uint8Array(buffer)
    this.#time = new ElapsedTime(layout)
    this.#scale = new RunningScale(layout)
    this.#wide = new NoveltyView(layout, WIDE_VIEW)
    this.#near = new NoveltyView(layout, NEAR_VIEW)
    this.#profile = new DayProfile(layout)
    this.#wideSurprise = new SmoothedSurprise(layout)
    this.#nearSurprise = new SmoothedSurprise(layout)
    this.#profileSurprise = new SmoothedSurprise(layout)
    this.#overall = new RankTail(layout)
    this.#band = new ExpectedBand(layout)
    this.#bar = new AlarmBar(layout)
    this.#signs = layout.float64(1)
  }

  /** @throws {RangeError} if the bytes are not of a detector of this version */
  static fromBytes(bytes: Uint8Array): DefaultDetector {
    if (bytes.length !== DETECTOR_STATE_BYTES) {
      throw new RangeError(`A detector's state has ${DETECTOR_STATE_BYTES} bytes, not ${bytes.length}.`)
    }
    const detector = new DefaultDetector()
    detector.#bytes.set(bytes)
    return detector
  }

  /** A copy of all that was learnt: numbers in the byte order of the machine. */
  toBytes(): Uint8Array {
    return this.#bytes.slice()
  }

  /** Judges the point against all before it, then learns it. Points are judged in the order in which they are given. */
  step(point: SeriesPoint): DetectionVerdict {
    const { timeMs, value } = point
    this.#time.advance(timeMs)
    if (!Number.isFinite(value)) return { likelihood: 0, score: 0, expected: undefined, reason: 'not-a-number' }
    const scaled = this.#scale.scale(value)
    const inProfile = compress(scaled, PROFILE_COMPRESSION)
    const usual = this.#profile.expected(this.#time.lastMs)
    const expected = this.#expect(value, inProfile, usual)
    this.#profile.learn(this.#time.lastMs, inProfile)
    this.#scale.learn(value)

    const wide = this.#wideSurprise.judgeAndLearn(this.#wide.judgeAndRemember(scaled))
    const near = this.#nearSurprise.judgeAndLearn(this.#near.judgeAndRemember(scaled))
    const ofDay = this.#profileSurprise.judgeAndLearn(usual === undefined ? 0 : Math.abs(inProfile - usual))
    const surprise = (wide + near + PROFILE_WEIGHT * ofDay) / (2 + PROFILE_WEIGHT)
    const likelihood = this.#rank(surprise)

    const { points, elapsedMs, intervalMs } = this.#time
    if (points <= LEARNING_POINTS || elapsedMs < LEARNING_MS) {
      return { likelihood, score: 0, expected, reason: 'learning' }
    }
    const score = this.#bar.decide(surprise, elapsedMs, intervalMs)
    if (score > 0.5) {
      return {
        likelihood,
        score,
        expected,
        reason: ofDay > Math.max(wide, near) ? 'unlike-time-of-day' : 'unlike-history',
      }
    }
    return { likelihood, score, expected, reason: this.#bar.isResting(elapsedMs) ? 'resting' : 'usual' }
  }

  /** The overall surprise ranked among its own past, so that the share above it is known rather than assumed. */
  #rank(surprise: number): number {
    if (surprise === 0) return 0
    const share = RANK_BIAS * Math.exp(-this.#overall.surprise(Math.exp(surprise)))
    this.#overall.learn(Math.exp(surprise))
    return Math.max(0, 1 - share)
  }

  #expect(value: number, inProfile: number, usual: number | undefined): { low: number; high: number } | undefined {
    const band = this.#band.foretellAndLearn(inProfile, usual)
    if (value < 0) this.#signs[0] = 1
    if (!band) return undefined
    const low = this.#scale.unscale(decompress(band.low, PROFILE_COMPRESSION))
    const high = this.#scale.unscale(decompress(band.high, PROFILE_COMPRESSION))
    return this.#signs[0] === 1 ? { low, high } : { low: Math.max(0, low), high: Math.max(0, high) }
  }
}
