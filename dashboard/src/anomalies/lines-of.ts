import type { Anomaly, MinSeverity } from '../api/answers.ts'

/** How much is shown before and after the window of an anomaly. ms */
export const MARGIN_MS = 300_000

/** Metrics whose anomalies are explained by error lines rather than by all lines. */
const ERROR_METRIC = 'http.server.errors'

interface LinesLink {
  readonly to: '/logs'
  readonly search: { from: number; to: number; services?: string[]; severity?: MinSeverity }
}

/** The way to the lines behind an anomaly: its window with five minutes around it, and its service. */
export function linesOf(anomaly: Anomaly): LinesLink {
  const { service, severity } = anomaly.labels
  const minSeverity =
    anomaly.metric === ERROR_METRIC || severity === 'error' ? 'error' : severity === 'warn' ? 'warn' : undefined
  return {
    to: '/logs',
    search: {
      from: anomaly.startMs - MARGIN_MS,
      to: anomaly.startMs + anomaly.resolutionMs + MARGIN_MS,
      ...(service ? { services: [service] } : {}),
      ...(minSeverity ? { severity: minSeverity } : {}),
    },
  }
}

/** The way to the charts around it. */
export function chartsOf(anomaly: Anomaly): { to: '/'; search: { from: number; to: number; latency?: string } } {
  const { service } = anomaly.labels
  return {
    to: '/',
    search: {
      from: anomaly.startMs - MARGIN_MS,
      to: anomaly.startMs + anomaly.resolutionMs + MARGIN_MS,
      ...(service ? { latency: service } : {}),
    },
  }
}
