const SLOTS = 1 << 16

/**
 * Lets in what comes twice. While forms come faster than they can be kept, most of them never come again, and a look at
 * 64 hash bits must do. What two forms that share a slot overwrite is forgotten: they may need a third visit.
 */
export class Doorkeeper {
  private readonly seenA = new Int32Array(SLOTS)
  private readonly seenB = new Int32Array(SLOTS)

  admits(hashA: number, hashB: number): boolean {
    const slot = (hashA ^ (hashB >>> 11)) & (SLOTS - 1)
    if (this.seenA[slot] === hashA && this.seenB[slot] === hashB) return true
    this.seenA[slot] = hashA
    this.seenB[slot] = hashB
    return false
  }
}
