import { buildApp } from './app.ts'
import { MemoryWeir } from './testing/memory-weir.ts'

/** The API's description as it is committed for the dashboard's client: keys sorted, no servers. */
export async function openApiText(): Promise<string> {
  const { app } = await buildApp(new MemoryWeir())
  try {
    await app.ready()
    const { servers: _, ...description } = app.swagger() as unknown as Record<string, unknown>
    return `${JSON.stringify(sortKeys(description), null, 2)}\n`
  } finally {
    await app.close()
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, part]) => [key, sortKeys(part)]))
}
