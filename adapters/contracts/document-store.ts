import type { DocumentStore } from '@weir/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

export interface DocumentStoreUnderTest {
  /** Empty; its clock stands at `nowMs`. */
  readonly store: DocumentStore
  readonly nowMs: number
  stop(): Promise<void>
}

export interface DocumentStoreHarness {
  start(): Promise<DocumentStoreUnderTest>
}

export function describeDocumentStoreContract(name: string, harness: DocumentStoreHarness): void {
  describe(`document store contract: ${name}`, () => {
    let under: DocumentStoreUnderTest
    let store: DocumentStore
    beforeEach(async () => {
      under = await harness.start()
      store = under.store
    })
    afterEach(() => under.stop())

    it('gives a document back as it was put, with its version and time', async () => {
      const body = { title: 'Größe "x"', panels: [{ id: 1 }], none: null }
      const stored = { kind: 'dashboard', id: "it's/one", version: 1, updatedMs: under.nowMs, body }
      expect(await store.put('dashboard', "it's/one", body, 0)).toEqual(stored)
      expect(await store.get('dashboard', "it's/one")).toEqual(stored)
      expect(await store.get('rule', "it's/one")).toBeUndefined()
    })

    it('counts versions up, and refuses a put that has read another one', async () => {
      await store.put('rule', 'a', 1, 0)
      expect(await store.put('rule', 'a', 2, 1)).toMatchObject({ version: 2 })
      for (const version of [0, 1, 3]) {
        await expect(store.put('rule', 'a', 3, version)).rejects.toMatchObject({ code: 'WEIR_VERSION_CONFLICT' })
      }
      await expect(store.put('rule', 'b', 1, 1)).rejects.toMatchObject({ code: 'WEIR_VERSION_CONFLICT' })
      expect((await store.get('rule', 'a'))?.body).toBe(2)
    })

    it('lets one of two writers with the same version win', async () => {
      await store.put('rule', 'a', 0, 0)
      const results = await Promise.allSettled([store.put('rule', 'a', 1, 1), store.put('rule', 'a', 2, 1)])
      expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
    })

    it('removes the version that was read only, and starts anew after', async () => {
      await store.put('rule', 'a', 0, 0)
      await expect(store.remove('rule', 'a', 2)).rejects.toMatchObject({ code: 'WEIR_VERSION_CONFLICT' })
      await store.remove('rule', 'a', 1)
      expect(await store.get('rule', 'a')).toBeUndefined()
      await expect(store.remove('rule', 'a', 1)).rejects.toMatchObject({ code: 'WEIR_VERSION_CONFLICT' })
      expect(await store.put('rule', 'a', 1, 0)).toMatchObject({ version: 1 })
    })

    it('lists a kind by id, a page at a time', async () => {
      for (const id of ['c', 'a', 'b']) await store.put('rule', id, id, 0)
      await store.put('channel', 'a', 'other', 0)
      expect((await store.list('rule', { limit: 2 })).map((document) => document.id)).toEqual(['a', 'b'])
      expect((await store.list('rule', { limit: 2, after: 'b' })).map((document) => document.id)).toEqual(['c'])
      expect(await store.list('none', { limit: 2 })).toEqual([])
    })

    it('refuses calls after close', async () => {
      await store.close()
      await expect(store.get('rule', 'a')).rejects.toMatchObject({ code: 'WEIR_CLOSED' })
    })
  })
}
