import { openLogStore } from '../log-store/log-store.ts'
import { openMetricStore } from '../metric-store/metric-store.ts'

// Child of the kill test: appends without end from the given offset, and says each acknowledged batch on standard output.
const [dir, firstOffset] = [process.argv[2]!, Number(process.argv[3])]
const T0 = Date.UTC(2026, 4, 20)
const BATCH = 50

const logs = await openLogStore({ dir })
const metrics = await openMetricStore({ dir })
for (let offset = firstOffset; ; offset += BATCH) {
  const offsets = Array.from({ length: BATCH }, (_, i) => offset + i)
  await logs.append(
    { topicId: 't', partition: 0 },
    offsets.map((each) => ({
      offset: each,
      brokerTimeMs: T0 + each,
      record: {
        timeMs: T0 + (each % 1_000),
        observedTimeMs: T0,
        service: 'child',
        severityNumber: 9,
        body: `line ${each}`,
        attributes: {},
      },
    })),
  )
  await metrics.upsert(
    offsets.map((each) => ({
      series: { metric: 'm', labels: { n: String(each % 20) } },
      resolutionMs: 10_000,
      startMs: T0 + (each % 5_000) * 10_000,
      aggregate: { count: each, sum: each, min: 1, max: 1, sketch: null },
      revision: 0,
      closed: false,
      source: { topicId: 't', partition: 0, offset: each },
    })),
  )
  process.stdout.write(`${offset + BATCH}\n`)
}
