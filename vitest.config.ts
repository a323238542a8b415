import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{core,adapters,ingest,processors,api,cli,dashboard,examples,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          pool: 'forks',
          testTimeout: 20_000,
          hookTimeout: 20_000,
          execArgv: ['--disable-warning=ExperimentalWarning'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**'],
          pool: 'forks',
          // Each starts a whole Weir: side by side they would measure each other.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          execArgv: ['--disable-warning=ExperimentalWarning'],
        },
      },
    ],
    maxWorkers: 2,
  },
})
