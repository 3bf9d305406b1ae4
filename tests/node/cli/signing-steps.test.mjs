// Every command of an office in docs/signing.md, in order, with the exit code that stands there.
import assert from 'node:assert/strict'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../kit.mjs'
import { inside, workshop } from './kit.mjs'

const { folder, at } = workshop('steps')
const text = readFileSync(join(root, 'docs/signing.md'), 'utf8')
const steps = text.slice(text.indexOf('## One clerk'), text.indexOf('## What is refused'))
const lines = [...steps.matchAll(/^```sh\n([^]*?)^```/gmu)].flatMap(([, block]) => block.trim().split('\n'))

test('the first day, every day, a year, a new clerk, keys lost and stolen, a version driven up, two of three', async () => {
  for (const [name, id] of [['a', 'anhui-suzhou-resident'], ['b', 'minhang-long-prescription']]) cpSync(join(root, 'packs', id), at(`packs/${name}`), { recursive: true })
  assert.ok(lines.length > 45, `${lines.length}`)
  for (const line of lines) {
    const [, words, note] = /^yibao (.*?)(?:\s+#(.*))?$/u.exec(line)
    const args = words.split(' ')
    const more = { keygen: ['--no-password'], root: ['--today', '2026-12-01'], build: ['--today', '2026-12-01'], verify: ['--today', '2026-12-01'] }[args[1]] ?? []
    const { status, stdout, stderr } = await inside(folder, [...args, ...more])
    assert.equal(status, Number(/exit (\d)/u.exec(note ?? '')?.[1] ?? 0), `${line}\n${stdout}${stderr}`)
  }
})
