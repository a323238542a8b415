import { serveThread } from '../threads/serve-thread.ts'

await serveThread<unknown>(async () => {
  setTimeout(() => {
    throw new Error('out of luck')
  }, 10)
  return { roles: [], close: async () => {} }
})
