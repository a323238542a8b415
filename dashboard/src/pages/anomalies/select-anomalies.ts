import type { Anomaly } from '../../api/answers.ts'

/** @param metric undefined: all @param level `error`: those alone @param service undefined: all */
export function selectAnomalies(
  anomalies: readonly Anomaly[],
  metric: string | undefined,
  level: 'error' | undefined,
  service?: string,
): Anomaly[] {
  return anomalies.filter(
    (anomaly) =>
      (metric === undefined || anomaly.metric === metric) &&
      (level === undefined || anomaly.severity === level) &&
      (service === undefined || anomaly.labels.service === service),
  )
}

const NAMES: Readonly<Record<string, string>> = {
  'logs.count': 'Events',
  'http.server.requests': 'Requests',
  'http.server.duration': 'Latency',
  'http.server.bytes': 'Bytes',
  'http.server.errors': 'Errors',
}

/** A built-in metric by its plain name, another by its own. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric
}

/** checkout POST /api/orders: the labels in the order one would say them, the service left out since it has a chip. */
export function subjectOf(labels: Readonly<Record<string, string>>): string {
  const { service: _, method, route, ...rest } = labels
  return [method, route, ...Object.values(rest)].filter((part) => part !== undefined && part !== '').join(' ')
}
