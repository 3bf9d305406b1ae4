// What others wrote never commands the terminal of who reads it: escape codes, controls and characters that turn a line
// round are shown by their number, wherever text goes out.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Context } from '../../../www/cli/context.mjs'
import { markup } from '../../../www/cli/markup.mjs'
import { jsonText, oneLine, painted, shown, visible } from '../../../www/cli/terminal.mjs'
import { github, json, junit, sarif, tap } from '../../../www/cli/testing/reporters/machines.mjs'
import { plain } from '../../../www/cli/testing/reporters/plain.mjs'
import { pretty } from '../../../www/cli/testing/reporters/pretty.mjs'
import { root } from '../kit.mjs'
import { inside, ok, workshop } from './kit.mjs'

const { yibao, write, text, folder } = workshop('terminal')
ok(yibao('init', 'demo'))

/** Clears the screen, sets the title, hides what follows, turns the line round, goes back to its start. */
const HOSTILE = '\u001b[2J\u001b]0;x\u0007\u009b8m\u202etxt\u2066\u200b\r\u2028\u{e0041}'
/** What may reach a terminal: all but controls other than a line break or tab, marks of direction, what is not seen. */
const RAW = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

const clean = ({ stdout, stderr }, what) => {
  // The progress bar goes back to the start of its line.
  for (const said of [stdout, stderr.replaceAll('\r\u001b[K', '')]) assert.equal(RAW.exec(said)?.[0], undefined, `${what}: ${JSON.stringify(said.slice(0, 300))}`)
}

test('one home says what is shown and how', () => {
  assert.equal(visible('a\u001b[31m\u202e\tb\n'), 'a\\u{1b}[31m\\u{202e}\tb\n')
  assert.equal(oneLine('a\nb\r'), 'a\\u{a}b\\u{d}')
  assert.equal(visible('起付线 700 元 · ünïcödé 👍'), '起付线 700 元 · ünïcödé 👍')
  assert.deepEqual(JSON.parse(jsonText({ a: [HOSTILE] }, 2)), { a: [HOSTILE] })
  assert.doesNotMatch(jsonText({ a: HOSTILE }), RAW)
  assert.equal(markup('<b>"\u202e&'), '&lt;b&gt;&quot;\\u{202e}&amp;')
  // Our own colours, and no others.
  assert.equal(shown(painted('red', 'a\u001b[8mb')), '\u001b[31ma\\u{1b}[8mb\u001b[39m')
})

