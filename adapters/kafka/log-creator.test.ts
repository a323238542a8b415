import { createLogger } from 'kafkajs/src/loggers/index.js'
import { describe, expect, it } from 'vitest'
import { logCreator } from './log-creator.ts'

describe('logCreator', () => {
  it('takes kafkajs’ lines on, and calls what the adapter retries no error', () => {
    const lines: string[] = []
    const at = (level: string) => (fields: object, message: string) =>
      lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
    const creator = logCreator({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') })
    const logger = createLogger({ level: 5, logCreator: creator }) as {
      namespace(name: string): Record<'error' | 'warn' | 'info', (message: string, extra: object) => void>
    }
    const connection = logger.namespace('Connection')
    connection.error('Connection error: refused', { broker: 'b:1' })
    const other = logger.namespace('Other')
    other.error('broken', {})
    other.warn('odd', {})
    other.info('news', {})
    expect(lines.map((line) => line.replace(/"timestamp":"[^"]*",/, ''))).toEqual([
      'debug kafkajs: Connection error: refused {"logger":"kafkajs","broker":"b:1","part":"Connection"}',
      'error kafkajs: broken {"logger":"kafkajs","part":"Other"}',
      'warn kafkajs: odd {"logger":"kafkajs","part":"Other"}',
      'info kafkajs: news {"logger":"kafkajs","part":"Other"}',
    ])
  })
})
