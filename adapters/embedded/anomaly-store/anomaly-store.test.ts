import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeAnomalyStoreContract } from '../../contracts/anomaly-store.ts'
import { openAnomalyStore } from './anomaly-store.ts'

describeAnomalyStoreContract('embedded', {
  async start() {
    const dir = await mkdtemp(join(tmpdir(), 'weir-anomalies-'))
    const retentionMs = 86_400_000
    const store = await openAnomalyStore({ dir, retentionMs })
    return {
      store,
      retentionMs,
      async stop() {
        await store.close()
        await rm(dir, { recursive: true })
      },
    }
  },
})
