import { describe, expect, it } from 'vitest'
import { DrawQueue } from './draw-queue.ts'

function queue() {
  const turns: (() => void)[] = []
  const drawn: string[] = []
  const draws = new DrawQueue((callback) => turns.push(callback))
  const draw = (chart: object, name: string) => draws.draw(chart, () => drawn.push(name))
  return { draw, drawn, turn: () => turns.shift()?.() }
}

describe('DrawQueue', () => {
  const [a, b] = [{}, {}]

  it('draws one chart a turn, in the order asked for', () => {
    const { draw, drawn, turn } = queue()
    draw(a, 'a')
    draw(b, 'b')
    expect(drawn).toEqual([])
    turn()
    expect(drawn).toEqual(['a'])
    turn()
    expect(drawn).toEqual(['a', 'b'])
  })

  it('draws only the newest of one chart', () => {
    const { draw, drawn, turn } = queue()
    draw(a, 'old')
    draw(a, 'new')
    turn()
    turn()
    expect(drawn).toEqual(['new'])
  })

  it('draws nothing that was called off, and goes on after it', () => {
    const { draw, drawn, turn } = queue()
    draw(a, 'a')()
    turn()
    draw(b, 'b')
    turn()
    expect(drawn).toEqual(['b'])
  })
})
