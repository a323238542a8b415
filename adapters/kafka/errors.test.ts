import { WeirError } from '@weir/core'
import { createErrorFromCode } from 'kafkajs/src/protocol/error.js'
import { describe, expect, it } from 'vitest'
import { recoveryFrom, toWeirError } from './errors.ts'

describe('errors of Kafka', () => {
  it.each([
    [1, 'fail', 'WEIR_OFFSET_OUT_OF_RANGE', 'an offset outside the log'],
    [3, 'refresh', 'WEIR_TOPIC_UNKNOWN', 'a topic that this broker does not know, though another may'],
    [6, 'refresh', 'WEIR_BROKER_UNAVAILABLE', 'a partition that moved to another leader'],
    [10, 'fail', 'WEIR_RECORD_TOO_LARGE', 'a message over the bound'],
    [14, 'again', 'WEIR_BROKER_UNAVAILABLE', 'a coordinator that is loading'],
    [16, 'refresh', 'WEIR_BROKER_UNAVAILABLE', 'a coordinator that moved'],
    [19, 'again', 'WEIR_BROKER_UNAVAILABLE', 'too few replicas in sync'],
    [22, 'fail', 'WEIR_GROUP_FENCED', 'a generation that is over'],
    [25, 'fail', 'WEIR_GROUP_FENCED', 'a member that was put out'],
    [27, 'fail', 'WEIR_GROUP_FENCED', 'a rebalance that passes the member by'],
    [29, 'fail', 'WEIR_CONFIG_INVALID', 'a topic that the client may not use'],
    [47, 'fail', 'WEIR_PRODUCER_FENCED', 'a producer with an older epoch'],
    [48, 'fail', 'WEIR_TRANSACTION_STATE', 'a call that the transaction does not allow'],
    [51, 'again', 'WEIR_BROKER_UNAVAILABLE', 'the transaction before, which is still being completed'],
    [88, 'again', 'WEIR_BROKER_UNAVAILABLE', 'offsets of a transaction that is not decided'],
    [90, 'fail', 'WEIR_PRODUCER_FENCED', 'a fenced producer, a number that kafkajs does not know'],
    [9999, 'fail', 'WEIR_STORE_FAILED', 'a number that nobody knows'],
  ])('number %i means %s and %s: %s', (number, recovery, code) => {
    const error = Object.assign(createErrorFromCode(number), { code: number })
    expect(recoveryFrom(error)).toBe(recovery)
    expect(toWeirError(error, 'do it')).toMatchObject({ code, cause: error })
  })

  it.each([
    ['KafkaJSConnectionError', 'refresh', 'WEIR_BROKER_UNAVAILABLE'],
    ['KafkaJSRequestTimeoutError', 'refresh', 'WEIR_BROKER_UNAVAILABLE'],
    ['KafkaJSSASLAuthenticationError', 'fail', 'WEIR_CONFIG_INVALID'],
    ['TypeError', 'fail', 'WEIR_STORE_FAILED'],
  ])('%s means %s and %s', (name, recovery, code) => {
    const error = Object.assign(new Error('It went wrong.'), { name })
    expect(recoveryFrom(error)).toBe(recovery)
    expect(toWeirError(error, 'do it').code).toBe(code)
  })

  it('says what failed, why, and how to mend it', () => {
    const error = Object.assign(new Error('connect ECONNREFUSED'), {
      name: 'KafkaJSConnectionError',
      code: 'ECONNREFUSED',
    })
    expect(toWeirError(error, 'make topic logs').message).toBe(
      'Kafka could not make topic logs: connect ECONNREFUSED. Check that the brokers run and that this machine reaches their advertised addresses.',
    )
  })

  it('leaves an error of Weir as it is', () => {
    const error = new WeirError('WEIR_CLOSED', 'It was closed.')
    expect(toWeirError(error, 'do it')).toBe(error)
    expect(recoveryFrom(error)).toBe('fail')
  })
})
