import type { Anomaly, AnomalyStore } from '@weir/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

export interface AnomalyStoreUnderTest {
  /** Empty. */
  readonly store: AnomalyStore
  /** Age of the window at which it drops an anomaly. */
  readonly retentionMs: number
  stop(): Promise<void>
}

export interface AnomalyStoreHarness {
  start(): Promise<AnomalyStoreUnderTest>
}

const T0 = Date.UTC(2026, 4, 20)

function anomaly(id: string, startMs: number, fields: Partial<Anomaly> = {}): Anomaly {
  return {
    id,
    metric: 'latency',
    labels: { service: 'checkout', route: '/pay' },
    aggregate: 'p95',
    resolutionMs: 60_000,
    startMs,
    value: 900,
    expected: { low: 10, high: 50 },
    score: 12.5,
    severity: 'error',
    detector: 'z-score',
    reason: 'p95 is 18 times the expected value',
    ...fields,
  }
}

export function describeAnomalyStoreContract(name: string, harness: AnomalyStoreHarness): void {
  describe(`anomaly store contract: ${name}`, () => {
    let under: AnomalyStoreUnderTest
    beforeEach(async () => {
      under = await harness.start()
    })
    afterEach(() => under.stop())

    const find = (fields: object = {}) => under.store.query({ fromMs: 0, toMs: T0 * 2, limit: 10, ...fields })
    const ids = async (fields: object = {}) => (await find(fields)).map((found) => found.id)

    it('gives an anomaly back as it was put, newest window first', async () => {
      const older = anomaly('a', T0)
      const newer = anomaly('b', T0 + 60_000)
      await under.store.put([older, newer])
      expect(await find()).toEqual([newer, older])
    })

    it('replaces one that is put again under its id', async () => {
      await under.store.put([anomaly('a', T0)])
      await under.store.put([anomaly('a', T0), anomaly('a', T0, { value: 901 })])
      expect(await find()).toEqual([anomaly('a', T0, { value: 901 })])
    })

    it('filters by a half-open range, metric and labels', async () => {
      await under.store.put([
        anomaly('a', T0),
        anomaly('b', T0 + 1, { metric: 'errors' }),
        anomaly('c', T0 + 2, { labels: { service: 'carts' } }),
      ])
      expect(await ids({ fromMs: T0, toMs: T0 + 2 })).toEqual(['b', 'a'])
      expect(await ids({ metric: 'errors' })).toEqual(['b'])
      expect(await ids({ labels: { service: 'checkout' } })).toEqual(['b', 'a'])
      expect(await ids({ labels: { service: 'checkout', route: '/pay' }, metric: 'latency' })).toEqual(['a'])
      expect(await ids({ labels: { "it's": '"' } })).toEqual([])
      expect(await ids({ limit: 1 })).toEqual(['c'])
    })

    it('drops what is older than its retention', async () => {
      await under.store.put([anomaly('a', T0), anomaly('b', T0 + 1)])
      await under.store.applyRetention(T0 + under.retentionMs + 1)
      expect(await ids()).toEqual(['b'])
    })

    it('refuses a limit out of bounds, and calls after close', async () => {
      await expect(find({ limit: 1_001 })).rejects.toMatchObject({ code: 'WEIR_QUERY_INVALID' })
      await under.store.close()
      await expect(find()).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    })
  })
}
