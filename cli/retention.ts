import type { Clock } from '@weir/core'
import type { Logger } from 'pino'

const EVERY_MS = 10 * 60_000

/** A store that drops what is past its retention when told to. */
interface Expiring {
  applyRetention(nowMs: number): Promise<void>
}

/**
 * Applies the stores' retention now and every ten minutes. What could not be dropped is logged and tried again.
 *
 * @returns ends it
 */
export function keepRetention(stores: readonly Expiring[], clock: Clock, logger: Logger): () => void {
  const apply = async () => {
    for (const store of stores) {
      await store.applyRetention(clock.now()).catch((err: Error) => {
        logger.error({ err }, 'retention could not drop what is too old; the next try is in ten minutes')
      })
    }
  }
  void apply()
  const timer = setInterval(apply, EVERY_MS)
  timer.unref()
  return () => clearInterval(timer)
}
