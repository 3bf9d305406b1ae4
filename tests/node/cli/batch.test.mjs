import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from '../kit.mjs'

const require = createRequire(join(root, 'www/package.json'))
const arrow = require('apache-arrow')
const Papa = require('papaparse')

const folder = mkdtempSync(join(tmpdir(), 'yibao-batch-'))
after(() => rmSync(folder, { recursive: true }))
const at = name => join(folder, name)
const bin = join(root, 'www/bin/yibao.mjs')
const pack = join(root, 'packs/anhui-suzhou-resident')
const env = { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: '' }

function batch(input, output, ...more) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'batch', more.includes('--pack') ? more[more.indexOf('--pack') + 1] : pack, '-i', input, '-o', output, ...more.filter((word, i) => word !== '--pack' && more[i - 1] !== '--pack')], { cwd: folder, encoding: 'utf8', env })
  return { status, stdout, stderr }
}
const write = (name, content) => writeFileSync(at(name), content)
const text = name => readFileSync(at(name), 'utf8')
const table = name => Papa.parse(text(name).trim(), { header: true }).data

const HEADER = 'id,admission_date,scheme,place,level,total,out_of_scope,over_limit,first_pay'
const LEVELS = [['first', 200, 85], ['county', 500, 80], ['city_third', 700, 75], ['provincial_third', 1000, 70]]

/** Row `i`, and by whole numbers of fen what the fund pays: half up of (total − deductible) × rate. */
function row(i) {
  const [level, deductible, rate] = LEVELS[i % 4]
  const fen = 20_000 + (i * 7919) % 5_000_000
  const fund = Math.floor((Math.max(0, fen - deductible * 100) * rate + 50) / 100)
  const yuan = fen => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
  return { line: `r${i},2023-06-16,resident,in_city,${level},${yuan(fen)},0,0,0`, fund: yuan(fund), patient: yuan(fen - fund) }
}
const rows = count => Array.from({ length: count }, (_, i) => row(i))

test('every row is decided, to the fen, in every format', async () => {
  const all = rows(2_000)
  write('all.csv', `${HEADER}\n${all.map(({ line }) => line).join('\n')}\n`)
  const keys = HEADER.split(',')
  const objects = all.map(({ line }) => Object.fromEntries(line.split(',').map((cell, i) => [keys[i], cell])))
  write('all.jsonl', objects.map(one => JSON.stringify(one)).join('\n'))
  write('all.arrow', arrow.tableToIPC(arrow.tableFromJSON(objects), 'file'))
  const expected = all.map(({ fund, patient }, i) => [`r${i}`, 'computed', fund, patient])
  for (const from of ['csv', 'jsonl', 'arrow']) {
    const { status, stderr } = batch(`all.${from}`, `of-${from}.csv`)
    assert.equal(status, 0, stderr)
    assert.match(stderr, /2000 行，算出 2000，未算出 0，坏行 0/)
    assert.deepEqual(table(`of-${from}.csv`).map(one => [one.id, one.outcome, one['payment.basic'], one.patient]), expected)
  }
  assert.equal(batch('all.csv', 'out.jsonl').status, 0)
  assert.deepEqual(text('out.jsonl').trim().split('\n').map(JSON.parse).map(one => [one.id, one.outcome, one['payment.basic'], one.patient]), expected)
  assert.equal(batch('all.csv', 'out.arrow').status, 0)
  assert.deepEqual(arrow.tableFromIPC(readFileSync(at('out.arrow'))).toArray().map(one => [one.id, one.outcome, one['payment.basic'], one.patient]), expected)
  assert.deepEqual(readdirSync(folder).filter(name => /part|progress|bad/.test(name)), [])
})

