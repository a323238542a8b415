import fastify from 'fastify'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { answerErrors } from './error-answers.ts'
import { guardHosts } from './host-guard.ts'

async function statusOf(headers: Record<string, string>): Promise<number> {
  const app = fastify()
  answerErrors(app, pino({ level: 'silent' }))
  guardHosts(app, ['weir.example.org'])
  app.post('/', async () => 'ok')
  return (await app.inject({ method: 'POST', url: '/', headers })).statusCode
}

describe('guardHosts', () => {
  it.each([
    ['localhost', 200],
    ['localhost:3000', 200],
    ['LOCALHOST:3000', 200],
    ['weir.localhost', 200],
    ['127.0.0.1:3000', 200],
    ['[::1]:3000', 200],
    ['192.168.1.5', 200],
    ['weir.example.org:443', 200],
    ['Weir.Example.org', 200],
    ['evil.example', 403],
    ['evil.example:3000', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['sub.weir.example.org', 403],
    ['127.0.0.1@evil.example', 403],
    ['a b', 403],
  ])('host %s: %i', async (host, status) => {
    expect(await statusOf({ host })).toBe(status)
  })

  it.each([
    ['http://127.0.0.1:3000', 200],
    ['http://localhost:5173', 200],
    ['https://weir.example.org', 200],
    ['https://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['null', 403],
  ])('a page of %s: %i', async (origin, status) => {
    expect(await statusOf({ host: 'localhost:3000', origin })).toBe(status)
  })
})
