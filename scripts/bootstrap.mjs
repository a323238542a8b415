#!/usr/bin/env node
// Runs on any Node ≥ 18 and without dependencies: installs what the lockfile says, then goes on under the pinned Node 24.
//   node scripts/bootstrap.mjs start|test|bench|weir [ARG ...]
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [command = 'start', ...args] = process.argv.slice(2)
const SCRIPTS = {
  start: ['cli/main.ts', 'start'],
  weir: ['cli/main.ts'],
  test: ['scripts/test.ts'],
  bench: ['bench/main.ts'],
}

const script = SCRIPTS[command]
if (!script) fail(`'${command}' is not a command; use one of: ${Object.keys(SCRIPTS).join(', ')}`)
if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(`Node ${process.versions.node} is too old to start with; install Node 20 or newer`)
}

install()
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const env = {
  ...process.env,
  PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  TURBO_TELEMETRY_DISABLED: '1',
}
if (command === 'start') buildDashboard()
run(node, ['--disable-warning=ExperimentalWarning', join(root, script[0]), ...script.slice(1), ...args])

/** pnpm install, skipped while lockfile and manifests are those of the last install. */
function install() {
  const stampFile = join(root, 'node_modules', '.weir-installed')
  const hash = createHash('sha256')
  for (const file of ['package.json', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', ...manifests()]) {
    hash.update(file).update(readFileSync(join(root, file)))
  }
  const stamp = hash.digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.error('Installing dependencies (the first time takes a minute) …')
  const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const done = spawnSync('npx', ['-y', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CI: 'true' },
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    fail(`the installation failed:\n${done.stdout ?? ''}${done.stderr ?? ''}${done.error ?? ''}`)
  }
  writeFileSync(stampFile, stamp)
}

function manifests() {
  const folders = readdirSync(root, { withFileTypes: true }).filter((e) => e.isDirectory() && e.name !== 'node_modules')
  const nested = readdirSync(join(root, 'examples')).map((name) => join('examples', name))
  return [...folders.map((e) => e.name), ...nested]
    .map((f) => join(f, 'package.json'))
    .filter((f) => existsSync(join(root, f)))
}

function buildDashboard() {
  const turbo = join(root, 'node_modules', '.bin', 'turbo')
  const done = spawnSync(turbo, ['run', 'build', '--filter=@weir/dashboard', '--output-logs=errors-only'], {
    cwd: root,
    encoding: 'utf8',
    env,
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) fail(`the dashboard could not be built:\n${done.stdout ?? ''}${done.stderr ?? ''}`)
}

/** Runs in the foreground; Ctrl-C reaches the child by the terminal, SIGTERM is handed on. */
function run(file, argv) {
  const child = spawn(file, argv, { stdio: 'inherit', env })
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGTERM'))
  child.on('error', (error) => fail(`could not start ${file}: ${error.message}`))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
}

function fail(message) {
  console.error(`weir: ${message}`)
  process.exit(1)
}
