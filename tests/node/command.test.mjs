import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { root } from './kit.mjs'

const folder = mkdtempSync(join(tmpdir(), 'yibao-command-'))
after(() => rmSync(folder, { recursive: true }))

function yibao(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'www/bin/yibao.mjs'), ...args], { cwd: root, encoding: 'utf8' })
  return { status, stdout, stderr }
}

function written(name, content) {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const pack = 'packs/anhui-suzhou-resident'
const demo = `${pack}/demo.yaml`

test('eval takes a folder, a file, an id and a plan', () => {
  const expected = yibao('eval', pack, '-s', 'inpatient', '-i', demo)
  assert.equal(expected.status, 0, expected.stderr)
  assert.match(expected.stdout, /14,800\.00/)
  for (const given of [`${pack}/pack.yaml`, 'anhui-suzhou-resident', 'www/dist/plans/anhui-suzhou-resident.plan.json']) {
    assert.equal(yibao('eval', given, '-s', 'inpatient', '-i', demo).stdout, expected.stdout, given)
  }
  assert.equal(yibao('eval', pack, '-i', demo).stdout, expected.stdout)
})

test('eval prints JSON, English, other readers, one step', () => {
  const { stdout } = yibao('eval', pack, '-i', demo, '--json')
  assert.equal(JSON.parse(stdout).amounts.payments[0].amount.text, '14800.00')
  assert.match(yibao('eval', pack, '-i', demo, '--lang', 'en', '--register', 'officer').stdout, /fund pays/)
  assert.match(yibao('eval', pack, '-i', demo, '--step', 'rate').stdout, /80%/)
})

test('eval finds the frames beside a pack', () => {
  const { status, stderr } = yibao('check', 'packs/minhang-long-prescription')
  assert.equal(status, 0, stderr)
})

test('wrong usage is code 2 and says what was expected', () => {
  const gbk = written('gbk.yaml', Buffer.from([0x66, 0x3a, 0x20, 0xb9, 0xe6, 0xd4, 0xf2, 0x0a]))
  const bad = written('bad.yaml', 'facts:\n  总费用: "1"\n  total: 一百\n')
  const cases = [
    [[], /a command is missing/],
    [['evaluate'], /unknown command `evaluate`/],
    [['eval'], /takes one PACK/],
    [['eval', pack], /-i FILE/],
    [['eval', pack, '--nonsense'], /nonsense/],
    [['eval', 'no-such-pack', '-i', demo], /there is no pack `no-such-pack`; packs\/ has .*anhui-suzhou-resident/],
    [['eval', 'tests', '-i', demo], /has no pack\.yaml/],
    [['eval', pack, '-s', 'outpatient', '-i', demo], /services are inpatient/],
    [['eval', pack, '-i', 'no-such-file.yaml'], /there is no case `no-such-file\.yaml`/],
    [['eval', pack, '-i', pack], /is a folder/],
    [['eval', pack, '-i', written('empty.yaml', '')], /is empty/],
    [['eval', pack, '-i', gbk], /not UTF-8|UTF-8/],
    [['eval', pack, '-i', bad], /bad\.yaml:3:10[^]*total: 一百[^]*\^/],
    [['eval', pack, '-i', demo, '--register', 'judge'], /patient officer developer/],
    [['eval', pack, '-i', demo, '--step', 'x'], /steps are/],
  ]
  for (const [args, expected] of cases) {
    const { status, stdout, stderr } = yibao(...args)
    assert.deepEqual([status, stdout], [2, ''], `${args.join(' ')}: ${stderr}`)
    assert.match(stderr, expected, args.join(' '))
    assert.doesNotMatch(stderr, /\n\s+at /, 'a stack trace is for nobody')
  }
})

test('an invalid pack is code 3, with the line', () => {
  const broken = written('broken.yaml', 'pack: x\nservices: 3\n')
  const { status, stderr } = yibao('eval', broken, '-s', 'x', '-i', demo)
  assert.equal(status, 3)
  assert.match(stderr, /broken\.yaml:\d+:\d+/)
  assert.equal(yibao('check', broken).status, 3)
  assert.equal(yibao('eval', written('x.plan.json', '{}'), '-s', 'x', '-i', demo).status, 3)
})

test('--strict is code 4 where nothing was computed; --help is code 0', () => {
  const open = written('open.yaml', 'facts: { total: "1" }\n')
  assert.equal(yibao('eval', pack, '-i', open).status, 0)
  assert.equal(yibao('eval', pack, '-i', open, '--strict').status, 4)
  for (const args of [['--help'], ['help'], ['eval', '-h']]) assert.match(yibao(...args).stdout, /yibao COMMAND/)
})
