import type { FastifyInstance } from 'fastify'
import type { Shop } from './shop.ts'
import { ShopError } from './shop-error.ts'

export function registerProductRoutes(app: FastifyInstance, { catalogue, inventory }: Shop): void {
  app.get('/api/products', async (request) => {
    const products = await catalogue.list(request.shopLog)
    request.access.phrases.push(`${products.length} products`)
    return { products: products.map((product) => ({ ...product, available: inventory.level(product.sku).available })) }
  })

  app.get<{ Params: { id: string } }>('/api/products/:id', async (request) => {
    const { id } = request.params
    request.access.attributes = { 'product.sku': id.slice(0, 64) }
    const product = await catalogue.find(id, request.shopLog)
    if (!product) throw new ShopError(404, 'SHOP_PRODUCT_UNKNOWN', `There is no product ${id}.`)
    return { ...product, available: inventory.level(id).available }
  })
}
