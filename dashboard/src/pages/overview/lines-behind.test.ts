import { describe, expect, it } from 'vitest'
import { OTHERS } from './event-rate.ts'
import { eventFilter, routeFilter } from './lines-behind.ts'

describe('eventFilter', () => {
  it.each([
    ['all lines of the whole step', eventFilter('severity', undefined), {}],
    ['a severity and what is worse', eventFilter('severity', 'warn'), { severity: 'warn' }],
    ['all lines where none is known', eventFilter('severity', 'unknown'), {}],
    ['a service', eventFilter('service', 'checkout'), { services: ['checkout'] }],
    ['all lines for the services drawn as one', eventFilter('service', OTHERS), {}],
  ])('gives %s', (_, filter, expected) => {
    expect(filter).toEqual(expected)
  })
})

describe('routeFilter', () => {
  it.each([
    ['GET', '/api/products', 'GET "/api/products"'],
    ['GET', '/api/products/:id', 'GET "/api/products"'],
    ['PUT', '/api/carts/{customer}/items/{id}', 'PUT "/api/carts" "/items"'],
    ['', '/<id>/state', '"/state"'],
    ['GET', '/', 'GET'],
  ])('searches for %s %s', (method, route, q) => {
    expect(routeFilter({ service: 'shop', method, route })).toEqual({ services: ['shop'], q })
  })

  it('filters by the service alone where there is no route', () => {
    expect(routeFilter({ service: 'shop', method: '', route: '' })).toEqual({ services: ['shop'] })
  })
})
