import { describe, expect, it } from 'vitest'
import { LineMask, MAX_LINE_CHARS, VARIABLE, WORD } from './line-mask.ts'
import { VARIABLE_KINDS } from './variable-kind.ts'

/** Symbols with a space between: words, punctuation, `<kind>`. */
function masked(line: string): string {
  const mask = new LineMask()
  mask.read(line)
  return Array.from({ length: mask.length }, (_, i) => {
    const code = mask.codes[i] as number
    if (code === WORD) return line.slice(mask.starts[i], mask.ends[i])
    return code === VARIABLE ? `<${VARIABLE_KINDS[mask.kinds[i] as number]}>` : String.fromCharCode(code)
  }).join(' ')
}

describe('LineMask', () => {
  it.each([
    ['numbers, with their units', 'took 5 ms for 1.5GB of 7 KB', 'took <duration> for <size> of <size>'],
    ['grouped digits', 'sent 1,301 bytes today', 'sent <size> today'],
    ['bounds belong to the value', 'lifetime <1 sec', 'lifetime <duration>'],
    ['dates, in words too', 'at Fri Jun 17 07:07:00 2005 again', 'at <time> again'],
    ['a name that is also a month stays without a number', 'May the Sun rise', 'May the Sun rise'],
    [
      'addresses',
      'from ::ffff:10.0.0.1 and 10.0.0.1:80 or fe80::1 by 00:1b:44:11:3a:b7',
      'from <address> and <address> or <address> by <address>',
    ],
    ['scopes are no addresses', 'std::cout failed', 'std : : cout failed'],
    ['paths and URLs', 'GET /a/b?c=d to https://x.y/z?q=1, C:\\Win\\x.dll', 'GET <path> to <*>'],
    [
      'host names, not packages or files',
      'mail.example.org com.example.mail server.conf',
      '<host> com.example.mail server.conf',
    ],
    ['empty values', 'user= host=() of main() []', 'user = <empty> host = ( ) of main ( ) [ <empty> ]'],
    ['quoted values', 'tag="View Lock" and "View Lock"', 'tag = " <string> " and " View Lock "'],
    ['but not messages', '{"msg":"all done","user":"Ann B"}', '{ " msg " : " all done " , " user " : " <string> " }'],
    [
      'switches that answer',
      'sync=off, reboot required: no. no such file on disk',
      'sync = <boolean> , reboot required : <boolean> no such file on disk',
    ],
    ['lists of values of any length', 'ids [1, 2, 3] to 4', 'ids [ <*> ] to <number>'],
    ['lists of words in brackets', 'acls (root, admin) set', 'acls ( <*> ) set'],
    ['repeated groups', 'a1 <ok> a2 <ok> a3 <ok> a4 <ok>', '<id> < ok > <id> < ok >'],
    ['runs of dots', 'trap enable.......0', 'trap enable . <number>'],
    ['full stops', 'It works. Really!', 'It works Really'],
    ['apostrophes', "don't panic 'now'", "don't panic ' now '"],
    ['nothing', '', ''],
  ])('%s', (_, line, expected) => {
    expect(masked(line)).toBe(expected)
  })

  it('reads a bounded part of a line; the rest is one variable', () => {
    expect(masked(`${'x'.repeat(MAX_LINE_CHARS)} tail`)).toMatch(/^x+ <\*>$/)
    expect(masked('word '.repeat(1_000)).split(' ').at(-1)).toBe('<*>')
  })
})
