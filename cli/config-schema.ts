import { type Static, type TSchema, Type } from 'typebox'

/**
 * A setting of `weir.yaml`, and of the environment as `env`. Every setting has a default: without any file Weir runs
 * whole, on loopback, in `./.weir`.
 */
function setting<S extends TSchema>(env: string, schema: S): S {
  return Object.assign(schema, { env })
}

const port = (env: string, value: number, description: string) =>
  setting(env, Type.Integer({ minimum: 0, maximum: 65_535, default: value, description }))
const host = (env: string, description: string) =>
  setting(env, Type.String({ minLength: 1, default: '127.0.0.1', description }))
const days = (env: string, value: number, description: string) =>
  setting(env, Type.Number({ exclusiveMinimum: 0, maximum: 36_500, default: value, description }))

export const ConfigSchema = Type.Object(
  {
    dataDir: setting(
      'WEIR_DATA_DIR',
      Type.String({ minLength: 1, default: './.weir', description: 'Folder of everything that Weir keeps.' }),
    ),
    logLevel: setting(
      'WEIR_LOG_LEVEL',
      Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal'], {
        default: 'info',
        description: "Least level of Weir's own log, DATA_DIR/weir.log.",
      }),
    ),
    api: Type.Object(
      {
        host: host('WEIR_HOST', 'Address of the dashboard and API.'),
        port: port('WEIR_PORT', 3000, 'Port of the dashboard and API.'),
        allowedHosts: setting(
          'WEIR_ALLOWED_HOSTS',
          Type.Array(Type.String({ minLength: 1 }), {
            default: [],
            description: 'Host names, besides loopback and the address, that browsers may use to reach the API.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    ingest: Type.Object(
      {
        host: host('WEIR_INGEST_HOST', 'Address that takes logs by HTTP.'),
        port: port('WEIR_INGEST_PORT', 4318, 'Port that takes logs by HTTP.'),
        forwardHost: host('WEIR_FORWARD_HOST', 'Address that takes logs by the Fluent Forward protocol.'),
        forwardPort: port('WEIR_FORWARD_PORT', 24_224, 'Port that takes logs by the Fluent Forward protocol.'),
      },
      { additionalProperties: false },
    ),
    broker: Type.Object(
      {
        logsPartitions: setting(
          'WEIR_LOGS_PARTITIONS',
          Type.Integer({ minimum: 1, maximum: 64, default: 4, description: 'Partitions of topic logs.' }),
        ),
        deltasPartitions: setting(
          'WEIR_DELTAS_PARTITIONS',
          Type.Integer({ minimum: 1, maximum: 64, default: 2, description: 'Partitions of topic metric-deltas.' }),
        ),
        retentionDays: days('WEIR_BROKER_RETENTION_DAYS', 1, 'How long topics keep records.'),
        durability: setting(
          'WEIR_DURABILITY',
          Type.Enum(['process', 'power'], {
            default: 'process',
            description: 'What an acknowledged record survives: kill -9 of Weir, or a power cut besides (slower).',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    retention: Type.Object(
      {
        logsDays: days('WEIR_RETENTION_LOGS_DAYS', 7, 'How long log lines are kept.'),
        anomaliesDays: days('WEIR_RETENTION_ANOMALIES_DAYS', 180, 'How long anomalies are kept.'),
        metrics10sDays: days('WEIR_RETENTION_METRICS_10S_DAYS', 3, 'How long 10 s windows are kept.'),
        metrics1minDays: days('WEIR_RETENTION_METRICS_1MIN_DAYS', 30, 'How long 1 min windows are kept.'),
        metrics5minDays: days('WEIR_RETENTION_METRICS_5MIN_DAYS', 180, 'How long 5 min windows are kept.'),
        metrics1hDays: days('WEIR_RETENTION_METRICS_1H_DAYS', 36_500, 'How long 1 h windows are kept.'),
      },
      { additionalProperties: false },
    ),
    windows: Type.Object(
      {
        outOfOrdernessMs: setting(
          'WEIR_OUT_OF_ORDERNESS_MS',
          Type.Integer({
            minimum: 0,
            maximum: 3_600_000,
            default: 2_000,
            description: 'How far the watermark stays behind the newest event time.',
          }),
        ),
        graceMs: setting(
          'WEIR_GRACE_MS',
          Type.Integer({
            minimum: 0,
            maximum: 86_400_000,
            default: 5_000,
            description: 'How long after its end a window waits before its detectors run.',
          }),
        ),
        idleMs: setting(
          'WEIR_IDLE_MS',
          Type.Integer({
            minimum: 1_000,
            maximum: 3_600_000,
            default: 30_000,
            description: 'After how long without records a partition stops holding the watermark back.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    demo: Type.Object(
      {
        enabled: setting(
          'WEIR_DEMO',
          Type.Boolean({ default: true, description: 'Run the demo shop and send its logs.' }),
        ),
        port: port('WEIR_DEMO_PORT', 3001, 'Port of the demo shop, on loopback.'),
        requestsPerSecond: setting(
          'WEIR_DEMO_RATE',
          Type.Number({
            minimum: 0,
            maximum: 1_000,
            default: 25,
            description: 'Requests that the load driver sends a second.',
          }),
        ),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
)
export type Config = Static<typeof ConfigSchema>
