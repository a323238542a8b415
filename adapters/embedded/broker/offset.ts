import { WeirError } from '@weir/core'

/**
 * @returns the offset
 * @throws WEIR_OFFSET_OUT_OF_RANGE unless it is a whole number ≥ 0
 */
export function requireOffset(offset: number): number {
  if (Number.isSafeInteger(offset) && offset >= 0) return offset
  throw new WeirError('WEIR_OFFSET_OUT_OF_RANGE', `${offset} is no offset: give a whole number from 0 on.`)
}
