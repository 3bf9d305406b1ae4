// Installs the peers: npm packages, a Python environment, the native binary. All into ignored folders.

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { path } from './data.mjs'

export const PYTHON = path('benches/peers/.venv/bin/python')
export const NATIVE = path('target/native-bench/release/yibao-rules-native-bench')

const STEPS = [
  ['npm packages', 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', path('benches/peers')]],
  ['Python environment', 'python3', ['-m', 'venv', path('benches/peers/.venv')]],
  ['Python packages', PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', path('benches/peers/requirements.txt')]],
  ['native binary', 'cargo', ['build', '--release', '--locked', '--manifest-path', path('benches/native/Cargo.toml'), '--target-dir', path('target/native-bench')]],
]

/** What could not be installed, in words. */
export function install() {
  const failures = []
  for (const [what, command, args] of STEPS) {
    console.log(`installing: ${what}`)
    const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
    if (status !== 0) failures.push(`${what} could not be installed: ${(error?.message ?? stderr).trim().split('\n').at(-1)}`)
  }
  return failures
}

const isThere = { node: installed, python: installed, native: () => existsSync(NATIVE) }

function installed({ package: name, start: [language] }) {
  if (name === undefined) return true
  if (language === 'node') return existsSync(path(`benches/peers/node_modules/${name}`))
  return spawnSync(PYTHON, ['-c', `import importlib.metadata; importlib.metadata.version("${name}")`]).status === 0
}

/** The peers that can be started. A missing one is a failure of the run, and its row says so. */
export function startable(peers, failures) {
  return peers.filter(peer => {
    const there = isThere[peer.start[0]](peer)
    if (!there) failures.push(`${peer.title} is not installed`)
    return there
  })
}

/** The version of a peer's package. */
export function version({ package: name, start: [language] }) {
  if (name === undefined) return undefined
  if (language === 'node') return JSON.parse(readFileSync(path(`benches/peers/node_modules/${name}/package.json`), 'utf8')).version
  return spawnSync(PYTHON, ['-c', `import importlib.metadata; print(importlib.metadata.version("${name}"))`], { encoding: 'utf8' }).stdout.trim()
}
