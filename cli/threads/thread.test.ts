import { expect, it } from 'vitest'
import { Thread } from './thread.ts'

it('a thread that crashes says why, once, and keeps nobody waiting', async () => {
  const { promise: crashed, resolve } = Promise.withResolvers<string>()
  const thread = await Thread.start({
    name: '../testing/crashing',
    data: {},
    onCrash: (_name, error) => resolve(error.message),
  })
  expect(await crashed).toBe('out of luck')
  expect(await thread.status()).toEqual([])
  await thread.stop()
})
