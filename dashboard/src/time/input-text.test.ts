import { describe, expect, it } from 'vitest'
import { fromInputText, toInputText } from './input-text.ts'

describe('the text of a date field', () => {
  it.each([
    ['UTC', 'UTC', '2015-05-17T10:05:03'],
    ['ahead of UTC', 'Asia/Kolkata', '2015-05-17T15:35:03'],
    ['behind it, on the day before', 'Pacific/Honolulu', '2015-05-17T00:05:03'],
  ])('is a clock of the zone: %s', (_, zone, text) => {
    const timeMs = Date.UTC(2015, 4, 17, 10, 5, 3)
    expect(toInputText(timeMs, zone)).toBe(text)
    expect(fromInputText(text, zone)).toBe(timeMs)
  })

  it('is right on the day that clocks change', () => {
    const afterChange = Date.UTC(2025, 2, 30, 1, 30)
    expect(fromInputText(toInputText(afterChange, 'Europe/Berlin'), 'Europe/Berlin')).toBe(afterChange)
  })

  it('takes a field without seconds, and refuses nonsense', () => {
    expect(fromInputText('2015-05-17T10:05', 'UTC')).toBe(Date.UTC(2015, 4, 17, 10, 5))
    expect(fromInputText('', 'UTC')).toBeUndefined()
  })
})
