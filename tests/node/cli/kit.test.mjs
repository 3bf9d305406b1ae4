import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { createRequire } from 'node:module'
import { SHEET, blankCsv, blankXlsx } from '../../../www/cli/kit/blank.mjs'
import { ROWS } from '../../../www/cli/kit/cells.mjs'
import { loadPack } from '../../../www/dist/authoring-node.js'
import { root } from '../kit.mjs'
import { inside } from './kit.mjs'

const require = createRequire(join(root, 'www/package.json'))
const { strFromU8, strToU8, unzipSync, zipSync } = require('fflate')
const { parse } = require('yaml')

const folder = mkdtempSync(join(tmpdir(), 'yibao-kit-'))
after(() => rmSync(folder, { recursive: true }))
const at = name => join(folder, name)

function yibao(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'www/bin/yibao.mjs'), ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: '' } })
  return { status, stdout, stderr }
}

// A county that does not exist.
const LEVELS = '一级及以下医疗机构起付标准200元,支付比例85%;二级医疗机构起付标准500元,支付比例75%;三级医疗机构起付标准1000元,支付比例60%。'
const FILLED = {
  region: ['云岭省青屏市石桥县'], code: ['990101'], pack: ['yunling-shiqiao-resident'], scheme: ['城乡居民'], publisher: ['石桥县医疗保障局'],
  title: ['石桥县城乡居民基本医疗保险实施细则'], number: ['石医保〔2025〕3号'], issued: ['2025-02-01'], evidence: ['2025年3月1日'], status: ['现行有效'], grade: ['文件原文'],
  cap: ['15万元', '一个结算年度内,统筹基金最高支付限额为15万元。'], year: ['1月1日'], repeat: ['50%', '同一结算年度内第二次及以后住院的,起付标准为首次的50%。'],
  'level_1.name': ['一级及以下医疗机构'], 'level_1.deductible': ['200', LEVELS], 'level_1.rate': ['85%', '同上'],
  'level_2.name': ['二级医疗机构'], 'level_2.deductible': ['500元', '同上'], 'level_2.rate': ['75%', '同上'],
  'level_3.name': ['三级医疗机构'], 'level_3.deductible': ['1,000', '同上'], 'level_3.rate': ['60%', '同上'],
}
const row = id => ROWS.findIndex(row => row.id === id) + 2
const cell = (id, column) => `「${SHEET}!${column}${row(id)}」`

function fromCsv(given, out = 'out', text = blankCsv(given)) {
  writeFileSync(at(`${SHEET}.csv`), text)
  return yibao('new', '--from', `${SHEET}.csv`, '-o', out)
}
const packOf = out => readFileSync(at(`${out}/pack.yaml`), 'utf8')
const rulesOf = out => loadPack(packOf(out), { vocabulary: readFileSync(join(root, 'packs/vocabulary.yaml')) })
const stay = (level, total, ledger = { paid: '0', stays: '0' }, more = {}) => ({ facts: { admission_date: '2025-03-01', scheme: 'resident', place: 'in_city', level, total, out_of_scope: '0', over_limit: '0', first_pay: '0', ...more }, ledger })
const fund = decision => decision.amounts.payments[0].amount.text

test('a filled table becomes a pack that checks, with cases that pass and reach every row', () => {
  const { status, stdout, stderr } = fromCsv(FILLED)
  assert.equal(status, 0, stderr)
  assert.match(stdout, /3 个级别，填了 23 格；29 个案例，0 个不通过/)
  assert.deepEqual([yibao('check', 'out').status, yibao('test', 'out', '--min-coverage', 'rules=100,clauses=100').status], [0, 0])
  const rules = rulesOf('out')
  // (20000 − 200) × 85%, (20000 − 500) × 75%, (20000 − 1000) × 60%; again: (20000 − 100) × 85%; near the cap: 150000 − 149000.
  for (const [level, ledger, expected] of [['level_1', undefined, '16830.00'], ['level_2', undefined, '14625.00'], ['level_3', undefined, '11400.00'], ['level_1', { paid: '0', stays: '1' }, '16915.00'], ['level_1', { paid: '149000', stays: '0' }, '1000.00']]) {
    assert.equal(fund(rules.evaluate('inpatient', stay(level, '20000', ledger))), expected)
  }
  assert.deepEqual(rules.evaluate('inpatient', stay('level_1', '20000')).clauses.map(({ quote }) => quote)[0], LEVELS)
  assert.equal(rules.pack.status, 'in_force')
})

