import { describe, expect, it } from 'vitest'
import { type KafkaConfig, kafkaSettings } from './config.ts'

const brokers = ['kafka-1:9092']

describe('kafkaSettings', () => {
  it('defaults to what a cluster without security takes', () => {
    expect(kafkaSettings({ brokers })).toEqual({
      brokers: [{ host: 'kafka-1', port: 9092 }],
      clientId: 'weir',
      tls: null,
      sasl: null,
      replicationFactor: -1,
      compression: 'gzip',
      deliveryTimeoutMs: 120_000,
      transactionTimeoutMs: 60_000,
    })
  })

  it('takes host names, IPv4 and bracketed IPv6 addresses', () => {
    const { brokers: parsed } = kafkaSettings({ brokers: ['localhost:1', '10.0.0.1:65535', '[::1]:9092'] })
    expect(parsed).toEqual([
      { host: 'localhost', port: 1 },
      { host: '10.0.0.1', port: 65_535 },
      { host: '::1', port: 9092 },
    ])
  })

  it.each<[string, KafkaConfig, RegExp]>([
    ['no broker', { brokers: [] }, /name one at least/],
    ['a broker without a port', { brokers: ['kafka'] }, /"kafka" is not host:port/],
    ['a port that is none', { brokers: ['kafka:65536'] }, /"kafka:65536" is not host:port/],
    ['an address', { brokers: ['kafka://kafka:9092'] }, /is not host:port/],
    ['half a client certificate', { brokers, tls: { cert: 'PEM' } }, /together/],
    ['an empty password', { brokers, sasl: { mechanism: 'plain', username: 'u', password: '' } }, /password/],
    ['no replica', { brokers, replicationFactor: 0 }, /replicationFactor: 0/],
    ['a time-out below a second', { brokers, deliveryTimeoutMs: 999 }, /deliveryTimeoutMs: 999/],
  ])('refuses %s', (_, config, problem) => {
    expect(() => kafkaSettings(config)).toThrow(
      expect.objectContaining({ code: 'WEIR_CONFIG_INVALID', message: expect.stringMatching(problem) }),
    )
  })

  it('tells every problem at once', () => {
    const broken: KafkaConfig = { brokers: ['kafka'], replicationFactor: 1.5, transactionTimeoutMs: 0 }
    expect(() => kafkaSettings(broken)).toThrow(/"kafka".*replicationFactor: 1.5.*transactionTimeoutMs: 0/)
  })
})
