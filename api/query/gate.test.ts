import { describe, expect, it } from 'vitest'
import { Gate } from './gate.ts'

describe('Gate', () => {
  it('lets two run, the next wait in order, and refuses one past the bound', async () => {
    const gate = new Gate(2, 2)
    const started: number[] = []
    const finish: (() => void)[] = []
    const work = (n: number) => () => {
      started.push(n)
      return new Promise<void>((resolve) => finish.push(resolve))
    }
    const runs = [1, 2, 3, 4].map((n) => gate.run(work(n)))
    await expect(gate.run(work(5))).rejects.toMatchObject({ code: 'WEIR_OVERLOADED', retriable: true })
    expect(started).toEqual([1, 2])

    finish[1]!()
    await runs[1]
    expect(started).toEqual([1, 2, 3])
    finish[0]!()
    await runs[0]
    expect(started).toEqual([1, 2, 3, 4])
    for (const done of finish) done()
    await Promise.all(runs)
  })

  it('goes on after work that failed', async () => {
    const gate = new Gate(1, 1)
    await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(gate.run(async () => 7)).resolves.toBe(7)
  })
})
