// `yibao test`: what passes, fails, is covered, is updated, and how it is reported.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import * as glue from '../../../www/dist/portal/yibao.js'
import { loadPack, loadPlan } from '../../../www/dist/authoring-node.js'
import { Engine, loadPlan as loadInto } from '../../../www/dist/core.js'
import { held, otherOf } from '../../../www/cli/testing/engines.mjs'
import { matching } from '../../../www/cli/testing/define.mjs'
import { root } from '../kit.mjs'
import { bin, golden, ok, plainEnv, refused, suzhouPack, workshop } from './kit.mjs'

const { yibao, write, text, at, folder } = workshop('test')
ok(yibao('init', 'demo'))
const CASES = text('demo/cases.yaml')
const PACK = text('demo/pack.yaml')
const json = (...args) => JSON.parse(yibao('test', ...args, '--reporter', 'json').stdout)

/** A copy of the sample in which a figure is wrong. */
function wrong(name, change = cases => cases.replace('fund: "14475.00"', 'fund: "14575.00"')) {
  write(`${name}/pack.yaml`, PACK)
  write(`${name}/cases.yaml`, change(CASES))
  return name
}

test('the sample passes, everything covered, and a folder of packs runs them all', () => {
  assert.match(ok(yibao('test', 'demo', '--min-coverage', '100', '--lang', 'en')), /100% {2}7\/7 [^]*9 cases, 9 passed, 0 failed/)
  const all = json(join(root, 'tests/packs'))
  assert.ok(all.packs.length >= 20 && all.failed === 0)
  assert.equal(ok(yibao('test', { cwd: at('demo') })).split('\n').filter(line => line.startsWith('ok ')).length, 9)
})

