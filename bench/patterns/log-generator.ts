import { LOG_STYLES } from './log-styles.ts'

export interface LabelledLine {
  readonly line: string
  readonly label: number
}

/** Knuth's multiplicative generator of 32 bits: the same lines on every machine. */
export class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  below(n: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0
    return Math.floor((this.state / 0x1_0000_0000) * n)
  }

  /** Zipf-like: the first choices come most often. */
  skewed(n: number): number {
    return Math.floor(n ** (this.below(1 << 16) / 65536)) - 1 + (n > 1 && this.below(8) === 0 ? this.below(2) : 0)
  }

  pick(list: readonly string[]): string {
    return list[Math.min(list.length - 1, this.skewed(list.length + 1))] as string
  }

  hex(digits: number): string {
    let text = ''
    for (let i = 0; i < digits; i++) text += '0123456789abcdef'[this.below(16)]
    return text
  }
}

const SYLLABLES = 'ba co di fu ge ha jo ku la mi no pa ra si to vu wer xan yel zor'.split(' ')
const invented = (count: number, seed: number, parts: number): string[] => {
  const dice = new Dice(seed)
  return Array.from({ length: count }, () =>
    Array.from({ length: parts }, () => SYLLABLES[dice.below(SYLLABLES.length)]).join(''),
  )
}
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const split = (text: string): string[] => text.split(' ')

const PEOPLE = ['root', 'admin', ...invented(14, 3, 3)]
const WORDS = invented(40, 5, 3)
const PROCESSES = split('kernel Safari mdworker chrome WindowServer powerd java.exe QQ backupd corecaptured symptomsd')
const CLASSES = ['AirPort', 'Graphics', 'Multitouch', 'Camera', 'Thunder', 'Session'].flatMap((a) => [
  `${a}Family`,
  `${a}Controller`,
])
const PACKAGES = split(
  'com.android.systemui com.tencent.mm android com.android.phone com.google.gms com.huawei.hwid org.mozilla.fox',
)
const ACTIVITIES = split(
  'MainActivity LauncherUI NewsDetail ChatActivity CallService SettingsProvider WindowAnimator SyncAdapter',
)
const LOCKS = split('RILJ_ACK_WL *launch* PhoneWindow AudioMix SyncLoop').concat(['View Lock'])
const HOSTS = split(
  'www.example.com mail.example.org cdn.example.net proxy.campus.edu api.shop.io p.static.example.cn localhost',
)
const CITIES = split('Lisbon Oslo Quito Hanoi Leeds Turin Accra Lima Perth')
const QUEUES = split('orders billing mail search thumbnails')

const number = (dice: Dice): string => String(dice.below(10 ** (1 + dice.below(6))))
const ip = (dice: Dice): string => `10.${dice.below(4)}.${dice.below(256)}.${dice.below(256)}`
const uuid = (dice: Dice): string => `${dice.hex(8)}-${dice.hex(4)}-${dice.hex(4)}-${dice.hex(4)}-${dice.hex(12)}`
const path = (dice: Dice): string =>
  `/${dice.pick(WORDS)}/${dice.pick(WORDS)}${dice.below(2) ? `/${dice.pick(WORDS)}.${dice.below(9)}` : ''}`
const float = (dice: Dice): string => `${dice.below(300)}.${dice.below(100)}`

