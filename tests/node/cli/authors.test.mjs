// The commands for people who write rules: what they print is right, and what they leave behind is whole.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from '../kit.mjs'
import { bin, inside, ok, plainEnv, refused, suzhouPack, workshop } from './kit.mjs'

const require = createRequire(join(root, 'www/package.json'))
const YAML = require('yaml')
const { yibao, write, text, at, folder } = workshop('authors')

ok(yibao('init', 'demo'))
const DAY = 'admission_date: 2023-06-16, scheme: resident, place: in_city'
const PARTS = 'out_of_scope: "0", over_limit: "0", first_pay: "0"'
write('stay.yaml', `facts: { ${DAY}, level: county, total: "20000", ${PARTS} }\n`)
const stay = ['-i', 'stay.yaml']
const json = (...args) => JSON.parse(ok(yibao(...args)))

test('eval takes a folder, a file, an id and a plan, from a file and from standard input', () => {
  const expected = ok(yibao('eval', suzhouPack, ...stay))
  // (20000 − 500) × 80 %
  assert.match(expected, /15,600\.00/)
  for (const given of [join(suzhouPack, 'pack.yaml'), 'anhui-suzhou-resident', join(root, 'www/dist/plans/anhui-suzhou-resident.plan.json')]) {
    assert.equal(ok(yibao('eval', given, ...stay, '-s', 'inpatient')), expected, given)
  }
  assert.equal(ok(yibao('eval', suzhouPack, '-i', '-', { input: text('stay.yaml') })), expected)
})

test('eval in JSON, in English, for officers, for one step, on another day, strictly', () => {
  assert.equal(json('eval', suzhouPack, ...stay, '--json').amounts.payments[0].amount.text, '15600.00')
  assert.match(ok(yibao('eval', suzhouPack, ...stay, '--lang', 'en', '--register', 'officer')), /fund pays/)
  assert.match(ok(yibao('eval', suzhouPack, ...stay, '--step', 'rate')), /80%/)
  assert.equal(json('eval', suzhouPack, ...stay, '--json', '--as-of', '2023-07-01').asOf, '2023-07-01')
  write('open.yaml', 'facts: { total: "1" }\n')
  ok(yibao('eval', suzhouPack, '-i', 'open.yaml'))
  assert.equal(yibao('eval', suzhouPack, '-i', 'open.yaml', '--strict').status, 4)
})

