// Help and complaints, word for word, in both languages. `BLESS=1 node --test tests/node/cli/golden.test.mjs` writes the
// files anew.
import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { names } from '../../../www/cli/commands.mjs'
import { MEANINGS } from '../../../www/cli/problems.mjs'
import { root } from '../kit.mjs'
import { golden, inside, suzhouPack, workshop } from './kit.mjs'

const { yibao, write, folder } = workshop('golden')
const LANGS = ['zh-CN', 'en']

write('stay.yaml', 'facts: { admission_date: 2023-06-16, scheme: resident, place: in_city, level: county, total: "20000", out_of_scope: "0", over_limit: "0", first_pay: "0" }\n')
write('gbk.yaml', Buffer.from([0x66, 0x3a, 0x20, 0xb9, 0xe6, 0xd4, 0xf2, 0x0a]))
write('latin.yaml', Buffer.from([0x66, 0x3a, 0x20, 0xff, 0xfe, 0x80, 0x0a]))
write('empty.yaml', '')
write('bad.yaml', 'facts:\n  总费用: "1"\n  total: 一百\n')
write('money.yaml', 'facts: { total: "20,00", level: county }\n')
write('broken/pack.yaml', 'pack: x\nservices: 3\n')
write('tabs.yaml', 'facts:\n\ttotal: "1"\n')
write('anchor.yaml', 'facts: { total: &a "1", first_pay: *a }\n')
write('twice.yaml', 'facts:\n  total: "1"\n  total: "2"\n')
write('not-a-plan.plan.json', '{}')
write('nothing/x.txt', '')
yibao('init', 'demo')
write('demo/cases.yaml', 'cases:\n  - id: a\n    service: inpatient\n    origin: invented\n    expect: {}\n')

const stay = ['-i', 'stay.yaml']
const COMPLAINTS = {
  'no-command': [],
  'unknown-command': ['evl'],
  'unknown-command-swapped': ['tset'],
  'no-such-day': ['eval', suzhouPack, ...stay, '--as-of', '2026-02-30'],
  'unknown-command-far': ['frobnicate'],
  'unknown-option': ['eval', suzhouPack, '--sevice', 'x'],
  'option-without-value': ['eval', '-i'],
  'option-with-value': ['eval', suzhouPack, '--json=1'],
  'bad-choice': ['eval', suzhouPack, ...stay, '--register', 'judge'],
  'no-pack-argument': ['eval'],
  'too-many-packs': ['eval', 'a', 'b', ...stay],
  'no-case': ['eval', suzhouPack],
  'no-such-pack': ['eval', 'no-such-pack', ...stay],
  'folder-without-pack': ['eval', 'nothing', ...stay],
  'no-such-case': ['eval', suzhouPack, '-i', 'no-such.yaml'],
  'case-is-folder': ['eval', suzhouPack, '-i', 'nothing'],
  'case-is-empty': ['eval', suzhouPack, '-i', 'empty.yaml'],
  'case-in-gbk': ['eval', suzhouPack, '-i', 'gbk.yaml'],
  'case-not-utf-8': ['eval', suzhouPack, '-i', 'latin.yaml'],
  'bad-answers': ['eval', suzhouPack, '-i', 'bad.yaml'],
  'bad-amount': ['eval', suzhouPack, '-i', 'money.yaml'],
  'tabs': ['eval', suzhouPack, '-i', 'tabs.yaml'],
  'anchors': ['eval', suzhouPack, '-i', 'anchor.yaml'],
  'duplicate-key': ['eval', suzhouPack, '-i', 'twice.yaml'],
  'unknown-service': ['eval', suzhouPack, ...stay, '-s', 'outpatient'],
  'unknown-step': ['explain', suzhouPack, ...stay, 'rat'],
  'no-such-row': ['explain', suzhouPack, ...stay, 'rate', '--row', '9'],
  'invalid-pack': ['eval', 'broken', ...stay],
  'not-a-plan': ['eval', 'not-a-plan.plan.json', ...stay],
  'no-cases': ['test', 'nothing'],
  'wrong-cases': ['test', 'demo'],
  'no-such-path': ['test', 'no-such-folder'],
  'row-without-table': ['explain', suzhouPack, ...stay, 'borne', '--row', '1'],
  'empty-run': ['test', suzhouPack, '--name', 'nothing_is_called_so'],
  'bad-coverage': ['test', suzhouPack, '--min-coverage', 'all'],
  'update-in-ci': ['test', suzhouPack, '--update', { env: { CI: 'true' } }],
  'missing-option': ['solve', suzhouPack, ...stay],
  'bad-number': ['solve', suzhouPack, ...stay, '--over', 'total', '--wanted', '1,000'],
  'unknown-fact': ['curve', suzhouPack, ...stay, '--over', 'totl'],
  'one-way': ['compare', suzhouPack, ...stay],
  'exists': ['init', 'nothing'],
  'bad-id': ['init', '宿州'],
  'bad-link': ['case', 'from-link', 'https://example.org/#x'],
  'unwritable': ['docs', suzhouPack, '-o', 'stay.yaml'],
}

test('help, word for word', async () => {
  for (const lang of LANGS) {
    for (const args of [['help'], ...names.map(name => ['help', name])]) {
      const { status, stdout, stderr } = await inside(folder, [...args, '--lang', lang])
      assert.deepEqual([status, stderr], [0, ''], args.join(' '))
      golden(`${lang}/help/${args[1] ?? 'yibao'}.txt`, stdout)
    }
  }
})

test('complaints, word for word', async () => {
  for (const lang of LANGS) {
    for (const [name, args] of Object.entries(COMPLAINTS)) {
      const [options] = args.filter(one => typeof one === 'object')
      const words = args.filter(one => typeof one !== 'object')
      const { status, stdout, stderr } = await inside(folder, [...words, '--lang', lang], options?.env)
      assert.doesNotMatch(stderr, /\n\s+at |node:internal/, `${name}: a stack trace is for nobody`)
      const shown = words.map(word => word.replace(root, '').replace(/^packs\//, '')).join(' ')
      golden(`${lang}/errors/${name}.txt`, `$ ${`yibao ${shown}`.trim()}\n${stdout}${stderr}exit ${status}\n`.replaceAll(root, '/'))
    }
  }
})

test('every code that a text or an answer can have is explained in Chinese', () => {
  const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')
  // Refusals and warnings stand in a decision, which has words of its own in both languages.
  const sections = page.split(/^## /m).slice(1).filter(section => !/^(Refusals|Warnings)/.test(section))
  const codes = sections.flatMap(section => [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => code))
  assert.ok(codes.length > 100, `${codes.length} codes`)
  assert.deepEqual(codes.filter(code => !(code in MEANINGS)), [])
  assert.deepEqual(Object.keys(MEANINGS).filter(code => !codes.includes(code) && code !== 'not-utf-8'), [])
})

test('no file is kept that no test holds', () => {
  for (const lang of LANGS) {
    const kept = ['help', 'errors'].flatMap(kind => readdirSync(join(root, 'tests/node/cli/golden', lang, kind)).map(name => `${kind}/${name.replace(/\.txt$/, '')}`))
    const held = [...['yibao', ...names].map(name => `help/${name}`), ...Object.keys(COMPLAINTS).map(name => `errors/${name}`)]
    assert.deepEqual(kept.sort(), held.sort())
  }
})
