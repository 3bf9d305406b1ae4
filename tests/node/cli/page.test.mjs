// The examples of docs/cli.md are run, in order, in one folder; every command of the help has one.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync, chmodSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { names } from '../../../www/cli/commands.mjs'
import { root } from '../kit.mjs'
import { bin, plainEnv, workshop } from './kit.mjs'

const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const { folder, at } = workshop('page')

/** `$ command`, the lines it prints, and `exit N` where that is not 0. */
function examples() {
  const all = []
  for (const [, block] of page.matchAll(/```console\n([^]*?)```/g)) {
    for (const line of block.trimEnd().split('\n')) {
      if (line.startsWith('$ ')) all.push({ command: line.slice(2), lines: [] })
      else all.at(-1).lines.push(line)
    }
  }
  return all
}

/** Whether printed lines are the expected ones; a line of `…` stands for any, one that ends in `…` for its beginning. */
function fits(expected, found) {
  if (expected.length === 0) return found.length === 0
  const [first, ...rest] = expected
  if (first === '…') return found.some((_, i) => fits(rest, found.slice(i))) || fits(rest, [])
  if (found.length === 0) return false
  const squeezed = text => text.replaceAll(/[ ─]+/g, ' ').trim()
  const same = first.endsWith('…') ? squeezed(found[0]).startsWith(squeezed(first.slice(0, -1))) : squeezed(first) === squeezed(found[0])
  return same && fits(rest, found.slice(1))
}

test('every example of the page does what it says', () => {
  mkdirSync(at('bin'))
  writeFileSync(at('bin/yibao'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@" --lang en\n`)
  chmodSync(at('bin/yibao'), 0o755)
  mkdirSync(at('work'))
  let cwd = at('work')
  const all = examples()
  assert.ok(all.length > 25, `${all.length} examples`)
  for (const { command, lines } of all) {
    if (command.startsWith('cd ')) {
      cwd = resolve(cwd, command.slice(3))
      continue
    }
    const { status, stdout } = spawnSync('bash', ['-c', `exec 2>&1; ${command}`], { cwd, encoding: 'utf8', env: { ...plainEnv, PATH: `${at('bin')}:${process.env.PATH}` } })
    const wanted = lines.filter(line => !/^exit \d+$/.test(line))
    const code = Number(lines.find(line => /^exit \d+$/.test(line))?.slice(5) ?? 0)
    const found = stdout.trimEnd().split('\n').filter((line, _, all) => all.length > 1 || line !== '')
    assert.equal(status, code, `$ ${command}\n${stdout}`)
    assert.ok(fits(wanted, found), `$ ${command}\nthe page says\n${wanted.join('\n')}\n\nit printed\n${found.join('\n')}`)
  }
  assert.ok(folder)
})

test('every command has an example or stands in the text', () => {
  for (const name of names) assert.ok(new RegExp(`\\$ yibao ${name}\\b|\`yibao ${name}\\b|\`${name} `).test(page), `docs/cli.md says nothing of \`yibao ${name}\``)
})
