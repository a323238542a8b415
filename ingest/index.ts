export { DEFAULT_LIMITS, type IngestLimits } from './limits.ts'
export { LINE_FORMATS, type LineFormat } from './parse/parser-for.ts'
export { type IngestOptions, type IngestRole, startIngest } from './start-ingest.ts'
