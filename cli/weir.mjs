#!/usr/bin/env node
// The `weir` command. Goes on under the pinned Node 24 whatever Node the shell has.
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const node = join(dirname(createRequire(join(here, '..', 'package.json')).resolve('node/package.json')), 'bin', 'node')
const argv = ['--disable-warning=ExperimentalWarning', join(here, 'main.ts'), ...process.argv.slice(2)]
const child = spawn(node, argv, { stdio: 'inherit' })
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