test('the language follows the option, then the environment', () => {
  const named = env => ok(yibao('eval', suzhouPack, ...stay, { env }))
  assert.match(named({ LANG: 'en_US.UTF-8' }), /the person's share/)
  assert.match(named({ LANG: 'zh_CN.UTF-8' }), /个人负担/)
  assert.match(named({ LANG: 'en_US.UTF-8', LC_ALL: 'zh_CN.UTF-8' }), /个人负担/)
  assert.match(ok(yibao('eval', suzhouPack, ...stay, '--lang', 'zh-CN', { env: { LANG: 'en_US.UTF-8' } })), /个人负担/)
})

test('--version is that of the package', () => {
  assert.equal(ok(yibao('--version')).trim(), JSON.parse(readFileSync(join(root, 'www/package.json'), 'utf8')).version)
})

test('explain says why not another row', () => {
  const shown = ok(yibao('explain', suzhouPack, ...stay, 'rate', '--lang', 'en'))
  assert.match(shown, /▶ 2 {2}county +80% +applies/)
  assert.match(shown, /1 {2}first +85% +level must be first, it is county/)
  assert.match(ok(yibao('explain', suzhouPack, ...stay, 'rate', '--row', '3', '--lang', 'en')), /row 3 \(level city_third → 75%\): level must be city_third, it is county/)
  assert.match(ok(yibao('explain', suzhouPack, ...stay, '报销比例')), /第|适用/)
})

test('check lists every problem and gives code 3; warnings alone do not', () => {
  assert.match(ok(yibao('check', 'demo', suzhouPack, join(root, 'packs/minhang-long-prescription'))), /没有问题/)
  write('off/pack.yaml', text('demo/pack.yaml').replace('is: 700元', 'is: 701元').replace('is: 85%', 'is: 86%'))
  const stderr = refused({ ...yibao('check', 'off'), stdout: '' }, 3, /figure-not-quoted/)
  assert.match(stderr, /701元[^]*86%|86%[^]*701元/)
  const lines = yibao('check', 'off', '--error-format', 'json').stderr.trim().split('\n').map(line => JSON.parse(line))
  assert.ok(lines.length >= 2 && lines.every(({ code, place }) => code && place.file.endsWith('pack.yaml') && place.line > 0))
  assert.match(yibao('check', 'off', '--error-format', 'plain').stderr, /^off\/pack\.yaml:\d+:\d+: error\[figure-not-quoted\]: /m)
})

const CLIFF = `pack: cliff
revision: 2026.12.1
title: { zh: 试, en: try }
region: { code: "000000", zh: 示例市, en: Example city }
publisher: { zh: 示例, en: example }
status: invented
payers: { fund: { zh: 基金, en: fund } }
facts:
  total: { type: money, label: { zh: 总费用, en: total }, min: 0元, max: 100000元 }
services:
  s:
    title: { zh: 住院, en: stay }
    kind: settlement
    steps:
      - { id: rate, label: { zh: 比例, en: rate }, value: "if total < 1万元 then 50% else 70%" }
      - { id: bill, label: { zh: 账单, en: bill }, bill: total, parts: { all: { zh: 全部, en: all, amount: rest } } }
      - { id: basic, label: { zh: 基金支付, en: fund pays }, pay: fund, from: [all], amount: total * rate, round: half_up to fen }
`

test('check --proofs proves, and shows what refutes a claim', () => {
  assert.match(ok(yibao('check', 'demo', '--proofs', '--lang', 'en')), /inpatient conservation {2}proved\n {2}inpatient no_part_below_zero {2}proved\n {2}inpatient never_falls:total {2}proved/)
  write('claims/pack.yaml', text('demo/pack.yaml').replace('    as_of: admission_date\n', '    as_of: admission_date\n    claims: { half: { zh: 基金至少付一半, en: the fund pays half, holds: basic * 2 >= total, cite: notice/inpatient } }\n'))
  const { status, stdout } = yibao('check', 'claims', '--proofs', '--lang', 'en')
  assert.equal(status, 3, stdout)
  assert.match(stdout, /inpatient half {2}refuted[^]*\{"[^]*→/)
  // 50 % below 10,000 yuan and 70 % of all from there on: both bills of the counter-example, and what is paid of each.
  write('cliff/pack.yaml', CLIFF)
  const cliff = yibao('check', 'cliff', '--proofs', '--lang', 'en')
  assert.equal(cliff.status, 3, cliff.stdout)
  const [, low, high, before, after] = /s never_falls:total {2}refuted\n {4}(\{.*\}) \/ (\{.*\}) → ([\d.]+) → ([\d.]+)\n/.exec(cliff.stdout)
  const total = text => Number(JSON.parse(text).total)
  assert.ok(total(low) < 10_000 && total(high) >= 10_000, cliff.stdout)
  // Half of the lower bill, 30 % of the higher one; either is rounded to the fen.
  const isNear = (yuan, fen) => Math.abs(Math.round(Number(yuan) * 100) - fen) < 1
  assert.ok(isNear(before, total(low) * 50) && isNear(after, total(high) * 30), cliff.stdout)
  assert.match(ok(yibao('check', join(root, 'www/dist/plans/anhui-suzhou-resident.plan.json'), '--lang', 'en')), /no problems/)
})

test('a place in Chinese text is marked under its characters', () => {
  write('wide.yaml', 'facts: { total: "20000", 医院级别: 一级 }\n')
  const { stderr } = yibao('eval', suzhouPack, '-i', 'wide.yaml')
  const [line, mark] = stderr.split('\n').slice(3, 5)
  // Two columns a Chinese character: the mark begins where the value does.
  const width = words => Array.from(words).reduce((sum, one) => sum + (one > '⺀' ? 2 : 1), 0)
  assert.equal(width(line.slice(0, line.indexOf('一级'))), mark.indexOf('^'))
  assert.equal(mark.match(/\^+/)[0].length, 4)
})

test('curve: the deductible is a knot and 20 fen of each yuan above it stay', () => {
  const curve = json('curve', suzhouPack, ...stay, '--over', 'total', '--to', '5000', '--format', 'json')
  assert.deepEqual(curve.pieces.map(({ from, lines }) => [from.at, lines.patient.slope]), [['0.00', '1'], ['500.00', '0.2']])
  const [head, ...rows] = ok(yibao('curve', suzhouPack, ...stay, '--over', 'total', '--to', '5000', '--format', 'csv', '--line', 'patient')).trim().split('\r\n')
  assert.deepEqual([head, ...rows], ['from,to,patient at from,patient at to,patient per yuan', '0.00,500.00,0.00,500.00,1', '500.00,5000.00,500.00,1400.00,0.2'])
  const drawing = ok(yibao('curve', suzhouPack, ...stay, '--over', 'total', '--to', '5000', '--format', 'svg'))
  assert.match(drawing, /^<svg /)
  assert.doesNotMatch(drawing, /NaN|undefined|<script/)
  assert.match(ok(yibao('curve', suzhouPack, ...stay, '--over', 'total', '--to', '5000')), /500\.00 +borne/)
})

test('solve finds the bill, and says what can be reached', () => {
  // (20000 − 500) × 80 % = 15600, so the person pays 4400; rounding to the fen leaves a few bills with that share.
  const { stretches } = json('solve', suzhouPack, ...stay, '--over', 'total', '--wanted', '4400', '--json')
  assert.ok(stretches.some(({ from, to }) => Number(from) <= 20000 && 20000 <= Number(to)))
  write('whole.yaml', `facts: { ${DAY}, level: county, total: "20000", ${PARTS} }\n`)
  assert.match(ok(yibao('solve', suzhouPack, ...stay, '--over', 'total', '--wanted', '99999999', '--lang', 'en')), /no total gives patient of 99999999; patient lies between 0\.00 and/)
})

test('compare: files, changed answers and packs', () => {
  const { labels, least, decisions } = json('compare', suzhouPack, ...stay, '--or', 'level=first', '--or', 'level=city_third', '--format', 'json')
  assert.deepEqual(labels.map(({ en }) => en), ['stay.yaml', 'level=first', 'level=city_third'])
  // 20000 − (20000 − 500) × 80 %, − (20000 − 200) × 85 %, − (20000 − 700) × 75 %
  assert.deepEqual(decisions.map(({ amounts }) => amounts.patient.text), ['4400.00', '3170.00', '5525.00'])
  assert.equal(least, 1)
  assert.match(ok(yibao('compare', suzhouPack, ...stay, '--or', 'level=first', '--format', 'markdown')), /^\| 步骤 \| stay\.yaml \| level=first ★ \|/)
  const both = json('compare', 'demo', 'demo', '-i', 'demo/stay.yaml', '--format', 'json')
  assert.equal(both.decisions.length, 2)
})

test('year: stays in order, with problems at their place', () => {
  const cases = YAML.parse(readFileSync(join(root, 'tests/packs/shared-cap/cases.yaml'), 'utf8')).cases
  const one = cases.find(({ year, expect }) => year && expect.encounters)
  write('year.yaml', YAML.stringify({ ...one.year, encounters: one.year.encounters.map(encounter => ({ service: one.service, ...encounter })) }))
  const pack = join(root, 'tests/packs/shared-cap')
  const year = json('year', pack, '-i', 'year.yaml', '--format', 'json')
  const [[id, { amounts }]] = Object.entries(one.expect.encounters).filter(([, { amounts }]) => amounts?.patient)
  assert.equal(year.encounters.find(encounter => encounter.id === id).pieces[0].decision.amounts.patient.text, amounts.patient)
  assert.match(ok(yibao('year', pack, '-i', 'year.yaml')), new RegExp(amounts.patient.replace('.', '\\.')))
  write('bad-year.yaml', 'encounters:\n  - { id: a, service: x, facts: {} }\n')
  refused(yibao('year', pack, '-i', 'bad-year.yaml'), 2, /unknown-service/)
})

test('diff: figures, clauses, cases and people', () => {
  write('next/pack.yaml', text('demo/pack.yaml').replaceAll('700元', '650元').replace('2026.11.1', '2026.12.1').replace('pack: demo', 'pack: demo'))
  const diff = json('diff', 'demo', 'next', '--population', '500', '--format', 'json')
  assert.deepEqual(diff.changes.map(({ step, before, after }) => [step, before, after]), [['deductible', '700元', '650元']])
  const [third] = diff.cases.changed.filter(({ id }) => id === 'third_level')
  // (20000 − 650) × 75 % = 14512.50
  assert.deepEqual(third.changes.find(({ figure }) => figure === 'basic'), { figure: 'basic', before: '14475.00', after: '14512.50' })
  assert.ok(diff.shifts[0].winners > 0 && diff.shifts[0].losers === 0)
  assert.deepEqual(json('diff', 'demo', 'next', '--population', '500', '--format', 'json'), diff, 'the same seed, the same people')
  assert.match(ok(yibao('diff', 'demo', 'next', '--format', 'markdown', '--lang', 'en')), /\| third_level \| patient \| 5525\.00 \| 5487\.50 \||third_level[^]*5487\.50/)
})

test('schema: what is written is what is shipped, and the sample is valid', () => {
  const Ajv = require('ajv').default
  ok(yibao('schema', '--write', 'schemas'))
  assert.deepEqual(readdirSync(at('schemas')).sort(), ['cases.schema.json', 'pack.schema.json', 'vocabulary.schema.json'])
  const ajv = new Ajv({ allErrors: true, strict: false })
  for (const name of readdirSync(at('schemas'))) {
    assert.equal(text(`schemas/${name}`), readFileSync(join(root, 'packs/schema', name), 'utf8'))
    ajv.addSchema(JSON.parse(text(`schemas/${name}`)))
  }
  for (const kind of ['pack', 'cases']) {
    assert.equal(text(`demo/schema/${kind}.schema.json`), ok(yibao('schema', kind)))
    assert.ok(ajv.validate(`${kind}.schema.json`, YAML.parse(text(`demo/${kind}.yaml`))), JSON.stringify(ajv.errors))
  }
})

test('types: every pack compiles, and what a pack does not know does not', async () => {
  const tsc = join(root, 'www/node_modules/typescript/bin/tsc')
  write('types/package.json', '{ "type": "module" }')
  for (const id of readdirSync(join(root, 'packs')).filter(id => existsSync(join(root, 'packs', id, 'pack.yaml')))) {
    ok(await inside(folder, ['types', join(root, 'packs', id), '-o', `types/${id}.ts`]))
  }
  write('types/use.ts', `
import { loadPlan } from 'yibao-rules'
import type { AnhuiSuzhouResidentRules } from './anhui-suzhou-resident.js'
const rules = loadPlan('') as AnhuiSuzhouResidentRules
rules.evaluate('inpatient', { total: '1', level: 'county', admissionDate: '2024-03-01' })
rules.explain('inpatient', { facts: { total: 1n } }, { step: 'rate', lang: 'en' })
// @ts-expect-error no such option
rules.evaluate('inpatient', { level: 'second' })
// @ts-expect-error no such fact
rules.evaluate('inpatient', { totl: '1' })
// @ts-expect-error no such service
rules.evaluate('outpatient', {})
// @ts-expect-error no such step
rules.explain('inpatient', {}, { step: 'rat' })
`)
  write('types/tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', lib: ['es2022', 'dom', 'esnext.disposable'], types: [], paths: { 'yibao-rules': [join(root, 'www/dist/index.d.ts')] } }, include: ['*.ts'] }))
  const { status, stdout } = runNode([tsc, '-p', at('types')])
  assert.equal(stdout, '')
  assert.equal(status, 0)
})

