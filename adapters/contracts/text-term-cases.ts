/** What a search text finds: run on each log store, and on the same meaning in memory. */
export interface TextTermCase {
  readonly title: string
  readonly search: string
  readonly body: string
  readonly matches: boolean
}

const yes = (title: string, search: string, body: string): TextTermCase => ({ title, search, body, matches: true })
const no = (title: string, search: string, body: string): TextTermCase => ({ title, search, body, matches: false })

export const TEXT_TERM_CASES: readonly TextTermCase[] = [
  yes('a word in any case', 'TimeOut', 'gateway timeout after 3 s'),
  no('a word is not a part of a word', 'time', 'gateway timeout'),
  yes('a prefix', 'time*', 'gateway Timeout'),
  yes('a prefix that is the whole word', 'timeout*', 'gateway timeout'),
  no('a prefix is not a middle', 'out*', 'gateway timeout'),
  yes('two words in any order', 'timeout gateway', 'gateway timeout'),
  no('two words of which one is missing', 'timeout gateway', 'timeout of the database'),
  yes('a phrase', '"timed out"', 'it timed out again'),
  yes('a phrase over punctuation', '"timed out"', 'timed-out'),
  no('the words of a phrase in another order', '"timed out"', 'out it timed'),
  no('the words of a phrase apart', '"timed out"', 'timed it out'),
  yes('a word to leave out that is not there', 'timeout -payment', 'gateway timeout'),
  no('a word to leave out that is there', 'timeout -payment', 'payment timeout'),
  yes('only a word to leave out', '-payment', 'gateway timeout'),
  no('only a word to leave out, there', '-payment', 'payment timeout'),
  no('a prefix to leave out', 'timeout -pay*', 'payment timeout'),
  no('a phrase to leave out', 'timeout -"of the"', 'timeout of the database'),
  yes('a phrase to leave out whose words are apart', 'timeout -"the of"', 'timeout of the database'),
  yes('a path as its parts in a row', '/api/orders', 'GET /api/orders/17'),
  no('a path whose parts are not in a row', '/api/orders', 'GET /api/v2/orders'),
  yes('an underscore separates', 'order', 'order_id=17'),
  yes('a number', '503', 'status 503'),
  no('a number is not a part of a number', '50', 'status 503'),
  yes('letters with diacritics found without', 'grosse cafe', 'Grösse Café'),
  yes('letters without diacritics found with', 'café', 'the cafe is closed'),
  yes('decomposed letters', 'cafe\u0301', 'Café'),
  yes('Cyrillic in any case', 'ОШИБКА', 'ошибка сервера'),
  yes('a prefix in Greek', 'σφάλ*', 'Σφάλμα δικτύου'),
  yes('a word beside emoji', 'paid', '🎉paid🎉'),
  no('operators are words', 'timeout OR payment', 'gateway timeout'),
  yes('operators are words that can be found', 'timeout AND NOT', 'timeout and not an error'),
  yes('quotes in the body', 'said', 'he "said" so'),
  yes('a NUL in the body', 'after', 'before\u0000after'),
  yes('parentheses, colons and carets are punctuation', 'body:(timeout)^2', 'body timeout 2'),
  yes('apostrophes and semicolons', "'; DROP TABLE logs; --", 'drop table logs'),
]
