import { pino } from 'pino'
import { startShop } from './index.ts'

const logger = pino({ name: 'shop' })

try {
  const shop = await startShop({
    port: readNumber('PORT', 4000, 65_535),
    host: '127.0.0.1',
    fluent: { host: process.env.FLUENT_HOST ?? '127.0.0.1', port: readNumber('FLUENT_PORT', 24_224, 65_535) },
    requestsPerSecond: readNumber('RATE', 30, 2_000),
    logger,
  })
  logger.info(`The shop is open at ${shop.url}. Ctrl-C closes it.`)
  const close = async () => {
    await shop.stop()
    process.exit(0)
  }
  process.once('SIGINT', close)
  process.once('SIGTERM', close)
} catch (error) {
  logger.fatal(`The shop can not start: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}

function readNumber(name: string, fallback: number, max: number): number {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (Number.isFinite(value) && value >= 0 && value <= max) return value
  throw new Error(`${name} must be a number from 0 to ${max}; it is "${text}". Change or unset it.`)
}
