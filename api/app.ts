import { constants } from 'node:zlib'
import compress from '@fastify/compress'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import type {
  AnomalyStore,
  Broker,
  Clock,
  DocumentStore,
  LogStore,
  MetricDefinition,
  MetricStore,
  RoleStatus,
} from '@weir/core'
import fastify, { type FastifyBaseLogger, LogController } from 'fastify'
import type { Logger } from 'pino'
import { AnnotationBook } from './annotations/annotation-book.ts'
import { type ApiLimits, DEFAULT_LIMITS } from './limits.ts'
import { LiveHub } from './live/live-hub.ts'
import { serveDashboard } from './plugins/dashboard-files.ts'
import { answerErrors } from './plugins/error-answers.ts'
import { guardHosts } from './plugins/host-guard.ts'
import { describeRoutes } from './plugins/openapi.ts'
import { setSecurityHeaders } from './plugins/security-headers.ts'
import { DeadLetterTally } from './progress/dead-letter-tally.ts'
import { Progress } from './progress/progress.ts'
import { QueryEngine } from './query/query-engine.ts'
import { annotationRoutes } from './routes/annotations.ts'
import { catalogueRoutes } from './routes/catalogue.ts'
import { liveRoutes } from './routes/live.ts'
import { logRoutes } from './routes/log.ts'
import { operationsRoutes } from './routes/operations.ts'
import { pipelineRoutes } from './routes/pipeline.ts'
import { queryRoutes } from './routes/query.ts'
import type { RouteHost } from './routes/route-host.ts'
import type { PipelineState } from './schemas/pipeline.ts'

/** What the API answers from. It closes none of it. */
export interface ApiDeps {
  readonly metricStore: MetricStore
  readonly logStore: LogStore
  readonly anomalyStore: AnomalyStore
  readonly documentStore: DocumentStore
  readonly broker: Broker
  readonly definitions: readonly MetricDefinition[]
  readonly clock: Clock
  /** Of every role of this Weir, the API's own included or not. */
  readonly roles: () => Promise<readonly RoleStatus[]>
  /** Where ingest listens; absent, or null: not known, or not yet. */
  readonly ingest?: () => PipelineState['ingest']
  /** Metrics of this process as Prometheus text. */
  readonly prometheus: () => Promise<string>
  readonly logger: Logger
  /** The built dashboard; absent: none is served. */
  readonly dashboardDir?: string
  /** Host names besides localhost under which clients may come. */
  readonly allowedHosts?: readonly string[]
  readonly limits?: Partial<ApiLimits>
}

export interface Api {
  readonly app: RouteHost
  /** Totals since it was built, by name. */
  counters(): Readonly<Record<string, number>>
  /** What its background work can not do; empty while all is well. */
  problems(): readonly string[]
}

/** The API without a socket; `app.close()` ends its background work and its live connections. */
export async function buildApp(deps: ApiDeps): Promise<Api> {
  const { broker, clock, definitions, logger, metricStore, logStore, anomalyStore, documentStore } = deps
  const limits = { ...DEFAULT_LIMITS, ...deps.limits }
  const progress = new Progress(broker, logger)
  const deadLetters = new DeadLetterTally(broker, documentStore, logger)
  const annotations = new AnnotationBook(documentStore, limits.maxAnnotations, () => progress.annotationsChanged())
  const sources = { metricStore, logStore, anomalyStore, annotations }
  const engine = new QueryEngine({ sources, definitions, progress, clock, limits, logger })
  const hub = new LiveHub({ engine, progress, clock, limits })
  const problems = () => [...progress.problems(), ...(deadLetters.problem === undefined ? [] : [deadLetters.problem])]

  const app: RouteHost = fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    // Queries of a live connection or a shared link travel in the URL.
    http: { maxHeaderSize: 64 * 1024 },
    routerOptions: { maxParamLength: 300 },
  })
  app.setValidatorCompiler(TypeBoxValidatorCompiler)
  // The handlers' types are the schemas': serialising by schema would only hide a mistake, and is slower on long arrays.
  app.setSerializerCompiler(() => JSON.stringify)
  app.removeContentTypeParser('text/plain')
  answerErrors(app, logger)
  guardHosts(app, deps.allowedHosts ?? [])
  await setSecurityHeaders(app)
  await app.register(compress, {
    encodings: ['zstd', 'br', 'gzip'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
  })
  await describeRoutes(app)

  queryRoutes(app, engine)
  liveRoutes(app, hub)
  logRoutes(app, logStore)
  catalogueRoutes(app, { definitions, metricStore, logStore })
  annotationRoutes(app, annotations, clock)
  pipelineRoutes(app, { broker, progress, deadLetters, roles: deps.roles, ingest: deps.ingest ?? (() => null) }, clock)
  operationsRoutes(app, { ...deps, problems })
  await serveDashboard(app, deps.dashboardDir)

  app.addHook('onReady', async () => {
    progress.start()
    deadLetters.start()
  })
  app.addHook('preClose', async () => hub.close())
  app.addHook('onClose', async () => {
    await Promise.all([progress.stop(), deadLetters.stop()])
  })
  return { app, counters: () => ({ ...engine.counters, ...hub.counters, ...progress.counters }), problems }
}