test('its cases have sums of their own: one fen below, at and above each deductible and the cap', () => {
  const { cases } = parse(readFileSync(at('out/cases.yaml'), 'utf8'))
  const by = Object.fromEntries(cases.map(one => [one.id, one]))
  for (const [level, fen] of [['level_1', 20_000], ['level_2', 50_000], ['level_3', 100_000]]) {
    const totals = ['below', 'at', 'above'].map(where => Number(by[`${level}_${where === 'at' ? 'at_the_deductible' : `one_fen_${where}_the_deductible`}`].facts.total) * 100)
    assert.deepEqual(totals.map(Math.round), [fen - 1, fen, fen + 1])
    const due = ['one_fen_below_the_cap', 'at_the_cap', 'one_fen_above_the_cap'].map(id => by[`${level}_${id}`])
    assert.deepEqual(due.map(one => [one.ledger.paid, one.expect.amounts.fund]), [['149900', '99.99'], ['149900', '100.00'], ['149900', '100.00']])
  }
  // (200.01 − 200) × 85% = 0.0085
  assert.deepEqual([by.level_1_one_fen_above_the_deductible.expect.amounts.fund, by.level_1_one_fen_above_the_deductible.working.fund], ['0.01', 'min(round((200.01 - 200) * 85%, half_up to fen), 150000 - 0)'])
  assert.ok(cases.every(one => one.expect.outcome === 'refused' || one.working))
})

test('.xlsx, UTF-8 and GBK give the same pack', () => {
  const expected = packOf('out')
  writeFileSync(at('t.xlsx'), blankXlsx(FILLED))
  assert.equal(yibao('new', '--from', 't.xlsx', '-o', 'of-xlsx').status, 0)
  assert.equal(packOf('of-xlsx'), expected)
  const iconv = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: blankCsv(FILLED).slice(1) })
  const { status, stderr } = fromCsv(FILLED, 'of-gbk', iconv.stdout)
  assert.deepEqual([status, /是 GBK 编码，已按 GBK 读/.test(stderr)], [0, true])
  assert.equal(packOf('of-gbk'), expected)
  assert.equal(fromCsv(FILLED, 'of-tabs', blankCsv(FILLED).replace(/^\ufeff/, '').split('\r\n').map(line => line.replaceAll('"', '').replace(/^([^,]*),/, '$1\t')).join('\r\n')).status, 2)
})

test('what is left blank is refused, and nothing is guessed', () => {
  const without = (...ids) => Object.fromEntries(Object.entries(FILLED).filter(([id]) => !ids.includes(id)))
  assert.equal(fromCsv(without('level_2.rate'), 'no-rate').status, 0)
  const rules = rulesOf('no-rate')
  assert.equal(fund(rules.evaluate('inpatient', stay('level_1', '20000'))), '16830.00')
  const refused = rules.evaluate('inpatient', stay('level_2', '20000'))
  assert.deepEqual([refused.outcome, refused.refusals[0].code, refused.refusals[0].text.zh], ['refused', 'unset', '待遇表没有填二级医疗机构的支付比例，不给金额'])
  assert.match(readFileSync(at('no-rate/参数核对表.html'), 'utf8'), /二级医疗机构 支付比例<\/td><td>空着<\/td><td>碰到时不给金额/)

  assert.equal(fromCsv(without('cap'), 'no-cap').status, 0)
  assert.equal(rulesOf('no-cap').evaluate('inpatient', stay('level_1', '20000', { stays: '0' })).refusals[0].text.zh, '待遇表没有填年度限额，不给金额')

  assert.equal(fromCsv({ ...without('repeat', 'year'), cap: ['无'] }, 'no-repeat').status, 0)
  const first = more => rulesOf('no-repeat').evaluate('inpatient', stay('level_1', '20000', {}, more))
  assert.equal(fund(first({ is_first_stay: true })), '16830.00')
  assert.equal(first({ is_first_stay: false }).refusals[0].code, 'unset')
  assert.deepEqual(first({}).missing.map(({ fact }) => fact), ['is_first_stay'])

  assert.equal(fromCsv({ ...without('year'), cap: ['无'], repeat: ['每次相同'] }, 'simple').status, 0)
  assert.equal(fund(rulesOf('simple').evaluate('inpatient', stay('level_3', '10000000'.slice(0, 6), {}))), '59400.00')
})

