import { describe, expect, it } from 'vitest'
import { routeTemplate } from './route-template.ts'

describe('routeTemplate', () => {
  it.each([
    ['digits are an identity', '/api/products/42', '/api/products/:id'],
    ['in the middle too', '/users/7/orders/19', '/users/:id/orders/:id'],
    ['a UUID', '/carts/3f2b8c1e-9d4a-4e6b-8f7a-0c1d2e3f4a5b/items', '/carts/:id/items'],
    ['hex digits', '/blobs/deadbeef01', '/blobs/:id'],
    ['a word of hex letters is a word', '/cafe/facade', '/cafe/facade'],
    ['a long token', '/t/01HF7YAT00XK3ZV9W8Q2B5N6MC', '/t/:id'],
    [
      'a slug with a year stays',
      '/presentations/logstash-monitorama-2013/',
      '/presentations/logstash-monitorama-2013/',
    ],
    ['a file stays', '/images/kibana-dashboard3.png', '/images/kibana-dashboard3.png'],
    ['an API version stays', '/v1/health', '/v1/health'],
    ['the root', '/', '/'],
    ['no path at all', '*', '*'],
    ['empty', '', ''],
    ['dates', '/blog/2015/05/17/', '/blog/:id/:id/:id/'],
  ])('%s: %s', (_sentence, path, route) => {
    expect(routeTemplate(path)).toBe(route)
  })

  it('bounds the number of segments and the length', () => {
    expect(routeTemplate('/a'.repeat(17))).toBe(`${'/a'.repeat(16)}/*`)
    expect(routeTemplate(`/${'a'.repeat(1000)}`)).toHaveLength(256)
  })
})
