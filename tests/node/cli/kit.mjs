// What the tests of the command share: it runs as a program, in a folder of its own.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { main } from '../../../www/cli/main.mjs'
import { root } from '../kit.mjs'

export const bin = join(root, 'www/bin/yibao.mjs')
export const suzhouPack = join(root, 'packs/anhui-suzhou-resident')
const GOLDEN = join(root, 'tests/node/cli/golden')

/** The same on every machine: no language, colour or CI of the one that runs the tests. */
export const plainEnv = { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8', TZ: 'UTC' }

/** A folder of this test file's own. */
export function workshop(name) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `yibao-${name}-`)))
  after(() => rmSync(folder, { recursive: true }))
  const at = path => join(folder, path)
  return {
    folder, at,
    write(path, content) {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content)
      return path
    },
    text: path => readFileSync(at(path), 'utf8'),
    yibao(...args) {
      const last = args.at(-1)
      const more = typeof last === 'object' ? args.pop() : {}
      const { status, stdout, stderr, signal } = spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: 'utf8', input: '', maxBuffer: 64 * 1024 * 1024, ...more, env: { ...plainEnv, ...more.env } })
      return { status, stdout, stderr, signal }
    },
  }
}

/** The command in this process: the same words and codes, without the time it takes to start. */
export async function inside(folder, args, env = {}, { isTTY } = {}) {
  const [stdout, stderr] = ['', ''].map(text => ({ text, isTTY, write(part) { this.text += part } }))
  const before = process.cwd()
  process.chdir(folder)
  try {
    const status = await main(args, { env: { ...plainEnv, ...env }, stdout, stderr })
    return { status, stdout: stdout.text, stderr: stderr.text }
  } finally {
    process.chdir(before)
  }
}

/** Output that ended well. */
export function ok({ status, stdout, stderr }) {
  assert.equal(status, 0, `${stdout}${stderr}`)
  return stdout
}

/** A complaint with this code, and nothing on standard output nor of Node's own. */
export function refused({ status, stdout, stderr }, code, expected) {
  assert.equal(status, code, `${stdout}${stderr}`)
  assert.match(stderr, expected)
  assert.doesNotMatch(stderr, /\n\s+at |node:internal/, 'a stack trace is for nobody')
  return stderr
}

/** Holds a text against its file under golden/. `BLESS=1` writes it anew: read it before it is kept. */
export function golden(name, text) {
  const path = join(GOLDEN, name)
  if (process.env.BLESS && !process.env.CI) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return
  }
  assert.ok(existsSync(path), `there is no ${name}: run with BLESS=1 and read what it writes`)
  assert.equal(text, readFileSync(path, 'utf8'), name)
}
