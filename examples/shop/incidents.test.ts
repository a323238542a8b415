import { describe, expect, it } from 'vitest'
import { Incidents, parseIncidentRequest } from './incidents.ts'

describe('Incidents', () => {
  it('ends an incident by itself: the end is no longer part of it', () => {
    let nowMs = 1_000_000
    const incidents = new Incidents(() => nowMs)
    expect(incidents.set({ kind: 'latency', durationMs: 5_000 })).toEqual({ kind: 'latency', endsAtMs: 1_005_000 })
    nowMs = 1_004_999
    expect(incidents.current().kind).toBe('latency')
    nowMs = 1_005_000
    expect(incidents.current()).toEqual({ kind: 'none' })
  })

  it('replaces the incident under way, and none ends it', () => {
    const incidents = new Incidents(() => 0)
    incidents.set({ kind: 'latency', durationMs: 5_000 })
    incidents.set({ kind: 'errors', durationMs: 60_000 })
    expect(incidents.current()).toEqual({ kind: 'errors', endsAtMs: 60_000 })
    incidents.set({ kind: 'none', durationMs: 60_000 })
    expect(incidents.current()).toEqual({ kind: 'none' })
  })
})

describe('parseIncidentRequest', () => {
  it.each([
    ['takes the shortest duration', { kind: 'errors', durationMs: 1_000 }, { kind: 'errors', durationMs: 1_000 }],
    ['takes the longest', { kind: 'silence', durationMs: 3_600_000 }, { kind: 'silence', durationMs: 3_600_000 }],
    ['lasts two minutes if not told', { kind: 'latency' }, { kind: 'latency', durationMs: 120_000 }],
    ['refuses a duration below the shortest', { kind: 'latency', durationMs: 999 }, /1000 to 3600000; it is 999\./],
    ['refuses one above the longest', { kind: 'latency', durationMs: 3_600_001 }, /it is 3600001\./],
    ['refuses half a millisecond', { kind: 'latency', durationMs: 1_000.5 }, /whole number/],
    ['refuses a duration in words', { kind: 'latency', durationMs: '2m' }, /it is "2m"\./],
    ['names the kinds there are', { kind: 'fire' }, /none, latency, errors, silence; it is "fire"\./],
    ['says that the kind is missing', {}, /kind must be one of .*; it is missing\./],
    ['names a key it does not know', { kind: 'latency', seconds: 5 }, /"seconds" is not known/],
    ['shows the form to one who sends none', null, /\{"kind":"latency","durationMs":120000\}/],
    ['shows it to one who sends a list', [], /Send a JSON object/],
  ])('%s', (_sentence, body, expected) => {
    const parsed = parseIncidentRequest(body)
    if (expected instanceof RegExp) expect(parsed).toMatch(expected)
    else expect(parsed).toEqual(expected)
  })
})
