/** Traits of words that tell how likely a logging statement's text, or a variable's value, they are. */
export const IDENTIFIER = 1
export const EVENT = 2
export const GRAMMAR = 4
export const CUE = 8

/** What stands behind these nouns is mostly its name. */
const CUES = new Set(
  (
    'user host process package client service file name node daemon app class module driver device interface key state ' +
    'named called'
  ).split(' '),
)
const GRAMMAR_WORDS = new Set(
  (
    'a an the to from for of in on at by with not no is are was were be has have had do does did will can could and or if ' +
    'as but than this that it its all any'
  ).split(' '),
)
const EVENT_WORDS = new Set(
  (
    'up down on off start stop success failure ok error fail open close begin end enter exit read write send receive get ' +
    'set add remove'
  ).split(' '),
)
const EVENT_ENDING = /(ed|ing)$/
const INNER_CAPITAL = /[a-z][A-Z]/
const INNER_MARK = /[._$/\\@~]/
const CAPITALS = /^[A-Z]{2,}$/

function traitsOf(word: string): number {
  const lower = word.toLowerCase()
  const cue = CUES.has(lower) ? CUE : 0
  // `AT` and `OR` in capitals are abbreviations as often.
  if (GRAMMAR_WORDS.has(lower) && (word.length === 1 || word !== word.toUpperCase())) return cue | GRAMMAR
  if (EVENT_WORDS.has(lower) || (word.length > 4 && EVENT_ENDING.test(word))) return cue | EVENT
  if (INNER_CAPITAL.test(word) || INNER_MARK.test(word)) return cue | IDENTIFIER
  return CAPITALS.test(word) ? cue | EVENT : cue
}

/** Words as numbers from 1 on, each with its traits. */
export class Vocabulary {
  private readonly ids = new Map<string, number>()
  private readonly words: string[] = ['']
  private readonly traits: number[] = [0]

  get size(): number {
    return this.words.length - 1
  }

  find(word: string): number | undefined {
    return this.ids.get(word)
  }

  idOf(word: string): number {
    const known = this.ids.get(word)
    if (known !== undefined) return known
    const id = this.words.length
    this.ids.set(word, id)
    this.words.push(word)
    this.traits.push(traitsOf(word))
    return id
  }

  wordOf(id: number): string {
    return this.words[id] as string
  }

  has(id: number, trait: number): boolean {
    return ((this.traits[id] as number) & trait) !== 0
  }
}