const SLOTS: Readonly<Record<string, (dice: Dice) => string>> = {
  num: number,
  num2: (dice) => String(10 + dice.below(22)),
  neg: (dice) => `-${dice.below(60)}`,
  float,
  big: (dice) => `${1 + dice.below(900)},${100 + dice.below(900)}`,
  pct: (dice) => String(dice.below(100)),
  port: (dice) => dice.pick(['443', '80', '5070', '8080', '33569']),
  hex: (dice) => `0x${dice.hex(2 + dice.below(8))}`,
  hexbare: (dice) => dice.hex(6 + dice.below(2)),
  hex8: (dice) => dice.hex(8),
  mac: (dice) => Array.from({ length: 6 }, () => dice.hex(2)).join(':'),
  ip,
  uuid,
  guid: (dice) => `{${uuid(dice)}}`,
  bool: (dice) => dice.pick(['true', 'false']),
  yesno: (dice) => dice.pick(['no', 'yes']),
  onoff: (dice) => dice.pick(['on', 'off']),
  person: (dice) => dice.pick(PEOPLE),
  people: (dice) => Array.from({ length: 1 + dice.below(3) }, () => dice.pick(PEOPLE)).join(', '),
  word: (dice) => WORDS[dice.below(WORDS.length)] as string,
  process: (dice) => dice.pick(PROCESSES),
  class: (dice) => dice.pick(CLASSES),
  bundle: (dice) => `com.apple.${dice.pick(WORDS)}.${dice.pick(WORDS)}`,
  build: (dice) => `${dice.below(20)}G${dice.below(2000)}`,
  host: (dice) => dice.pick(HOSTS),
  nodename: (dice) => `${dice.pick(WORDS.slice(0, 6))}`,
  node: (dice) => `node-${dice.pick(['D', ''])}${dice.below(128)}`,
  alt: () => 'alt0',
  loc: (dice) => `R${dice.below(64)}-M${dice.below(2)}-N${dice.below(16)}`,
  errno: (dice) => String(dice.below(100)),
  ymd: (dice) =>
    `2017-07-0${1 + dice.below(8)} 10:${10 + dice.below(49)}:${10 + dice.below(49)}.${100 + dice.below(899)}`,
  iso: (dice) =>
    `2024-03-0${1 + dice.below(8)}T10:${10 + dice.below(49)}:${10 + dice.below(49)}.${100 + dice.below(899)}Z`,
  date: (dice) =>
    `${dice.pick(['Sun', 'Mon', 'Fri'])} Jul ${dice.below(2) ? ' ' : '1'}${1 + dice.below(9)} 0${dice.below(9)}:11:2${dice.below(9)} 2005`,
  hms: (dice) => `00:0${dice.below(9)}:1${dice.below(9)}`,
  life: (dice) => (dice.below(2) ? '<1 sec' : `00:${10 + dice.below(49)}`),
  package: (dice) => dice.pick(PACKAGES),
  activity: (dice) => dice.pick(ACTIVITIES),
  action: (dice) =>
    dice.pick(['SCREEN_ON', 'TIME_TICK', 'SCREEN_OFF', 'BATTERY_CHANGED', 'USER_PRESENT', 'PHONE_STATE']),
  lock: (dice) => dice.pick(LOCKS),
  path,
  nfs: (dice) => `${dice.pick(WORDS)}:${path(dice)}`,
  winpath: (dice) => `C:\\Windows\\${capital(dice.pick(WORDS))}\\amd64_${dice.pick(WORDS)}_${dice.hex(16)}`,
  ver: (dice) => `6.1.7601.${dice.below(24000)}`,
  ver3: (dice) => `${dice.below(5)}.${dice.below(9)}.0`,
  kb: (dice) => `Package_for_KB${2000000 + dice.below(999999)}~31bf3856ad364e35~amd64~~6.1.1.${dice.below(9)}`,
  client: (dice) => dice.pick(['WindowsUpdateAgent', 'SPP', 'UpdateAgentLCU', 'DISM']),
  winstamp: (dice) => `2016/9/${1 + dice.below(28)}:20:30:31.${100 + dice.below(899)}`,
  hresult: (dice) =>
    dice.pick(['E_FAIL', 'CBS_E_INVALID_PACKAGE', 'S_OK', 'ERROR_NO_MORE_ITEMS', 'CBS_S_BUSY', 'E_ABORT']),
  disposition: (dice) => dice.pick(['Detect', 'Staged', 'Present']),
  pstate: (dice) => dice.pick(['Installed', 'Absent', 'Staged', 'Resolved', 'Superseded']),
  regkey: (dice) => `\\REGISTRY\\MACHINE\\${capital(dice.pick(WORDS))}`,
  size: (dice) => `${float(dice)} ${dice.pick(['KB', 'B', 'MB'])}`,
  piece: (dice) => (dice.below(2) ? `_piece${dice.below(3)}` : ''),
  block: (dice) => `broadcast_${dice.below(40)}_piece0`,
  option: (dice) => `mapred.${dice.pick(WORDS)}.${dice.pick(['id', 'partition'])}`,
  rdd: (dice) => `${dice.pick(['ShuffleMapStage', 'ResultStage'])} ${dice.below(40)}`,
  method: (dice) => dice.pick(['map', 'reduceByKey', 'collect', 'foreach', 'textFile']),
  source: (dice) => dice.pick(['Main', 'WordCount', 'server', 'PageRank', 'db', 'cart']),
  exception: (dice) => `java.lang.${dice.pick(['NullPointer', 'IllegalState', 'OutOfBounds', 'ClassCast'])}Exception`,
  email: (dice) => `${dice.pick(PEOPLE)}@${dice.pick(HOSTS)}`,
  qid: (dice) => `j${dice.below(9)}UB${dice.hex(6)}`,
  service: (dice) => dice.pick(split('nginx crond sshd cupsd postfix docker-engine named rpc.statd syslogd')),
  driver: (dice) => dice.pick(['ehci_hcd', 'xhci_hcd', 'uhci_hcd']),
  verb: (dice) => dice.pick(['GET', 'POST', 'PUT']),
  level: (dice) => dice.pick(['info', 'warn', 'error']),
  city: (dice) => dice.pick(CITIES),
  sign: (dice) => dice.pick(['x+', 'x-', 'y+', 'y-', 'z+', 'z-']),
  reason: (dice) => dice.pick(['DEAUTH_LEAVING', 'timeout', 'PREV_AUTH_NOT_VALID', 'normal', 'going_away']),
  verdict: (dice) => dice.pick(['ALLOWED', 'DENIED', 'STATUS']),
  operation: (dice) => dice.pick(['open', 'exec', 'ptrace', 'profile_load', 'capable']),
  disk: (dice) => `${dice.pick(['sd', 'dm-', 'nvme'])}${dice.pick(['a', 'b', '1', '0n1'])}`,
  opts: (dice) => dice.pick(['(null)', 'errors=remount-ro', 'discard']),
  title: (dice) =>
    dice.pick(['Power Button', 'Video Bus', 'AT Keyboard', 'Daily Cleanup', 'Dark Reader', 'USB Mouse Pro']),
  url: (dice) => `https://${dice.pick(HOSTS)}/${dice.pick(WORDS)}?q=${dice.pick(WORDS)}`,
  method2: (dice) => dice.pick(['PLAIN', 'CRAM-MD5', 'LOGIN']),
  resource: (dice) => dice.pick(['memory', 'ephemeral-storage', 'inodes']),
  iface: (dice) => dice.pick(['eth0', 'GigabitEthernet0/1', 'br-lan', 'wan', 'Vlan10']),
  bgp: (dice) => dice.pick(['', 'Peer closed the session', 'BGP Notification sent']),
  proto: (dice) => dice.pick(['TCP', 'UDP', 'ICMP']),
  proto2: (dice) => dice.pick(['radius', 'tacacs', 'local']),
  acl: (dice) => dice.pick(['101', 'guest-in', 'mgmt']),
  fan: (dice) => dice.pick(['ok', 'failed', 'absent']),
  queue: (dice) => dice.pick(QUEUES),
}