test('Arrow decimals and dates are read exactly, binary fractions are not', () => {
  const words = fen => new Uint32Array([fen, 0, 0, 0])
  const decimals = arrow.makeVector(arrow.makeData({ type: new arrow.Decimal(2, 12, 128), length: 2, data: new Uint32Array([...words(1_000_001), ...words(2_000_000)]) }))
  const columns = {
    admission_date: arrow.vectorFromArray([new Date('2023-06-16'), new Date('2023-06-17')], new arrow.DateDay()),
    total: decimals,
    ...Object.fromEntries(Object.entries({ scheme: 'resident', place: 'in_city', level: 'county', out_of_scope: '0', over_limit: '0', first_pay: '0' }).map(([name, value]) => [name, arrow.vectorFromArray([value, value], new arrow.Utf8())])),
  }
  write('typed.arrow', arrow.tableToIPC(new arrow.Table(columns), 'file'))
  assert.equal(batch('typed.arrow', 'typed.csv').status, 0)
  // (10000.01 − 500) × 80% = 7600.008, (20000 − 500) × 80% = 15600
  assert.deepEqual(table('typed.csv').map(one => one['payment.basic']), ['7600.01', '15600.00'])
  write('float.arrow', arrow.tableToIPC(new arrow.Table({ total: arrow.vectorFromArray([0.1], new arrow.Float64()) }), 'file'))
  const { status, stderr } = batch('float.arrow', 'float.csv')
  assert.equal(status, 2)
  assert.match(stderr, /`total` 是 Float64/)
  write('none.arrow', 'nonsense')
  assert.match(batch('none.arrow', 'none.csv').stderr, /不是 Arrow 文件/)
})

test('bad rows go to a side file with line and reason, and nothing is lost', () => {
  const good = row(1).line
  write('mixed.csv', [
    `${HEADER},备注`,
    `${good},好`,
    good.replace('r1', '"a ""b"""') + ',"第一行\n第二行"',
    `${good}`,
    good.replace('in_city', 'in_town') + ',没有这个地方',
    '',
    good.replace(/\d+\.\d\d/, '一百') + ',金额不对',
    `"${good},引号没有关`,
    good.replace('2023-06-16', '2023/6/16') + ',日期格式',
    good.replace('in_city', 'in_province') + ',不在范围',
    good.replace('in_city', '') + ',没有回答',
  ].join('\n'))
  const { status, stderr } = batch('mixed.csv', 'mixed-out.csv', '--keep', '备注')
  assert.equal(status, 1, stderr)
  assert.match(stderr, /9 行，算出 2，未算出 2，坏行 5（见 mixed-out\.bad\.csv）/)
  const out = table('mixed-out.csv')
  assert.deepEqual(out.map(one => [one.id, one.outcome, one.备注]), [['r1', 'computed', '好'], ['a "b"', 'computed', '第一行\n第二行'], ['r1', 'refused', '不在范围'], ['r1', 'incomplete', '没有回答']])
  assert.deepEqual([out[2].refusal, out[3].missing], ['not-covered', 'place'])
  assert.match(out[2].reason, /只写了宿州市域内住院/)
  const bad = Papa.parse(text('mixed-out.bad.csv').trim()).data.slice(1)
  assert.deepEqual(bad.map(([line, code]) => [line, code]), [['5', 'columns'], ['6', 'unknown-option'], ['8', 'wrong-type'], ['9', 'quotes'], ['10', 'bad-date']])
  assert.match(bad[0][2], /这一行有 9 格，列名有 10 个/)
  assert.match(bad[1][2], /place: .*in_town/)
  assert.match(bad[2][2], /total: .*一百/)
  assert.equal(bad[3][3], `"${good},引号没有关`)
  assert.match(bad[4][2], /admission_date/)
  // What was wrong can be put right in the side file and given again.
  assert.equal(bad[1].slice(3).join(','), good.replace('in_city', 'in_town') + ',没有这个地方')
})

test('JSONL takes sections, and says what a bad line was', () => {
  const facts = Object.fromEntries(HEADER.split(',').slice(1).map((key, i) => [key, row(1).line.split(',')[i + 1]]))
  const lines = [JSON.stringify({ id: 7, facts }), '{"id": "x",', '[1]', JSON.stringify({ id: 8, ...facts, totle: '1' }), '   ', JSON.stringify({ id: 9, ...facts })]
  write('s.jsonl', lines.join('\r\n'))
  assert.equal(batch('s.jsonl', 's.csv').status, 1)
  assert.deepEqual(table('s.csv').map(one => [one.id, one['payment.basic']]), [['7', row(1).fund], ['9', row(1).fund]])
  const bad = text('s.bad.jsonl').trim().split('\n').map(JSON.parse)
  assert.deepEqual(bad.map(({ line, code, row }) => [line, code, row]), [['2', 'json', lines[1]], ['3', 'json', lines[2]], ['4', 'unknown-fact', lines[3]]])
})

