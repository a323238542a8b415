import type { Incident, IncidentKind } from './incidents.ts'

/**
 * Switches an incident of a running shop on, or off with `none`.
 *
 * @param baseUrl    of the shop, such as http://127.0.0.1:4321
 * @param durationMs 1_000..3_600_000; the incident ends by itself after it
 * @throws {Error} if no shop answers there within 5 s, or it refuses; the message says why
 */
export async function setIncident(baseUrl: string, kind: IncidentKind, durationMs: number): Promise<Incident> {
  const url = new URL('/admin/incident', baseUrl)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind, durationMs }),
      signal: AbortSignal.timeout(5_000),
    })
  } catch (cause) {
    throw new Error(`No shop answers at ${url.origin}. Start the demo first, or give the URL it printed.`, { cause })
  }
  if (!response.ok) {
    throw new Error(`The shop at ${url.origin} answered ${response.status}: ${await refusal(response)}`)
  }
  return (await response.json()) as Incident
}

async function refusal(response: Response): Promise<string> {
  const text = await response.text()
  if (!response.headers.get('content-type')?.startsWith('application/json')) return text.slice(0, 200)
  const body = JSON.parse(text) as { message?: string }
  return body.message ?? text.slice(0, 200)
}