test('a failing case shows the calculation and the first step that differs', () => {
  wrong('fails', cases => cases.replace('fund: "14475.00"', 'fund: "14575.00"').replace('rate: 75%', 'rate: 76%').replace('bounds: { patient: { least: "3170.00"', 'bounds: { patient: { least: "3100.00"'))
  for (const lang of ['zh-CN', 'en']) {
    const { status, stdout, stderr } = yibao('test', 'fails', '--reporter', 'pretty', '--lang', lang)
    assert.deepEqual([status, stderr], [1, ''])
    golden(`${lang}/failing.txt`, stdout)
  }
  const colourful = yibao('test', 'fails', '--color', 'always').stdout
  assert.match(colourful, /\x1b\[31m/)
  assert.equal(colourful.replaceAll(/\x1b\[\d+m/g, ''), yibao('test', 'fails', '--reporter', 'pretty').stdout)
  assert.doesNotMatch(yibao('test', 'fails', { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }).stdout, /\x1b/)
})

test('a year, an error and a refusal fail in words', () => {
  const shared = join(root, 'tests/packs/shared-cap')
  write('year/pack.yaml', readFileSync(join(shared, 'pack.yaml')))
  const cases = readFileSync(join(shared, 'cases.yaml'), 'utf8')
  write('year/cases.yaml', cases.replaceAll(/net: "(\d+)\.(\d\d)"/g, 'net: "1$1.$2"').replaceAll(/patient: "(\d+)\.(\d\d)"/g, 'patient: "1$1.$2"'))
  const { status, stdout } = yibao('test', 'year', '--reporter', 'pretty', '--lang', 'en')
  assert.equal(status, 1)
  assert.match(stdout, /encounters\.\w+\.amounts\.patient {2}expected 1\d+\.\d\d {2}found \d+\.\d\d/)
  wrong('errors', cases => cases.replace('level: third }\n    expect:\n      outcome: computed', 'level: fourth }\n    expect:\n      outcome: computed'))
  assert.match(yibao('test', 'errors', '--reporter', 'pretty').stdout, /unknown-option[^]*fourth[^]*\^/)
})

test('cases are chosen by name, tag and clause', () => {
  const ids = (...args) => json('demo', ...args).packs.flatMap(({ cases }) => cases.map(({ id }) => id))
  assert.deepEqual(ids('--name', 'third_'), ['third_level', 'third_below', 'third_at', 'third_above'])
  assert.deepEqual(ids('-n', 'first_at', '-n', 'third_at'), ['first_at', 'third_at'])
  assert.equal(ids('--tag', 'edge').length, 6)
  assert.equal(ids('--tag', 'edge', '--name', 'first').length, 3)
  assert.ok(ids('--clause', 'notice/inpatient').length > 0)
  refused({ ...yibao('test', 'demo', '--clause', 'notice/outpatient') }, 1, /一个案例也没有运行/)
})

test('coverage names what no case reaches, and a minimum fails', () => {
  const less = wrong('less', cases => cases.split('\n').filter(line => !/third_(below|above)|first_at/.test(line)).join('\n').replace(/ {2}- id: first_level[^]*?(?= {2}- id: third_level)/, ''))
  const { status, stdout, stderr } = yibao('test', less, '--min-coverage', 'rules=100,edges=100', '--lang', 'en')
  assert.equal(status, 1)
  assert.match(stdout, /inpatient\.borne: the edge 200元 of total lacks cases: at it/)
  assert.match(stdout, /inpatient\.borne: the edge 700元 of total lacks cases: one below, one above/)
  assert.match(stderr, /coverage: edges 0 of 2, expected 100% at least/)
  assert.equal(yibao('test', less, '--min-coverage', 'rules=100').status, 0)
  const nothing = json('demo', '--name', 'first_level').packs[0].coverage.rules.filter(({ by }) => by.length === 0).map(({ id }) => id)
  assert.deepEqual(nothing, ['inpatient.deductible#1', 'inpatient.rate#1'])
})

test('edges of tables and bands count a fen to each side', () => {
  const { packs } = json(join(root, 'tests/packs/bands-gross'))
  const bands = packs[0].coverage.edges.filter(({ of }) => of === 'bands')
  assert.ok(bands.length > 0 && bands.every(({ equal, above }) => equal.length > 0 && above.length > 0), JSON.stringify(bands))
})

test('--update writes figures in their place, and nothing else', () => {
  const name = wrong('update', cases => cases.replace('fund: "14475.00"', 'fund: "14575.00"').replace('patient: "199.99"', 'patient: "199.98"').replace('rate: 75%', 'rate: 76%'))
  const before = text(`${name}/cases.yaml`)
  refused({ ...yibao('test', name, '--update', { env: { CI: '1' } }) }, 2, /CI/)
  assert.equal(text(`${name}/cases.yaml`), before)
  const { status, stdout, stderr } = yibao('test', name, '--update', '--lang', 'en')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /update\/cases\.yaml:23 {2}third_level {2}amounts\.fund {2}14575\.00 → 14475\.00/)
  assert.match(stdout, /3 figures changed, 0 differences kept/)
  assert.equal(stderr, '')
  assert.equal(text(`${name}/cases.yaml`), CASES.replace('rate: 75%', 'rate: "75%"'))
  ok(yibao('test', name))
})

test('--update says which sums are to be worked out anew', () => {
  // The working gave the wrong figure: 14475 + 100.
  const name = wrong('redo', cases => cases.replace('fund: "14475.00"', 'fund: "14575.00"').replace('fund: (20000 - 700) * 75%', 'fund: (20000 - 700) * 75% + 100'))
  const { status, stderr } = yibao('test', name, '--update', '--lang', 'en')
  assert.equal(status, 0)
  assert.equal(stderr, '  third_level: work the sum in `working` out anew, by hand from the text\n')
  const again = yibao('test', name, '--lang', 'en')
  assert.equal(again.status, 1)
  assert.match(again.stdout, /redo\/cases\.yaml:\d+:\d+ working\.fund: \(20000 - 700\) \* 75% \+ 100 is 14575, expected 14475\.00/)
})

test('a working that is wrong, is no sum or names nothing fails its case', () => {
  const at = CASES.split('\n').findIndex(line => line.includes('working: { fund: (20000 - 700) * 75%')) + 1
  assert.ok(at > 0)
  const failing = {
    'fund: (20000 - 700) * 76%': 'working.fund: (20000 - 700) * 76% is 14668, expected 14475.00',
    'fund: (20000 - 700 * 75%': 'working.fund: (20000 - 700 * 75%: expected `)`, found the end',
    'found: (20000 - 700) * 75%': 'working.found: nothing of that name is expected',
  }
  let number = 0
  for (const [sum, said] of Object.entries(failing)) {
    const name = wrong(`sum${(number += 1)}`, cases => cases.replace('fund: (20000 - 700) * 75%', sum))
    const { status, stdout } = yibao('test', name, '--lang', 'en')
    assert.equal(status, 1, sum)
    assert.ok(stdout.includes(`not ok demo third_level ${name}/cases.yaml:${at}:`), stdout)
    assert.ok(stdout.includes(said), stdout)
  }
})

test('--update leaves published results and what is no figure', () => {
  const name = wrong('published', cases => cases.replace('origin: derived', 'origin: published').replace('fund: "16830.00"', 'fund: "16831.00"').replace('missing: [level]', 'missing: [total]'))
  const before = text(`${name}/cases.yaml`)
  const { status, stdout } = yibao('test', name, '--update', '--lang', 'en')
  assert.equal(status, 1)
  assert.match(stdout, /first_level {2}kept: fund: expected 16831\.00, found 16830\.00 \(it is a published result\)/)
  assert.match(stdout, /level_not_known {2}kept: missing: expected total, found level \(change it by hand\)/)
  assert.equal(text(`${name}/cases.yaml`), before)
})

test('--update keeps line ends and Chinese text before a figure', () => {
  const name = wrong('crlf', cases => cases.replace('amounts: { fund: "14475.00"', '# 这一行之后\n      amounts: { fund: "14575.00"').replaceAll('\n', '\r\n'))
  ok(yibao('test', name, '--update'))
  assert.equal(text(`${name}/cases.yaml`), CASES.replace('amounts: { fund: "14475.00"', '# 这一行之后\n      amounts: { fund: "14475.00"').replaceAll('\n', '\r\n'))
})

test('TAP, GitHub and plain reports', () => {
  wrong('reports')
  const lines = reporter => yibao('test', 'reports', '--reporter', reporter).stdout.trimEnd().split('\n')
  const tap = lines('tap')
  assert.deepEqual(tap.slice(0, 4), ['TAP version 14', '1..9', 'ok 1 - demo first_level', 'not ok 2 - demo third_level'])
  assert.equal(tap.filter(line => line.startsWith('ok ')).length, 8)
  assert.equal(lines('github')[0], '::error file=reports/cases.yaml,line=23,col=24,title=demo third_level::fund: expected 14575.00, found 14475.00')
  assert.ok(lines('plain').includes('not ok demo third_level reports/cases.yaml:23:24 fund: expected 14575.00, found 14475.00'))
  ok(yibao('test', 'demo', '--reporter', 'tap', '--output', 'out.tap'))
  assert.equal(text('out.tap').split('\n')[1], '1..9')
})

test('--watch runs again when a file changes, also where it was broken in between', async () => {
  write('watched/pack.yaml', PACK)
  write('watched/cases.yaml', CASES)
  const child = spawn(process.execPath, [bin, 'test', 'watched', '--watch', '--lang', 'en'], { cwd: folder, env: plainEnv })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', part => (said += part))
  const times = word => said.split(word).length - 1
  const until = async holds => {
    while (!holds()) await new Promise(done => setTimeout(done, 20))
  }
  await until(() => times('waiting for a change') === 1)
  assert.equal(times('9 passed, 0 failed'), 1)
  write('watched/cases.yaml', CASES.replace('fund: "14475.00"', 'fund: "1.00"'))
  await until(() => times('8 passed, 1 failed') === 1 && times('waiting for a change') === 2)
  write('watched/pack.yaml', 'pack: x\n')
  await until(() => said.includes('is not a valid pack') && times('waiting for a change') === 3)
  write('watched/pack.yaml', PACK)
  write('watched/cases.yaml', CASES)
  await until(() => times('9 passed, 0 failed') >= 2)
  child.kill('SIGINT')
  const [code] = await new Promise(done => child.on('exit', (...how) => done(how)))
  assert.equal(code, 130)
})

test('the JavaScript build is held to the same bytes, or refused where it is not installed', () => {
  if (existsSync(join(root, 'www/dist/portal-js/yibao.js'))) {
    for (const engine of ['js', 'both']) ok(yibao('test', suzhouPack, '--engine', engine))
  } else {
    refused(yibao('test', suzhouPack, '--engine', 'both'), 2, /portal-js/)
  }
})

test('another build that answers otherwise fails the case', async () => {
  const rules = loadPack(PACK, { file: 'pack.yaml' })
  const sources = [{ file: 'cases.yaml', text: CASES }]
  const { cases } = rules.test(sources, { answers: true })
  assert.ok(cases.every(({ answer, differences }) => answer !== null && differences.length === 0))
  glue.initSync({ module: readFileSync(join(root, 'www/dist/portal/yibao_bg.wasm')) })
  const portal = await otherOf(glue, Engine, loadInto)
  assert.ok(held(rules, portal, sources, cases).every(({ differences }) => differences.length === 0), 'the portal build gives the same bytes')
  const liar = () => loadPlan(JSON.stringify(JSON.parse(rules.planJson()), (key, value) => (key === 'digest' ? '0'.repeat(64) : value)))
  const found = held(rules, liar, sources, cases)
  assert.ok(found.every(({ differences }) => /answers otherwise/.test(differences[0].difference.message)))
})

test('cases become tests of node:test', () => {
  wrong('defined')
  write('use.test.mjs', `import { defineCases } from ${JSON.stringify(pathToFileURL(join(root, 'www/cli/testing/define.mjs')).href)}\nawait defineCases(process.env.GLOB, { lang: 'en' })\n`)
  const run = glob => spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'use.test.mjs'], { cwd: folder, encoding: 'utf8', env: { ...plainEnv, GLOB: glob } })
  const good = run('demo/*.yaml'.replace('*', 'cases'))
  assert.match(good.stdout, /# pass 9\n# fail 0/)
  const bad = run('defined/**/cases.yaml')
  assert.match(bad.stdout, /# pass 8\n# fail 1/)
  assert.match(bad.stdout, /the first step that differs/)
  assert.match(bad.stdout, /third_level \(defined\/cases\.yaml:23:24\)/)
  assert.match(run('nowhere/*.yaml').stdout, /no case file matches nowhere/)
  assert.deepEqual(matching(['demo/c*.yaml', './defined/**/cases.yaml'], folder).map(path => path.replace(/.*yibao-test-[^/]*\//, '')), ['defined/cases.yaml', 'demo/cases.yaml'])
})

test('a glob may lead out of the folder, begin at the root, or be a file', () => {
  write('mono/packs/one/cases.yaml', CASES)
  write('mono/packs/one/pack.yaml', text('demo/pack.yaml'))
  write('mono/packs/node_modules/two/cases.yaml', CASES)
  write('mono/rules/use.test.mjs', `import { defineCases } from ${JSON.stringify(pathToFileURL(join(root, 'www/cli/testing/define.mjs')).href)}\nawait defineCases(process.env.GLOB)\n`)
  const run = glob => spawnSync(process.execPath, ['--test', '--test-reporter=tap', 'use.test.mjs'], { cwd: join(folder, 'mono/rules'), encoding: 'utf8', env: { ...plainEnv, GLOB: glob } }).stdout
  for (const glob of ['../packs/*/cases.yaml', '../packs/one/cases.yaml', '../**/cases.yaml', join(folder, 'mono/packs/**/cases.yaml'), join(folder, 'mono/packs/one/cases.yaml')]) assert.match(run(glob), /# pass 9\n# fail 0/, glob)
  const at = path => matching(path, join(folder, 'mono/rules')).map(found => found.slice(found.indexOf('mono/')))
  assert.deepEqual(at('../packs/*/c?ses.yaml'), ['mono/packs/one/cases.yaml'])
  assert.deepEqual(at('../packs/node_modules/*/cases.yaml'), ['mono/packs/node_modules/two/cases.yaml'])
  assert.deepEqual(at('..\\packs\\one\\*.yaml'), ['mono/packs/one/cases.yaml', 'mono/packs/one/pack.yaml'])
  assert.deepEqual(at(['../packs/one/*.yaml', join(folder, 'mono/packs/one/cases.yaml')]).length, 2)
  for (const nothing of ['../packs', '../nothing/*', '../packs/one/cases.yaml/*', '']) assert.deepEqual(at(nothing), [], nothing)
})
