const FIRST_CAPACITY = 1024

/** From the 64-bit hash of a masked line to a form's index: open addressing in flat arrays, at most half full. */
export class FormTable {
  private keysA = new Int32Array(FIRST_CAPACITY)
  private keysB = new Int32Array(FIRST_CAPACITY)
  /** Index + 1; 0 is free. */
  private values = new Int32Array(FIRST_CAPACITY)
  private used = 0

  get size(): number {
    return this.used
  }

  /** -1 if there is none. */
  get(hashA: number, hashB: number): number {
    const mask = this.values.length - 1
    for (let slot = (hashA ^ (hashB >>> 7)) & mask; ; slot = (slot + 1) & mask) {
      const value = this.values[slot] as number
      if (value === 0) return -1
      if (this.keysA[slot] === hashA && this.keysB[slot] === hashB) return value - 1
    }
  }

  set(hashA: number, hashB: number, index: number): void {
    if ((this.used + 1) * 2 > this.values.length) this.grow()
    const mask = this.values.length - 1
    let slot = (hashA ^ (hashB >>> 7)) & mask
    while (this.values[slot] !== 0 && !(this.keysA[slot] === hashA && this.keysB[slot] === hashB))
      slot = (slot + 1) & mask
    if (this.values[slot] === 0) this.used++
    this.keysA[slot] = hashA
    this.keysB[slot] = hashB
    this.values[slot] = index + 1
  }

  clear(): void {
    this.values.fill(0)
    this.used = 0
  }

  private grow(): void {
    const { keysA, keysB, values } = this
    this.keysA = new Int32Array(values.length * 2)
    this.keysB = new Int32Array(values.length * 2)
    this.values = new Int32Array(values.length * 2)
    this.used = 0
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot] as number
      if (value > 0) this.set(keysA[slot] as number, keysB[slot] as number, value - 1)
    }
  }
}