test('docs: every figure of the pack stands on its page, marked in its sentence, without a script', () => {
  ok(yibao('docs', suzhouPack, 'demo', '-o', 'pages'))
  const page = text('pages/anhui-suzhou-resident.html')
  for (const words of ['200元', '1000元', '<mark>', '起付线', '埇桥区医保局', '宿州市（安徽）不是苏州市（江苏）', '还没有主管部门复核']) assert.ok(page.includes(words), words)
  assert.doesNotMatch(page, /<script|javascript:| on[a-z]+=/i)
  assert.match(text('pages/index.html'), /href="demo\.html"/)
  write('evil/pack.yaml', text('demo/pack.yaml').replaceAll('示例市', '<img src=x onerror=alert(1)>').replace('https://example.org/', '"javascript:alert(1)"'))
  const evil = ok(yibao('docs', 'evil'))
  assert.ok(evil.includes('&lt;img src=x'))
  assert.doesNotMatch(evil, /<img|href="javascript/)
  assert.match(ok(yibao('docs', 'demo', '--lang', 'en')), /<html lang="en">[^]*Read this first/)
})

test('case from-link: a link and an exported file become cases that pass', () => {
  const raw = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
  const link = `https://example.org/page?x=1#yibao=${Buffer.from(JSON.stringify({ p: 'anhui-suzhou-resident', s: 'inpatient', a: raw })).toString('base64url')}`
  write('linked/pack.yaml', readFileSync(join(suzhouPack, 'pack.yaml')))
  const { status, stderr } = yibao('case', 'from-link', link, '--pack', 'linked', '-o', 'linked/cases.yaml', '--id', 'asked_at_the_desk')
  assert.equal(status, 0, stderr)
  assert.match(stderr, /对照原文/)
  const [one] = YAML.parse(text('linked/cases.yaml')).cases
  assert.equal(one.expect.amounts.patient, '4400.00')
  assert.equal(one.facts.admission_date, '2023-06-16')
  ok(yibao('test', 'linked'))
  write('exported.json', JSON.stringify({ cases: [{ id: 'statement', service: 'inpatient', facts: one.facts, origin: 'published', expect: { amounts: { total: '20000.00', patient: '4400.00' }, steps: {} } }], receipt: { pack: 'anhui-suzhou-resident', revision: '2020.1.1', digest: 'x' } }))
  const exported = yibao('case', 'from-link', 'exported.json', '--pack', 'linked', '-o', 'linked/cases.yaml')
  assert.match(exported.stderr, /2020\.1\.1/)
  assert.equal(YAML.parse(text('linked/cases.yaml')).cases[0].origin, 'published')
  ok(yibao('test', 'linked'))
  for (const hash of ['yibao=', 'yibao=!!!', `yibao=${Buffer.from('[1]').toString('base64url')}`, `yibao=${Buffer.from('{"p":1}').toString('base64url')}`]) refused(yibao('case', 'from-link', `https://example.org/#${hash}`, '--pack', 'linked'), 2, /答案/)
})

test('serve: pages, the packs of the disk, reload, and nothing for strangers', async () => {
  write('live/pack.yaml', text('demo/pack.yaml'))
  write('live/cases.yaml', text('demo/cases.yaml'))
  const child = spawn(process.execPath, [bin, 'serve', 'live', '--port', '0', '--lang', 'en'], { cwd: folder, env: plainEnv })
  let said = ''
  child.stdout.on('data', part => (said += part))
  try {
    const address = await eventually(() => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0])
    const get = async path => {
      const response = await fetch(address + path)
      return { status: response.status, text: await response.text(), policy: response.headers.get('content-security-policy') }
    }
    const home = await get('/')
    assert.match(home.text, /9 cases, 9 passed, 0 failed/)
    assert.match(home.policy, /default-src 'none'/)
    assert.match((await get('/pack/demo')).text, /700元/)
    assert.equal(JSON.parse((await get('/yibao/plans/demo.plan.json')).text).pack.id, 'demo')
    assert.ok(JSON.parse((await get('/site/yibao/plans/demo.json')).text).some(({ id }) => id === 'demo'))
    for (const path of ['/yibao/../package.json', '/yibao/%2e%2e/package.json', '/nothing', '/yibao/%00']) assert.equal((await get(path)).status, 404, path)
    const changes = await fetch(`${address}/-/changes`)
    const reader = changes.body.getReader()
    await reader.read()
    write('live/pack.yaml', text('demo/pack.yaml').replace('is: 700元', 'is: 701元'))
    assert.match(new TextDecoder().decode((await reader.read()).value), /data: changed/)
    assert.match((await get('/')).text, /class="trouble"[^]*figure-not-quoted/)
    // The last good plan stays.
    assert.equal(JSON.parse((await get('/yibao/plans/demo.plan.json')).text).pack.id, 'demo')
  } finally {
    child.kill('SIGINT')
  }
  const [code] = await new Promise(done => child.on('exit', (...how) => done(how)))
  assert.equal(code, 130)
})

async function eventually(work) {
  for (;;) {
    const found = work()
    if (found !== undefined) return found
    await new Promise(done => setTimeout(done, 20))
  }
}

function runNode(args) {
  return require('node:child_process').spawnSync(process.execPath, args, { encoding: 'utf8' })
}
