import type { FastifyInstance } from 'fastify'
import type { OrderLine } from './inventory.ts'
import type { Shop } from './shop.ts'
import { ShopError } from './shop-error.ts'

const ITEMS_SCHEMA = {
  type: 'array',
  minItems: 1,
  maxItems: 50,
  items: {
    type: 'object',
    required: ['sku', 'quantity'],
    additionalProperties: false,
    properties: {
      sku: { type: 'string', minLength: 1, maxLength: 64 },
      quantity: { type: 'integer', minimum: 1, maximum: 1000 },
    },
  },
} as const

const CUSTOMER_SCHEMA = { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' } as const

const ORDER_SCHEMA = {
  type: 'object',
  required: ['customer', 'items'],
  additionalProperties: false,
  properties: { customer: CUSTOMER_SCHEMA, items: ITEMS_SCHEMA },
} as const

const CART_PARAMS_SCHEMA = { type: 'object', properties: { customer: CUSTOMER_SCHEMA } } as const

const CART_SCHEMA = {
  type: 'object',
  required: ['items'],
  additionalProperties: false,
  properties: { items: { ...ITEMS_SCHEMA, minItems: 0 } },
} as const

interface OrderBody {
  customer: string
  items: OrderLine[]
}

export function registerOrderRoutes(app: FastifyInstance, { checkout, carts }: Shop): void {
  app.post<{ Body: OrderBody }>('/api/orders', { schema: { body: ORDER_SCHEMA } }, async (request, reply) => {
    const { customer, items } = request.body
    const { access, trace } = request
    access.attributes = { 'customer.id': customer }
    const draft = checkout.draft(customer, items)
    access.phrases.push(`order ${draft.id}`, `${items.length} ${items.length === 1 ? 'item' : 'items'}`)
    access.attributes = { 'customer.id': customer, 'order.id': draft.id, 'order.items': items.length }
    const order = await checkout.place(draft, trace)
    carts.clear(customer)
    return reply.code(201).send(order)
  })

  app.get<{ Params: { id: string } }>('/api/orders/:id', (request) => {
    const { id } = request.params
    const order = checkout.order(id)
    if (!order) throw new ShopError(404, 'SHOP_ORDER_UNKNOWN', `There is no order ${id} among the last 10,000.`)
    request.access.attributes = { 'customer.id': order.customerId, 'order.id': order.id }
    return order
  })

  app.get<{ Params: { customer: string } }>(
    '/api/cart/:customer',
    { schema: { params: CART_PARAMS_SCHEMA } },
    async (request) => {
      const { customer } = request.params
      request.access.attributes = { 'customer.id': customer }
      return { customer, items: await carts.read(customer) }
    },
  )

  app.put<{ Params: { customer: string }; Body: { items: OrderLine[] } }>(
    '/api/cart/:customer',
    { schema: { params: CART_PARAMS_SCHEMA, body: CART_SCHEMA } },
    async (request) => {
      const { customer } = request.params
      request.access.attributes = { 'customer.id': customer }
      return { customer, items: await carts.replace(customer, request.body.items) }
    },
  )
}