interface Statement {
  readonly text: string
  readonly weight: number
}

/** Every alternative of `{=a|b}` written out; alternatives may themselves hold slots. */
function statements(row: string): Statement[] {
  const space = row.indexOf(' ')
  let texts = [row.slice(space + 1)]
  for (;;) {
    const next: string[] = []
    for (const text of texts) {
      const from = text.indexOf('{=')
      if (from < 0) continue
      let depth = 0
      let to = from
      for (; to < text.length; to++) {
        if (text[to] === '{') depth++
        else if (text[to] === '}' && --depth === 0) break
      }
      for (const choice of text.slice(from + 2, to).split('|'))
        next.push(text.slice(0, from) + choice + text.slice(to + 1))
    }
    if (next.length === 0) break
    texts = next
  }
  return texts.map((text) => ({ text, weight: Number(row.slice(0, space)) / Math.sqrt(texts.length) }))
}

/** `count` lines of a style, each with the number of the statement that wrote it. */
export function generateLines(style: string, count: number, seed: number): LabelledLine[] {
  const rows = LOG_STYLES[style]
  if (!rows) throw new RangeError(`no style ${style}: one of ${Object.keys(LOG_STYLES).join(', ')}`)
  const all = rows.flatMap(statements)
  const total = all.reduce((sum, { weight }) => sum + weight, 0)
  const dice = new Dice(seed)
  const lines: LabelledLine[] = []
  while (lines.length < count) {
    let left = (dice.below(1 << 20) / (1 << 20)) * total
    const label = all.findIndex(({ weight }) => {
      left -= weight
      return left < 0
    })
    const statement = all[Math.max(label, 0)] as Statement
    const line = statement.text.replace(/\{([a-z][a-z0-9]*)\}/g, (whole, slot: string) => SLOTS[slot]?.(dice) ?? whole)
    lines.push({ line, label: Math.max(label, 0) })
  }
  return lines
}
