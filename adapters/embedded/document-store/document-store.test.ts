import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeDocumentStoreContract } from '../../contracts/document-store.ts'
import { openDocumentStore } from './document-store.ts'

describeDocumentStoreContract('embedded', {
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'weir-documents-'))
    const nowMs = Date.UTC(2026, 4, 20)
    const store = await openDocumentStore({ dir, clock: { now: () => nowMs } })
    return {
      store,
      nowMs,
      async stop() {
        await store.close()
        await rm(dir, { recursive: true })
      },
    }
  },
})
