export { type ApiDeps, buildApp } from './app.ts'
export type { ApiLimits } from './limits.ts'
export { type ApiServerOptions, startApi } from './server.ts'