/** A case's answers under dotted names. */
function flattened({ facts = {}, ledger = {}, parameters = {}, previous }) {
  const cells = {}
  const cell = (name, value) => {
    if (Array.isArray(value)) cells[name] = JSON.stringify(value)
    else if (value instanceof Date) cells[name] = value.toISOString().slice(0, 10)
    else if (typeof value === 'object' && value !== null) for (const [field, inner] of Object.entries(value)) cell(`${name}.${field}`, inner)
    else if (value !== null) cells[name] = String(value)
  }
  for (const [name, value] of Object.entries(facts)) cell(name, value)
  for (const [section, answers] of Object.entries({ ledger, parameters })) for (const [name, value] of Object.entries(answers)) cell(`${section}.${name}`, value)
  if (typeof previous === 'string') cells.previous = previous
  else for (const [name, value] of Object.entries(previous ?? {})) cell(`previous.${name}`, value)
  return cells
}

test('dotted names reach balances, the stay before, institutions and lists: the cases of packs as tables', () => {
  const { parse } = require('yaml')
  let compared = 0
  for (const id of ['tests/packs/shared-cap', 'tests/packs/referral-link', 'tests/packs/bill-lines', 'packs/gaizhou-2021', 'packs/wuwei-chronic', 'tests/packs/states']) {
    const { cases } = parse(readFileSync(join(root, id, 'cases.yaml'), 'utf8'))
    const single = cases.filter(one => one.service && !one.year && !one.expect.error && JSON.stringify(one.facts ?? {}) !== '{}')
    for (const service of new Set(single.map(one => one.service))) {
      const own = single.filter(one => one.service === service)
      const flat = own.map(flattened)
      const names = [...new Set(flat.flatMap(Object.keys))]
      write('cases.csv', Papa.unparse([['id', ...names], ...flat.map((cells, i) => [own[i].id, ...names.map(name => cells[name] ?? '')])]))
      const { stderr } = batch('cases.csv', 'cases-out.csv', '--pack', join(root, id), '-s', service)
      assert.match(stderr, /坏行 0/, `${id} ${service}: ${stderr}`)
      for (const [i, out] of table('cases-out.csv').entries()) {
        const { outcome, amounts = {}, verdict, refusal } = own[i].expect
        for (const [name, expected] of Object.entries({ outcome, verdict, refusal, patient: amounts.patient, cash: amounts.cash })) {
          if (expected === undefined || out[name] === undefined) continue
          assert.equal(out[name], String(expected), `${id} ${own[i].id} ${name}`)
          compared += 1
        }
      }
    }
  }
  assert.ok(compared > 60, `${compared} values compared`)
})