test('packs, plans, cases, tables, links, arguments and paths reach no terminal raw', async () => {
  write('hostile/pack.yaml', text('demo/pack.yaml').replace('title: { zh: ', `title: { zh: ${HOSTILE}`))
  write('hostile/cases.yaml', text('demo/cases.yaml'))
  write('bad/pack.yaml', text('demo/pack.yaml'))
  write('bad/cases.yaml', text('demo/cases.yaml').replace('id: third_level', `id: "third\\u001b[2J\\u202e"`).replace('14475.00', '1.00'))
  const plan = readFileSync(join(root, 'www/dist/plans/anhui-suzhou-resident.plan.json'), 'utf8')
  const at = plan.indexOf('"zh":"') + 6
  write('bad.plan.json', `${plan.slice(0, at)}${JSON.stringify(HOSTILE).slice(1, -1)}${plan.slice(at)}`)
  write('cases.csv', `id,total,${HOSTILE.replaceAll(/[\r\n]/g, '')}\n1,2,3\n`)
  write('rows.csv', `id,total,admission_date,level\n${'\u001b[31m'},1,2026-01-01,${'\u202e'}\n`)
  write('in.yaml', `facts: { total: "1", level: "\\u001b[2J" }\n`)
  write('raw.yaml', `facts: { total: "${'\u001b[2J\u202e'}" }\n`)
  write('export.json', JSON.stringify({ service: HOSTILE, facts: { total: '1' }, receipt: { pack: HOSTILE } }))
  write('sheet.csv', `\ufeff项目,填写,原文,怎样填\n${'地区\u001b[2J'},${'\u202e'},,\n`)
  write('x.minisig', `untrusted comment: x\nRWQ${'A'.repeat(96)}\ntrusted comment: ${'\u001b[2J\u202e'}\n${'A'.repeat(88)}\n`)
  const runs = [
    ['check', 'hostile'], ['check', 'hostile', '--error-format', 'plain'], ['check', 'hostile', '--error-format', 'json'], ['test', 'hostile'], ['docs', 'hostile'], ['types', 'hostile'],
    ...['pretty', 'plain', 'tap', 'junit', 'json', 'github', 'sarif'].map(reporter => ['test', 'bad', '--reporter', reporter]),
    ['pack', 'inspect', 'bad.plan.json'], ['pack', 'inspect', 'bad.plan.json', '--json'], ['eval', 'bad.plan.json', '-i', 'in.yaml'], ['docs', 'bad.plan.json'], ['check', 'bad.plan.json'],
    ['batch', 'demo', '-i', 'cases.csv', '-o', 'out.csv'], ['batch', 'demo', '-i', 'rows.csv', '-o', 'out2.csv'],
    ['eval', 'demo', '-i', 'in.yaml'], ['eval', 'demo', '-i', 'raw.yaml'], ['eval', 'demo', '-i', 'raw.yaml', '--error-format', 'json'],
    ['case', 'from-link', 'export.json', '--pack', 'demo'], ['new', '--from', 'sheet.csv'], ['pack', 'inspect', 'x.minisig'], ['pack', 'verify', 'x.minisig', '-p', HOSTILE],
    [HOSTILE], ['eval', HOSTILE, '-i', 'in.yaml'], ['eval', 'demo', '-i', HOSTILE], ['test', HOSTILE], ['eval', 'demo', '-s', HOSTILE, '-i', 'in.yaml'], ['eval', `--${HOSTILE}`], ['explain', 'demo', HOSTILE, '-i', 'in.yaml'],
  ]
  for (const words of runs) {
    // What goes to a file or a program is to the letter; a terminal is what is looked at here.
    clean(await inside(folder, words, { NO_COLOR: '1' }, { isTTY: true }), words.map(oneLine).join(' '))
  }
})

test('reporters: no id or message of a case ends a line, an element or a command', async () => {
  const place = { file: 'a.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }
  const bad = `x"]]></failure>\n::error::y\nok 9 - z%0A# ${HOSTILE}`
  const difference = { path: bad, expected: bad, found: bad, message: bad }
  const one = { id: bad, service: bad, tags: [], clauses: [], place, working: [], answer: null, failed: true, differences: [{ difference, place }] }
  const pack = { file: 'pack.yaml', id: bad, revision: '1', title: { zh: bad, en: bad } }
  const coverage = { rules: [], clauses: [], edges: [] }
  const result = { packs: [{ pack, files: [], cases: [one], texts: new Map(), left: 0, coverage }], cases: 1, failed: 1, left: 0, coverage: Object.fromEntries(['rules', 'clauses', 'edges'].map(kind => [kind, { all: 0, reached: 0 }])) }
  const context = new Context({ args: [], options: {}, lang: 'en', color: false, errorFormat: 'human' })
  context.engine = async () => ({})
  const options = { coverage: false, least: {}, short: [] }
  for (const reporter of [tap, junit, json, github, sarif, plain]) {
    const said = await reporter(context, result, options)
    assert.doesNotMatch(said, RAW, reporter.name)
    if (reporter === json || reporter === sarif) JSON.parse(said)
  }
  assert.equal((await tap(context, result, options)).split('\n').filter(line => /^(not )?ok /.test(line)).length, 1)
  assert.equal((await github(context, result, options)).split('\n').filter(line => line.startsWith('::')).length, 1)
  assert.equal((await plain(context, result, options)).split('\n').length, 3)
  assert.equal((await junit(context, result, options)).match(/<\/failure>/g).length, 1)
  assert.doesNotMatch(shown(await pretty(context, { ...result, packs: [{ ...result.packs[0], cases: [] }] }, options)), RAW)
})