/** [cell, column, what stands there instead, what the officer reads]; without a column: the whole row is left out. */
const WRONG = [
  ['region', 'B', '', /「地区」没有填/],
  ['code', 'B', '99010', /不是六位数字的行政区划代码/],
  ['pack', 'B', '石桥县', /请用小写拼音/],
  ['scheme', 'B', '居民', /请填 城乡居民、职工 之一/],
  ['status', 'B', '有效', /请填 现行有效、/],
  ['issued', 'B', '2025年2月', /只有年月，请写到日/],
  ['issued', 'B', '20250201', /请写成 2025-02-01/],
  ['issued', 'B', '45689', /像是 Excel 的日期序号/],
  ['issued', 'B', '2025-02-30', /没有这一天/],
  ['issued', 'B', '二〇二五年二月', /不是日期，请写成/],
  ['read_at', 'B', '县政府网站', /不是网址/],
  ['year', 'B', '', /要填结算年度从哪一天开始/],
  ['year', 'B', '每年初', /请写成 1月1日/],
  ['cap', 'B', '1.5E+05', /是 Excel 改写过的数[^]*如 150000/],
  ['cap', 'B', '十五万', /请用阿拉伯数字/],
  ['cap', 'B', '15', /原文里没有 15元/],
  ['cap', 'B', '0', /限额不能是 0/],
  ['cap', 'C', '', /150000元 没有原文/],
  ['cap', 'C', '一个结算年度内限额150000', /原文里没有 150000元/],
  ['repeat', 'B', '一半', /不是比例/],
  ['level_1.deductible', 'B', '二百元', /请用阿拉伯数字/],
  ['level_1.deductible', 'B', '85%', /是比例，这里要金额/],
  ['level_1.deductible', 'B', '约200', /不是金额/],
  ['level_1.deductible', 'B', '200.005', /金额最多到分/],
  ['level_1.deductible', 'B', '200000万元', /超过一千万元/],
  ['level_1.deductible', 'B', '300', /C\d+」原文里没有 300元/],
  ['level_1.deductible', 'C', '同上上', /原文里没有 200元/],
  ['level_1.rate', 'B', '0.85', /没有百分号[^]*请写成 85%/],
  ['level_1.rate', 'B', '85', /请写成 85%/],
  ['level_1.rate', 'B', '八成五', /七成写 70%/],
  ['level_1.rate', 'B', '百分之八十五', /请写成百分数/],
  ['level_1.rate', 'B', '185%', /超过 100%/],
  ['level_1.rate', 'B', '85.125%', /最多两位小数/],
  ['level_1.rate', 'B', '75%', /C\d+」原文里的 75% 不在「一级及以下医疗机构」后面/],
  ['level_2.deductible', 'B', '1000', /C\d+」原文里的 1000元 不在「二级医疗机构」后面/],
  ['code', 'B', '340100', /「340100」与地区「云岭省青屏市石桥县」不合：34 开头的是安徽的代码；地区要写省、市、县全称/],
  ['region', 'B', '安徽省合肥市', /「990101」与地区「安徽省合肥市」不合：安徽的代码以 34 开头/, 'code'],
  ['evidence', 'B', '2031-01-01', /依据日期 2031-01-01 晚于有效期止 2030-12-31/],
  ['cap', 'B', '15万元，超过部分不付', /分段的规定，这张表写不了；这一格请空着（碰到时不给金额），或另写政策包/],
  ['repeat', 'B', '逐次递减100元', /每次住院不同的规定，这张表写不了/],
  ['repeat', 'B', '第二次50%，第三次起不付', /每次住院不同的规定，这张表写不了/],
  ['level_1.deductible', 'B', '门诊200元', /住院以外或统筹区外的待遇，这张表写不了/],
  ['level_1.deductible', 'B', '200元；退休100元', /按人分的规定，这张表写不了/],
  ['level_1.deductible', 'B', '200～500元', /分段的规定，这张表写不了/],
  ['level_1.rate', 'B', '1万元以下80%，1万元以上90%', /分段的规定，这张表写不了/],
  ['level_1.rate', 'B', '80%/85%', /一格里的几个数，这张表写不了/],
  ['level_1.rate', 'B', '门诊50%', /住院以外或统筹区外的待遇，这张表写不了/],
  ['level_2.name', 'B', '门诊统筹', /住院以外或统筹区外的待遇，这张表写不了/],
  ['level_3.deductible', 'C', '三级医疗机构起付标准1 000元', /原文里没有 1000元（原文的数字中间有空格，像是换行或复制时断开的，请删去）/],
  ['level_2.name', 'B', '一级及以下医疗机构', /与级别1 重复/],
  ['level_2.name', 'B', '', /级别2 填了数，却没有名称/],
  ['level_3.rate', 'B', '', /有原文，却没有填数/],
  ['title', 'C', '第三条', /不需要原文/],
  ['code', 'A', '区划代码', /没有「区划代码」这一项，是不是「行政区划代码」/],
  ['scheme', 'A', '地区', /已经在第 2 行填过/],
]

