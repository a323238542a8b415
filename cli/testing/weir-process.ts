import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from './free-port.ts'

const MAIN = join(dirname(dirname(fileURLToPath(import.meta.url))), 'main.ts')
const CLOCK_TICKS_PER_SECOND = 100
const READY_WITHIN_MS = 30_000

export interface WeirProcessOptions {
  /** Kept after `stop`, so that another process can go on with it; absent: a temporary one, removed. */
  readonly dataDir?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** A whole Weir in a process of its own, for tests and benchmarks: `weir start` on free ports, by default without the demo. */
export class WeirProcess {
  readonly url: string
  readonly ingestUrl: string
  readonly forwardPort: number
  readonly shopUrl: string
  readonly dataDir: string
  readonly #child: ChildProcess
  readonly #temporary: boolean
  #output = ''

  private constructor(child: ChildProcess, dataDir: string, temporary: boolean, ports: readonly number[]) {
    this.#child = child
    this.#temporary = temporary
    this.dataDir = dataDir
    this.url = `http://127.0.0.1:${ports[0]}`
    this.ingestUrl = `http://127.0.0.1:${ports[1]}`
    this.forwardPort = ports[2]!
    this.shopUrl = `http://127.0.0.1:${ports[3]}`
    child.stdout!.on('data', (chunk: Buffer) => this.#keep(chunk))
    child.stderr!.on('data', (chunk: Buffer) => this.#keep(chunk))
  }

  /** Resolves once it is ready. */
  static async start(options: WeirProcessOptions = {}): Promise<WeirProcess> {
    const weir = await WeirProcess.spawn(options)
    await weir.#ready()
    return weir
  }

  /** Resolves as soon as the process exists, for a start that is expected to fail. */
  static async spawn(options: WeirProcessOptions = {}): Promise<WeirProcess> {
    const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'weir-'))
    const ports = await Promise.all([freePort(), freePort(), freePort(), freePort()])
    const args = ['--disable-warning=ExperimentalWarning', MAIN, 'start', ...(options.args ?? ['--no-demo'])]
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        WEIR_DATA_DIR: dataDir,
        WEIR_PORT: String(ports[0]),
        WEIR_INGEST_PORT: String(ports[1]),
        WEIR_FORWARD_PORT: String(ports[2]),
        WEIR_DEMO_PORT: String(ports[3]),
        ...options.env,
      },
    })
    return new WeirProcess(child, dataDir, options.dataDir === undefined, ports)
  }

  /** What it has printed, both streams; the last 64 KiB. */
  get output(): string {
    return this.#output
  }

  /** CPU time of all its threads so far, in seconds. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND
  }

  /** Largest resident set so far, in MiB. */
  peakRssMiB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)![1]) / 1024)
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(this.url + path)).json()) as T
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(this.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as T
  }

  /** @returns exit code, null if a signal ended it */
  async exited(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit')
    return this.#child.exitCode
  }

  /** @returns exit code, null if the signal itself ended it */
  async signal(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.exited()
  }

  async stop(): Promise<void> {
    await this.signal('SIGTERM')
    if (this.#temporary) rmSync(this.dataDir, { recursive: true, force: true })
  }

  #keep(chunk: Buffer): void {
    this.#output = (this.#output + chunk.toString()).slice(-65_536)
  }

  async #ready(): Promise<void> {
    const untilMs = Date.now() + READY_WITHIN_MS
    while (Date.now() < untilMs && this.#child.exitCode === null) {
      const ready = await fetch(`${this.url}/ready`).then(
        (response) => response.ok,
        () => false,
      )
      if (ready) return
      await delay(50)
    }
    const state = this.#child.exitCode === null ? 'is not ready' : `ended with code ${this.#child.exitCode}`
    await this.signal('SIGKILL')
    throw new Error(`Weir ${state}; it printed:\n${this.#output}`)
  }
}