test('GBK is read with a note, UTF-16 and a wrong delimiter are refused with a way out', () => {
  const gbk = Buffer.concat([Buffer.from(`${HEADER},`), Buffer.from([0xb1, 0xb8, 0xd7, 0xa2]), Buffer.from(`\r\n${row(1).line},`), Buffer.from([0xba, 0xc3]), Buffer.from('\r\n')])
  write('gbk.csv', gbk)
  const { status, stderr } = batch('gbk.csv', 'gbk-out.csv', '--keep', '备注')
  assert.equal(status, 0, stderr)
  assert.match(stderr, /是 GBK 编码，已按 GBK 读/)
  assert.equal(text('gbk-out.csv').charCodeAt(0), 0xfeff)
  assert.equal(table('gbk-out.csv')[0].备注, '好')
  write('utf16.csv', Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'))
  write('semicolon.csv', `${HEADER.replaceAll(',', ';')}\n${row(1).line.replaceAll(',', ';')}\n`)
  for (const [args, expected] of [
    [['utf16.csv', 'x.csv'], /像是 UTF-16[^]*CSV UTF-8/],
    [['semicolon.csv', 'x.csv'], /不是用逗号分隔[^]*--delimiter/],
    [['nothing.csv', 'x.csv'], /没有文件 `nothing\.csv`/],
    [['all.xlsx', 'x.csv'], /扩展名不是[^]*CSV UTF-8/],
    [['all.csv', 'all.csv'], /同一个文件/],
    [['all.csv', '-'], /中断后才能接着做/],
    [['all.csv', 'no/where.csv'], /没有这个文件夹/],
    [['all.csv', 'x.csv', '--keep', 'nothing'], /没有 --keep 的列 `nothing`/],
    [['all.csv', 'x.csv', '--step', 'nothing'], /没有步骤 `nothing`[^]*deductible/],
    [['all.csv', 'x.csv', '--delimiter', 'ab'], /要一个字符/],
  ]) {
    const { status, stderr } = batch(...args)
    assert.equal(status, 2, `${args}: ${stderr}`)
    assert.match(stderr, expected)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
  assert.deepEqual([batch('semicolon.csv', 'semicolon-out.csv', '--delimiter', ';').status, existsSync(at('x.csv'))], [0, false])
  assert.equal(table('semicolon-out.csv')[0]['payment.basic'], row(1).fund)
})

test('a column that is no fact is refused with the nearest one', () => {
  for (const [header, expected] of [
    [HEADER.replace('total', 'totall'), /列 `totall`[^]*是不是 `total`[^]*--keep totall/],
    [`${HEADER},total`, /列 `total` 出现两次/],
    [HEADER.replace('first_pay', ''), /有一列没有名称/],
    [HEADER.replace('over_limit', 'admissionDate'), /两列都是 `facts\.admission_date`/],
    [HEADER.replace('id', 'outcome'), /列 `outcome`/],
  ]) {
    write('header.csv', `${header}\n${row(1).line}\n`)
    const { status, stderr } = batch('header.csv', 'header-out.csv')
    assert.equal(status, 2, stderr)
    assert.match(stderr, expected)
  }
  write('few.csv', 'id,total\n1,100\n')
  const { status, stderr } = batch('few.csv', 'few-out.csv', '--strict', '--step', 'eligible', '--warnings')
  assert.equal(status, 4)
  assert.match(stderr, /这些事实没有列[^]*admission_date/)
  assert.equal(table('few-out.csv')[0].outcome, 'incomplete')
})

test('a run that stops before its first note begins with its head all the same', () => {
  write('short.csv', `${HEADER}\n${rows(20).map(({ line }) => line).join('\n')}\n`)
  assert.equal(batch('short.csv', 'short-whole.csv').status, 0)
  const { size, mtimeMs } = statSync(at('short.csv'))
  const digest = JSON.parse(spawnSync(process.execPath, [bin, 'pack', 'inspect', pack, '--json'], { encoding: 'utf8', env }).stdout).digest
  const asked = JSON.stringify({ digest, service: 'inpatient', keep: [], steps: [], warnings: false, delimiter: ',', lang: 'zh-CN', input: realpathSync(at('short.csv')), size, mtime: mtimeMs })
  write('stopped.csv.progress.json', JSON.stringify({ asked, done: { headed: false, next: 1, rows: 0, good: 0, bad: 0, computed: 0, outBytes: 0, badBytes: 0 } }))
  write('stopped.csv.part', 'half a li')
  write('stopped.bad.csv.part', 'half')
  const { status, stderr } = batch('short.csv', 'stopped.csv', '--resume')
  assert.equal(status, 0, stderr)
  assert.equal(text('stopped.csv'), text('short-whole.csv'))
  write('stopped.csv.progress.json', '{')
  assert.match(batch('short.csv', 'stopped.csv', '--resume').stderr, /读不懂，接不上[^]*--restart/)
  assert.equal(batch('short.csv', 'stopped.csv', '--restart').status, 0)
})

test('after Ctrl-C, or the death of the process, --resume ends with the same bytes', async () => {
  const count = 400_000
  const broken = i => (i % 1000 === 7 ? row(i).line.replace('in_city', '"in\ntown"') : row(i).line)
  write('long.csv', `${HEADER}\n${Array.from({ length: count }, (_, i) => broken(i)).join('\n')}\n`)
  assert.equal(batch('long.csv', 'whole.csv').status, 1)
  const interrupted = async (signal, ...more) => {
    const child = spawn(process.execPath, [bin, 'batch', pack, '-i', 'long.csv', '-o', 'cut.csv', ...more], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr.on('data', bytes => { said += bytes })
    const ended = new Promise(done => child.on('exit', (code, by) => done({ code, by, said })))
    const grown = () => existsSync(at('cut.csv.part')) && statSync(at('cut.csv.part')).size
    const before = more.length > 0 ? grown() : 0
    while (!(grown() > before + 300_000) && child.exitCode === null) await sleep(2)
    child.kill(signal)
    return ended
  }
  const first = await interrupted('SIGINT')
  assert.equal(first.code, 130, first.said)
  assert.match(first.said, /已中断，做完 \d+ 行。接着做：同样的命令加 --resume/)
  assert.equal(existsSync(at('cut.csv')), false)
  const again = batch('long.csv', 'cut.csv')
  assert.deepEqual([again.status, /没有做完的批量测算[^]*--resume[^]*--restart/.test(again.stderr)], [2, true])
  const other = batch('long.csv', 'cut.csv', '--resume', '--step', 'rate')
  assert.deepEqual([other.status, /接不上/.test(other.stderr)], [2, true])
  assert.equal((await interrupted('SIGKILL', '--resume')).by, 'SIGKILL')
  const { status, stderr } = batch('long.csv', 'cut.csv', '--resume')
  assert.equal(status, 1, stderr)
  assert.match(stderr, /400000 行，算出 399600，未算出 0，坏行 400/)
  assert.equal(text('cut.csv') === text('whole.csv'), true)
  assert.equal(text('cut.bad.csv') === text('whole.bad.csv'), true)
  assert.deepEqual(readdirSync(folder).filter(name => /part|progress/.test(name)), [])
})

test('cells that a spreadsheet would run are told of once, and guarded where that is asked', () => {
  const cells = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "=HYPERLINK(\"http://x\",\"y\")", 'plain', '-1.50', '+86', '-5%', '']
  const quoted = cell => `"${cell.replaceAll('"', '""')}"`
  write('formulas.csv', `${HEADER},note\n${cells.map((cell, i) => `${row(i).line},${quoted(cell)}`).join('\n')}\nbad,2023-06-16,resident,in_city,first,x,0,0,0,=cmd()\n`)
  const open = batch('formulas.csv', 'open.csv', '--keep', 'note')
  assert.equal(open.status, 1, open.stderr)
  assert.equal(open.stderr.match(/当公式执行/g).length, 1)
  assert.deepEqual(table('open.csv').map(({ note }) => note), cells)
  const guarded = batch('formulas.csv', 'guarded.csv', '--keep', 'note', '--guard')
  assert.equal(guarded.status, 1)
  assert.doesNotMatch(guarded.stderr, /当公式/)
  assert.deepEqual(table('guarded.csv').map(({ note }) => note), ["'=1+1", '+1', '-1', "'@SUM(A1)", "'\t=1", "'=HYPERLINK(\"http://x\",\"y\")", 'plain', '-1.50', '+86', '-5%', ''])
  assert.deepEqual(table('guarded.bad.csv').map(({ note }) => note), ["'=cmd()"])
  // What the engine gives is never changed: amounts may be below zero.
  assert.deepEqual(table('guarded.csv').map(({ outcome, patient }) => [outcome, patient]), table('open.csv').map(({ outcome, patient }) => [outcome, patient]))
  const none = batch('guarded.csv', 'x.csv')
  assert.equal(none.status, 2)
  write('safe.csv', `${HEADER}\n${row(1).line}\n`)
  assert.doesNotMatch(batch('safe.csv', 'safe-out.csv').stderr, /公式/)
  // JSON is no spreadsheet's.
  write('formulas.jsonl', `${JSON.stringify({ id: '=1+1', facts: { total: '1000' } })}\n`)
  const json = batch('formulas.jsonl', 'formulas-out.jsonl')
  assert.doesNotMatch(json.stderr, /公式/)
  assert.match(text('formulas-out.jsonl'), /"id":"=1\+1"/)
})