test('each way of filling it wrongly is answered with the cell, and nothing is written', () => {
  for (const [id, column, content, expected, said = id] of WRONG) {
    const lines = blankCsv({ ...FILLED, until: ['2030-12-31'] }).slice(1).trimEnd().split('\r\n')
    const index = row(id) - 1
    const [own] = require('papaparse').parse(lines[index]).data
    own['ABC'.indexOf(column)] = content
    lines[index] = require('papaparse').unparse([own])
    const { status, stderr } = fromCsv({}, 'wrong', lines.join('\r\n'))
    assert.equal(status, 2, `${id} ${content}: ${stderr}`)
    assert.match(stderr, expected, `${id} ${content}`)
    assert.ok(new RegExp(`「${SHEET}![A-D]${row(said)}」`).test(stderr), `${id} ${content}: ${stderr}`)
    assert.doesNotMatch(stderr, /\n\s+at /)
  }
  assert.equal(existsSync(at('wrong')), false)
})

test('all wrong cells are listed at once', () => {
  const { stderr } = fromCsv({ ...FILLED, code: ['1'], 'level_1.rate': ['0.85', '同上'], issued: ['去年'] }, 'wrong')
  assert.match(stderr, /有 3 处要改/)
  for (const id of ['code', 'level_1.rate', 'issued']) assert.ok(stderr.includes(cell(id, 'B')), stderr)
})

