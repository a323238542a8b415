/** Answers as JSON, by query; the least recently used go first once their text passes the bound. */
export class AnswerCache {
  readonly #maxChars: number
  readonly #answers = new Map<string, { readonly version: number; readonly json: string }>()
  #chars = 0

  constructor(maxChars: number) {
    this.#maxChars = maxChars
  }

  /** @param version of the data that the answer must be of */
  get(key: string, version: number): string | undefined {
    const answer = this.#answers.get(key)
    if (answer?.version !== version) return undefined
    this.#answers.delete(key)
    this.#answers.set(key, answer)
    return answer.json
  }

  set(key: string, version: number, json: string): void {
    this.#remove(key)
    this.#answers.set(key, { version, json })
    this.#chars += key.length + json.length
    for (const oldest of this.#answers.keys()) {
      if (this.#chars <= this.#maxChars) return
      this.#remove(oldest)
    }
  }

  get size(): number {
    return this.#answers.size
  }

  #remove(key: string): void {
    const answer = this.#answers.get(key)
    if (!answer) return
    this.#answers.delete(key)
    this.#chars -= key.length + answer.json.length
  }
}
