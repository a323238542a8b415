/** Those whose name has every word of the text, any case; names that begin with it first. */
export function filterCommands<T extends { readonly name: string }>(commands: readonly T[], text: string): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const found = commands.filter((command) => words.every((word) => command.name.toLowerCase().includes(word)))
  const begins = (command: T) => (command.name.toLowerCase().startsWith(words[0] ?? '') ? 0 : 1)
  return found.toSorted((a, b) => begins(a) - begins(b))
}