test('full-width digits, spaces, 万 and marks are read as they are meant', () => {
  const quote = '起付标准：一级２００元、二级 500 元，统筹区外另行规定，二级支付７５％'
  const given = {
    ...FILLED, cap: ['１５万', '最高支付限额为15万元'], issued: ['2025.2.1'], evidence: ['2025/3/1'],
    'level_1.name': ['一级'], 'level_1.deductible': ['２００ 元', quote], 'level_1.rate': ['８５％', '支付85%，其中85%包括签约后提高的部分'],
    'level_2.name': ['二级'], 'level_2.deductible': ['0', ''], 'level_2.rate': ['75%', quote],
    'level_3.name': [''], 'level_3.deductible': ['', ''], 'level_3.rate': ['', ''],
  }
  const twice = fromCsv(given, 'wide')
  assert.equal(twice.status, 2)
  assert.match(twice.stderr, /有 2 处 85%，分不清是哪一处：请用【】括出/)
  given['level_1.rate'] = ['85%', '【支付85%】，其中85%包括签约后提高的部分']
  const { status, stderr } = fromCsv(given, 'wide')
  assert.equal(status, 0, stderr)
  assert.match(packOf('wide'), /#支付85%"/)
  assert.doesNotMatch(packOf('wide'), /【/)
  assert.equal(fund(rulesOf('wide').evaluate('inpatient', stay('level_2', '1000'))), '750.00')
})

test('sentences may print figures in Chinese; where the engine cannot read one, the reading is said', () => {
  const quote = '起付标准:县级医院为四百元,支付百分之八十;市级医院一千二百元,支付六成五。'
  const given = {
    ...FILLED, 'level_1.name': ['县级医院'], 'level_1.deductible': ['400', quote], 'level_1.rate': ['80%', '同上'],
    'level_2.name': ['市级医院'], 'level_2.deductible': ['1200', '同上'], 'level_2.rate': ['65%', '同上'],
    'level_3.name': [''], 'level_3.deductible': ['', ''], 'level_3.rate': ['', ''], cap: ['150000', '限额十五万元。'],
  }
  const { status, stderr } = fromCsv(given, 'printed')
  assert.equal(status, 0, stderr)
  const decision = rulesOf('printed').evaluate('inpatient', stay('level_2', '11200'))
  // (11200 − 1200) × 65%
  assert.equal(fund(decision), '6500.00')
  assert.ok(decision.assumptions.some(({ zh }) => zh === '原文写“六成五”，即65%'), JSON.stringify(decision.assumptions))
})

test('columns are found by their names, wherever they stand', () => {
  const { parse, unparse } = require('papaparse')
  const rows = parse(blankCsv(FILLED).slice(1).trimEnd()).data
  const shifted = rows.map(([name, value, quote, help]) => ['', quote, help, name, value])
  assert.equal(fromCsv({}, 'shifted', unparse(shifted)).status, 0)
  assert.equal(packOf('shifted'), packOf('out'))
  for (const [from, to, expected] of [['填写', '数值', /「待遇表!B1」第一行没有列「填写」；是不是把列名改成了「数值」？/], ['原文', '依据', /没有列「原文」/], ['项目', '填写', /列「填写」出现两次|没有列「项目」/]]) {
    const renamed = rows.map((cells, i) => (i === 0 ? cells.map(cell => (cell === from ? to : cell)) : cells))
    const { status, stderr } = fromCsv({}, 'wrong', unparse(renamed))
    assert.equal(status, 2)
    assert.match(stderr, expected)
  }
  const { stderr } = fromCsv({}, 'wrong', unparse(rows.filter(([name]) => name !== '文号')))
  assert.match(stderr, /缺少「文号」这一行/)
})

/** The filled .xlsx with the XML of one cell put in another's place. */
function xlsx(name, edits, { styles, merges = '', sheet = SHEET } = {}) {
  const parts = unzipSync(blankXlsx(FILLED))
  let xml = strFromU8(parts['xl/worksheets/sheet1.xml'])
  for (const [reference, content] of Object.entries(edits)) xml = xml.replace(new RegExp(`<c r="${reference}"[^>]*>.*?</c>`), content.replace('<c ', `<c r="${reference}" `))
  parts['xl/worksheets/sheet1.xml'] = strToU8(xml.replace('</sheetData>', `</sheetData>${merges}`))
  if (styles) parts['xl/styles.xml'] = strToU8(strFromU8(parts['xl/styles.xml']).replace('</cellXfs>', `${styles}</cellXfs>`).replace('<fonts', '<numFmts count="1"><numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><fonts'))
  if (sheet !== SHEET) parts['xl/workbook.xml'] = strToU8(strFromU8(parts['xl/workbook.xml']).replace(SHEET, sheet).replace('</sheets>', '<sheet name="另一张" sheetId="2" r:id="rId9"/></sheets>'))
  writeFileSync(at(name), zipSync(parts))
  return yibao('new', '--from', name, '-o', name.replace('.xlsx', ''))
}
const number = (value, style) => `<c s="${style}"><v>${value}</v></c>`

test('Excel numbers, percentages and dates are read by how they are shown', () => {
  // Styles 4, 5 and 6: per cent, a built-in date, a Chinese date. 45689 is 2025-02-01, 45717 is 2025-03-01.
  const styles = '<xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="200"/>'
  const { status, stderr } = xlsx('typed.xlsx', {
    [`B${row('code')}`]: number(990101, 0), [`B${row('issued')}`]: number(45689, 5), [`B${row('evidence')}`]: number(45717, 6), [`B${row('cap')}`]: number('1.5E5', 0),
    [`B${row('level_1.deductible')}`]: number(200, 0), [`B${row('level_1.rate')}`]: number('0.84999999999999998', 4), [`B${row('level_2.rate')}`]: number(0.75, 4),
  }, { styles })
  assert.equal(status, 0, stderr)
  assert.equal(packOf('typed'), packOf('out'))
})

test('what Excel hides is said: formulas, merged cells, bare fractions, errors, dates where text belongs', () => {
  const styles = '<xf numFmtId="9"/><xf numFmtId="14"/>'
  for (const [name, edits, options, expected] of [
    ['formula.xlsx', { [`B${row('cap')}`]: '<c s="0"><f>B3*2</f><v>150000</v></c>' }, {}, [cell('cap', 'B'), '是公式，请填算好的数']],
    ['error.xlsx', { [`B${row('cap')}`]: '<c t="e"><v>#REF!</v></c>' }, {}, [cell('cap', 'B'), '显示 #REF!']],
    ['fraction.xlsx', { [`B${row('level_1.rate')}`]: number(0.85, 0) }, {}, [cell('level_1.rate', 'B'), '没有百分号', '85%']],
    ['percent.xlsx', { [`B${row('level_1.deductible')}`]: number(2, 4) }, { styles }, [cell('level_1.deductible', 'B'), '是百分数 200%，这里要金额']],
    ['date.xlsx', { [`B${row('number')}`]: number(45689, 5) }, { styles }, [cell('number', 'B'), '这里要文字，单元格里是日期']],
    ['number.xlsx', { [`B${row('number')}`]: number(3, 0) }, {}, [cell('number', 'B'), '这里要文字，单元格里是数 3']],
    ['merged.xlsx', {}, { merges: `<mergeCells count="1"><mergeCell ref="C${row('level_1.deductible')}:C${row('level_1.rate')}"/></mergeCells>` }, [cell('level_1.deductible', 'C'), '合并了单元格', '请取消合并']],
    ['sheets.xlsx', {}, { sheet: 'Sheet1' }, ['没有名叫「待遇表」的工作表', 'Sheet1、另一张']],
  ]) {
    const { status, stderr } = xlsx(name, edits, options)
    assert.equal(status, 2, `${name}: ${stderr}`)
    for (const words of expected) assert.ok(stderr.includes(words), `${name}: ${stderr}`)
  }
})

test('files that are no table are named for what they are', () => {
  writeFileSync(at('old.xlsx'), Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  writeFileSync(at('none.xlsx'), 'nonsense')
  writeFileSync(at('utf16.csv'), Buffer.from('\ufeff项目,填写', 'utf16le'))
  writeFileSync(at('quote.csv'), '项目,填写,原文\n"地区,x,y\n')
  writeFileSync(at('empty.csv'), '')
  for (const [name, expected] of [['old.xlsx', /旧格式的 Excel 文件/], ['none.xlsx', /不是 \.xlsx 文件/], ['utf16.csv', /UTF-16[^]*CSV UTF-8/], ['quote.csv', /引号没有成对/], ['empty.csv', /是空的/], ['no.csv', /没有文件/], ['x.xls', /没有文件/]]) {
    const { status, stderr } = yibao('new', '--from', name)
    assert.equal(status, 2, stderr)
    assert.match(stderr, expected, name)
  }
  assert.match(yibao('new').stderr, /要 --from 待遇表/)
})

test('a second table is a new revision, and a pack of another hand is left alone', () => {
  const revision = () => /^revision: (.*)$/m.exec(packOf('again'))[1]
  assert.equal(fromCsv(FILLED, 'again').status, 0)
  const first = revision()
  assert.equal(fromCsv(FILLED, 'again').status, 0)
  assert.equal(revision(), first)
  const changed = LEVELS.replace('85%', '80%')
  assert.equal(fromCsv({ ...FILLED, 'level_1.deductible': ['200', changed], 'level_1.rate': ['80%', '同上'] }, 'again').status, 0)
  assert.match(revision(), new RegExp(`^${first.replace(/\d+$/, String(Number(/\d+$/.exec(first)[0]) + 1))}$`))
  writeFileSync(at('again/pack.yaml'), packOf('again').replace(/^#.*\n/, ''))
  const { status, stderr } = fromCsv(FILLED, 'again')
  assert.deepEqual([status, /不是由待遇表生成的，不覆盖/.test(stderr)], [2, true])
})

test('a table of another document does not replace the pack of the old one', () => {
  const given = { ...FILLED, from: ['2025-01-01'] }
  assert.equal(fromCsv(given, 'years').status, 0)
  const before = ['pack.yaml', 'cases.yaml', '参数核对表.html'].map(name => readFileSync(at(`years/${name}`), 'utf8'))
  const next = { ...given, number: ['石医保〔2026〕1号'], issued: ['2025-12-20'], evidence: ['2025-12-20'], from: ['2026-01-01'], 'level_1.deductible': ['300', LEVELS.replace('200', '300')], 'level_1.rate': ['85%', '同上'] }
  const { status, stderr } = fromCsv(next, 'years')
  assert.equal(status, 2)
  for (const words of ['依据的是另一份文件，不覆盖', '石医保〔2025〕3号" → "石医保〔2026〕1号', '有效期：{ from: 2025-01-01 } → { from: 2026-01-01 }', '--force']) assert.ok(stderr.includes(words), stderr)
  assert.deepEqual(['pack.yaml', 'cases.yaml', '参数核对表.html'].map(name => readFileSync(at(`years/${name}`), 'utf8')), before)
  assert.equal(fromCsv(next, 'years-2026').status, 0)
  const forced = spawnSync(process.execPath, [join(root, 'www/bin/yibao.mjs'), 'new', '--from', `${SHEET}.csv`, '-o', 'years', '--force', '--lang', 'en'], { cwd: folder, encoding: 'utf8' })
  assert.equal(forced.status, 0, forced.stderr)
  assert.match(forced.stdout, /revision \d+\.\d+\.2 in the place of \d+\.\d+\.1/)
  assert.match(packOf('years'), /〔2026〕1号/)
})

test('a notice of December that holds from January is the everyday case', () => {
  const given = { ...FILLED, issued: ['2025-12-20'], evidence: ['2025-12-20'], from: ['2026-01-01'], until: ['2026-12-31'] }
  const { status, stdout, stderr } = fromCsv(given, 'december')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /29 个案例，0 个不通过/)
  assert.match(packOf('december'), /evidence_date: 2025-12-20\nperiod: \{ from: 2026-01-01, until: 2027-01-01 \}/)
  const on = day => rulesOf('december').evaluate('inpatient', { ...stay('level_1', '20000'), facts: { ...stay('level_1', '20000').facts, admission_date: day } })
  // (20000 − 200) × 85%
  assert.equal(fund(on('2026-01-01')), '16830.00')
  assert.equal(fund(on('2026-12-31')), '16830.00')
  for (const day of ['2025-12-31', '2027-01-01']) assert.equal(on(day).outcome, 'refused', day)
  // One-day validity, and evidence of its last day.
  for (const [from, until, evidence] of [['2026-01-01', '2026-01-01', '2025-12-31'], ['2026-01-01', '2026-12-31', '2026-12-31'], ['2026-01-01', '', '2026-01-01']]) {
    const { status, stderr } = fromCsv({ ...given, from: [from], until: [until], evidence: [evidence], issued: ['2025-12-20'] }, `december-${evidence}`)
    assert.equal(status, 0, stderr)
  }
})

test('edges of a made pack are counted: three levels, and cases beside each', () => {
  const { stdout } = yibao('test', 'out', '--coverage')
  assert.match(stdout, /100% {2}3\/3 {2}界限/)
  assert.match(yibao('test', 'simple', '--coverage').stdout, /100% {2}3\/3 {2}界限/)
})

test('a sentence copied from a PDF, and a cap that is 不限, are read as they are meant', () => {
  const pdf = '一级及以下医疗机构起付标准\n 200 元，支付比例 85 %；二级医疗机构起付标准　500 元，\n支付比例 75 ％；三级医疗机构 起付标准 1,000\u00a0元，支付比例 60 %。'
  const { status, stderr } = fromCsv({ ...FILLED, cap: ['不限', '基金不设最高支付限额。'], 'level_1.deductible': ['200', pdf] }, 'pdf')
  assert.equal(status, 0, stderr)
  assert.match(packOf('pdf'), /quote: "一级及以下医疗机构起付标准200元，支付比例85%；二级医疗机构起付标准500元，支付比例75％；三级医疗机构起付标准1,000元，支付比例60%。"/)
  assert.match(packOf('pdf'), /no_cap:/)
  assert.equal(fund(rulesOf('pdf').evaluate('inpatient', stay('level_3', '20000', { stays: '0' }))), '11400.00')
  // Spaces between Latin words and numbers are theirs.
  assert.equal(fromCsv({ ...FILLED, cap: ['15万', 'The cap 年度最高 is 150000元 per year 一年'] }, 'latin').status, 0)
  assert.match(packOf('latin'), /quote: "The cap年度最高is 150000元per year一年"/)
})

test('the sheet cuts a long sentence beside a figure, never inside it', () => {
  const words = '按规定办理的有关住院手续和结算手续'
  for (let i = 0; i < 12; i++) {
    // The figure 123456.78元 and 百分之八十五 wander over the place of the cut, before and after the phrase.
    const quote = `总额控制123456.78元${words.slice(0, 6 + i)}${words}，限额为15万元，其余${words}${words.slice(0, i)}百分之八十五${words}`
    const { status, stderr } = fromCsv({ ...FILLED, cap: ['15万元', quote] }, `cut-${i}`)
    assert.equal(status, 0, stderr)
    const html = readFileSync(at(`cut-${i}/参数核对表.html`), 'utf8')
    const line = /<td class="figure">150000元<\/td><td>(.*?)<\/td>/.exec(html)[1]
    const rest = line.replaceAll('123456.78元', '').replaceAll('百分之八十五', '').replaceAll('15万元', '')
    assert.doesNotMatch(rest, /\d|百分|八十|五…/, line)
    assert.match(line, /^……|……$/)
  }
})

test('the sheet shows each figure in its sentence, three sums, and lines to sign', () => {
  const html = readFileSync(at('out/参数核对表.html'), 'utf8')
  assert.match(html, /<td class="figure">200元<\/td><td><mark>一级及以下医疗机构起付标准200元<\/mark>/)
  assert.match(html, /统筹基金最高支付限额为15万元<\/mark>/)
  // (5000 − 200) × 85% = 4080, (20000 − 500) × 75% = 14625, (100000 − 1000) × 60% = 59400
  for (const sum of ['<b>4080.00 元</b>', '<b>14625.00 元</b>', '<b>59400.00 元</b>', '<b>920.00 元</b>']) assert.ok(html.includes(sum), sum)
  for (const line of ['经办：', '复核：', '日期：']) assert.ok(html.includes(line))
  assert.doesNotMatch(html, /<script|https?:\/\//)
  const hostile = fromCsv({ ...FILLED, title: ['<script>alert(1)</script>"细则" & # : {x}'], status: ['虚构'] }, 'hostile')
  assert.equal(hostile.status, 0, hostile.stderr)
  assert.match(readFileSync(at('hostile/参数核对表.html'), 'utf8'), /虚构数据，练习用[^]*&lt;script&gt;/)
})

test('the tables in packs/template-county are the ones that the command writes', () => {
  const shipped = name => readFileSync(join(root, 'packs/template-county', name))
  assert.equal(shipped('待遇表.csv').toString(), blankCsv())
  assert.ok(shipped('待遇表.xlsx').equals(blankXlsx()))
  assert.equal(yibao('new', '--blank', 'empty.xlsx').status, 0)
  assert.ok(readFileSync(at('empty.xlsx')).equals(blankXlsx()))
  assert.match(yibao('new', '--blank', 'empty.xlsx').stderr, /不覆盖/)
  const { status, stderr } = yibao('new', '--from', 'empty.xlsx')
  assert.equal(status, 2)
  assert.match(stderr, /「待遇表!B2」「地区」没有填/)
  writeFileSync(at('example.csv'), shipped('示例-虚构县.csv'))
  assert.equal(yibao('new', '--from', 'example.csv', '-o', 'example').status, 0)
  assert.match(packOf('example'), /^status: invented$/m)
})

test('whatever stands in a cell, the answer is a pack or a list of cells, never a stack', async () => {
  const { parse: read, unparse } = require('papaparse')
  const rows = read(blankCsv(FILLED).slice(1).trimEnd()).data
  const odd = ['', '0', '100%', '1e9', '9999-12-31', '\u202e\u0000', '【', '同上', '__proto__', "- {a: *b} # '|", '不限', 'x'.repeat(1300)]
  const ended = { 0: 0, 2: 0 }
  for (const [at_, [name]] of rows.entries()) {
    for (const column of [1, 2]) {
      for (const cell of odd) {
        const changed = rows.map((cells, i) => (i === at_ && i > 0 ? cells.toSpliced(column, 1, cell) : cells))
        writeFileSync(at('odd.csv'), `\ufeff${unparse(changed)}`)
        rmSync(at('odd'), { recursive: true, force: true })
        const { status, stderr } = await inside(folder, ['new', '--from', 'odd.csv', '-o', 'odd'])
        assert.ok(status === 0 || (status === 2 && /有 \d+ 处要改：\n {2}「odd!/.test(stderr)), `${name} ${JSON.stringify(cell.slice(0, 20))}: ${status} ${stderr}`)
        ended[status] += 1
      }
    }
  }
  assert.ok(ended[0] > 50 && ended[2] > 300, JSON.stringify(ended))
})
