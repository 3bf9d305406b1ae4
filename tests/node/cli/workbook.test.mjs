// The reader of workbooks against files that nobody's table is: whatever comes in, a table or a named complaint comes
// out, in memory and work that do not depend on what a file says of itself.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { Failure } from '../../../www/cli/exit.mjs'
import { SHEET, blankXlsx } from '../../../www/cli/kit/blank.mjs'
import { readTable } from '../../../www/cli/kit/read.mjs'
import { xlsxSheet } from '../../../www/cli/kit/xlsx.mjs'
import { root } from '../kit.mjs'
import { refused, workshop } from './kit.mjs'

const require = createRequire(join(root, 'www/package.json'))
const { strToU8, unzipSync, zipSync } = require('fflate')

const SHEET1 = 'xl/worksheets/sheet1.xml'
const parts = more => ({
  'xl/workbook.xml': `<workbook xmlns:r="r"><sheets><sheet name="${SHEET}" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
  'xl/sharedStrings.xml': '<sst><si><t>项目</t></si><si><r><t>填</t></r><r><t>写</t></r></si></sst>',
  'xl/styles.xml': '<styleSheet><numFmts><numFmt numFmtId="200" formatCode="0.0%"/></numFmts><cellXfs><xf/><xf numFmtId="200"/><xf numFmtId="14"/></cellXfs></styleSheet>',
  [SHEET1]: '<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2"><c t="inlineStr"><is><t>&#x5730;区&#128077;</t></is></c><c s="1"><v>0.85</v></c><c s="2"><v>45352</v></c></row></sheetData><mergeCells><mergeCell ref="D1:E2"/></mergeCells></worksheet>',
  ...more,
})
const zip = (all, options) => Buffer.from(zipSync(Object.fromEntries(Object.entries(all).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content])), { mtime: '2026-01-01', ...options }))
const cells = xml => zip(parts({ [SHEET1]: `<worksheet><sheetData>${xml}</sheetData></worksheet>` }))
const read = bytes => xlsxSheet('t.xlsx', SHEET, bytes)

/** The code of the complaint, or `table`; anything else that is thrown fails the test. */
function outcome(bytes) {
  try {
    const sheet = read(bytes)
    readTable(sheet)
    return 'table'
  } catch (error) {
    if (error instanceof Failure && error.text.zh && error.text.en) return error.code
    throw error
  }
}

function says(bytes, code, words) {
  assert.throws(() => read(bytes), error => {
    assert.ok(error instanceof Failure, error.stack)
    assert.equal(error.code, code, error.message)
    assert.match(error.text.en, words)
    assert.match(error.text.zh, /[\u4e00-\u9fff]/)
    return true
  })
}

test('a workbook with shared texts, formats and cells without addresses is read', () => {
  const { rows, merged } = read(zip(parts()))
  assert.deepEqual(rows.map(row => row.map(({ text }) => text)), [['项目', '填写'], ['地区👍', '85%', '2024-03-01']])
  assert.deepEqual(merged, ['D1:E2'])
})

test('what is far away, too much or too deep is named with its place', () => {
  says(cells('<c r="XFDXF1"><v>1</v></c>'), 'too-large', /XFDXF1 holds something/)
  says(cells('<c r="A2001"><v>1</v></c>'), 'too-large', /A2001 holds something; a table has at most 2000 rows and 256 columns/)
  says(cells('<c r="IW1"><v>1</v></c>'), 'too-large', /IW1 holds something/)
  assert.equal(read(cells('<c r="A2000"><v>1</v></c><c r="IV1"><v>1</v></c>')).rows[0].length, 256)
  // Formats alone reach to the ends of a sheet.
  assert.deepEqual(read(cells('<c r="A1"><v>1</v></c><c r="XFD1048576" s="1"/><c r="A1048576"><v></v></c>')).rows.map(row => row.length), [1])
  says(cells(`<c r="A1" t="inlineStr"><is><t>${'字'.repeat(32_768)}</t></is></c>`), 'too-large', /A1 has more than 32767 characters/)
  // One text of 30,000 characters in 134 cells: 4,020,000.
  const strings = `<sst><si><t>${'字'.repeat(30_000)}</t></si></sst>`
  says(zip(parts({ 'xl/sharedStrings.xml': strings, [SHEET1]: `<x>${Array.from({ length: 134 }, (_, i) => `<c r="A${i + 1}" t="s"><v>0</v></c>`).join('')}</x>` })), 'too-large', /A134 comes after too much/)
  says(zip(parts({ 'xl/sharedStrings.xml': `<sst>${'<si/>'.repeat(100_001)}</sst>` })), 'too-large', /more than 100000 texts/)
  says(zip(parts({ [SHEET1]: `<x>${'<mergeCell ref="A1:B2"/>'.repeat(1001)}</x>` })), 'too-large', /1000 merged/)
  says(zip(parts({ [SHEET1]: '<a>'.repeat(65) + '</a>'.repeat(65) })), 'damaged', /more than 64 deep/)
  says(zip(parts({ [SHEET1]: `<x>${'<a/>'.repeat(1_000_001)}</x>` })), 'too-large', /sheet1\.xml has too much in it/)
  says(zip(Object.fromEntries([...Object.entries(parts()), ...Array.from({ length: 1000 }, (_, i) => [`x${i}`, ''])])), 'too-large', /has 1005 parts/)
  // A format that a reader could look through again and again.
  assert.equal(outcome(zip(parts({ 'xl/styles.xml': `<s><numFmt numFmtId="9000" formatCode="${'['.repeat(2_000_000)}"/><cellXfs><xf numFmtId="9000"/></cellXfs></s>` }))), 'table')
})

test('what unpacks to more than is allowed is stopped there, whatever size it gives', () => {
  const large = new Uint8Array(17 * 1024 * 1024).fill(32)
  const bomb = zip(parts({ [SHEET1]: large }))
  assert.ok(bomb.length < 25_000)
  says(bomb, 'too-large', /sheet1\.xml has more than 16 MB unpacked/)
  const lying = Buffer.from(bomb)
  // The size in the list of parts: 10 bytes.
  for (let at = lying.indexOf('PK\u0001\u0002'); at >= 0; at = lying.indexOf('PK\u0001\u0002', at + 4)) if (lying.readUInt32LE(at + 24) === large.length) lying.writeUInt32LE(10, at + 24)
  says(lying, 'too-large', /sheet1\.xml has more than 16 MB unpacked/)
  // Each part is allowed, and all of them are not.
  const filled = text => strToU8(`${text}${' '.repeat(15 * 1024 * 1024)}`)
  const { 'xl/sharedStrings.xml': strings, 'xl/styles.xml': styles, [SHEET1]: sheet } = parts()
  says(zip(parts({ 'xl/sharedStrings.xml': filled(strings), 'xl/styles.xml': filled(styles), [SHEET1]: filled(sheet) })), 'too-large', /sheet1\.xml has more than \d MB unpacked/)
})

test('XML that is broken, declares entities or is no text is named with its place', () => {
  says(cells('<c r="A1"><v>1</v>'), 'damaged', /xl\/worksheets\/sheet1\.xml:\d+:\d+ is no sound XML/)
  says(zip(parts({ [SHEET1]: '<worksheet>\n<sheetData>' })), 'damaged', /sheet1\.xml:2:\d+ is no sound XML \(unexpected end of file\)/)
  says(zip(parts({ [SHEET1]: '' })), 'damaged', /missing start tag/)
  const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  says(zip(parts({ [SHEET1]: `<!DOCTYPE x [<!ENTITY l0 "lol">${lol}]><worksheet><c r="A1" t="str"><v>&l9;</v></c></worksheet>` })), 'damaged', /has a document type/)
  says(zip(parts({ [SHEET1]: '<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>' })), 'damaged', /has a document type/)
  says(zip(parts({ [SHEET1]: new Uint8Array([60, 97, 62, 255, 254]) })), 'damaged', /is not UTF-8/)
  assert.equal(read(cells('<c r="A1" t="str"><v>&l9;&#0;&#xd800;&#1114112;&lt;</v></c>')).rows[0][0].text, '&l9;&#0;&#xd800;&#1114112;<')
})

test('cells that mean nothing are named', () => {
  says(cells('<c r="A1" t="s"><v>2</v></c>'), 'damaged', /A1 means a text that is not in the file/)
  says(cells('<c r="A1" t="s"><v>-1</v></c>'), 'damaged', /A1 means a text/)
  says(cells('<c r="A1" t="s"><v>length</v></c>'), 'damaged', /A1 means a text/)
  for (const value of ['abc', '1e999', 'NaN']) says(cells(`<c r="B2"><v>${value}</v></c>`), 'damaged', /B2 is no number/)
  for (const at of ['1A', 'A0', 'A', '', 'AAAAAAAAAAAAAAAAA1', '__proto__']) says(cells(`<c r="${at}"><v>1</v></c>`), 'damaged', /is no address of a cell/)
  says(cells('<c r="A1"><v>1</v></c><c r="A1"><v>1</v></c>'), 'damaged', /A1 stands there twice/)
  says(zip(parts({ [SHEET1]: '<x><mergeCell/></x>' })), 'damaged', /is no range/)
  says(zip(parts({ 'xl/workbook.xml': '<workbook/>' })), 'no-sheet', /has no sheet/)
  says(zip(parts({ 'xl/_rels/workbook.xml.rels': '<a><Relationship Id="rId1" Target="../../etc/passwd"/></a>' })), 'damaged', /is not in the file/)
})

test('a password, another zip, an old workbook and a text are told apart', () => {
  const locked = zip(parts())
  for (let at = locked.indexOf('PK\u0001\u0002'); at >= 0; at = locked.indexOf('PK\u0001\u0002', at + 4)) locked.writeUInt16LE(1, at + 8)
  says(locked, 'old-excel', /has a password/)
  says(Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'old-excel', /old Excel file/)
  for (const text of ['x', '项目,填写,原文', 'PK\u0003\u0004', '\0'.repeat(100)]) says(Buffer.from(text), 'not-xlsx', /is no \.xlsx file/)
  says(zip({ 'a.txt': 'x' }), 'no-sheet', /has no sheet/)
  // Two parts of one name: readers differ on which they take.
  const twice = zip({ ...parts(), 'xl/stylez.xml': '<a/>' })
  for (let at = twice.indexOf('xl/stylez.xml'); at >= 0; at = twice.indexOf('xl/stylez.xml', at)) twice.write('xl/styles.xml', at)
  says(twice, 'damaged', /xl\/styles\.xml stands there twice/)
})

test('every byte of a workbook damaged, and cut off at every length: a table or a named complaint', () => {
  const seen = new Map()
  const count = code => seen.set(code, (seen.get(code) ?? 0) + 1)
  const whole = zip(parts())
  for (let at = 0; at < whole.length; at++) {
    for (const change of [0x00, 0xff, whole[at] ^ 1, whole[at] ^ 0x80]) {
      const damaged = Buffer.from(whole)
      damaged[at] = change
      count(outcome(damaged))
    }
    count(outcome(whole.subarray(0, at)))
  }
  assert.deepEqual([...seen.keys()].filter(code => !['table', 'damaged', 'not-xlsx', 'too-large', 'old-excel', 'no-sheet'].includes(code)), [])
  assert.ok(seen.get('damaged') > 1000 && seen.get('not-xlsx') > 100, JSON.stringify([...seen]))
})

test('every tag of every part left out, doubled, renamed, nested or cut off: the same', () => {
  const seen = new Map()
  for (const whole of [parts(), Object.fromEntries(Object.entries(unzipSync(blankXlsx({ region: ['某县'] }))).map(([name, bytes]) => [name, Buffer.from(bytes).toString('utf8')]))]) {
    for (const [name, xml] of Object.entries(whole)) {
      if (!name.startsWith('xl/')) continue
      // Of the many rows of the empty table the first ones stand for all.
      for (const { 0: tag, index } of [...xml.matchAll(/<[^>]*>/g)].slice(0, 40)) {
        const [before, after] = [xml.slice(0, index), xml.slice(index + tag.length)]
        const attributes = tag.replaceAll(/="[^"]*"/g, '="-1"')
        for (const changed of [before + after, before + tag + tag + after, before + tag, before + tag.slice(0, -1), before + tag.replace(/\w+/, 'zz') + after, `${before}<q>${tag}${after}`, before + attributes + after, before + tag.replaceAll(/"/g, '') + after, `${before}\0\ufffe${tag}${after}`]) {
          const code = outcome(zip({ ...whole, [name]: changed }, { level: 0 }))
          seen.set(code, (seen.get(code) ?? 0) + 1)
        }
      }
    }
  }
  assert.deepEqual([...seen.keys()].filter(code => !['table', 'damaged', 'no-sheet', 'too-large'].includes(code)), [])
  assert.ok(seen.get('damaged') > 200 && seen.get('table') > 200, JSON.stringify([...seen]))
})

test('none of them takes more memory than a large table would', () => {
  const { write, folder } = workshop('workbook')
  const far = ['XFDXF1', 'XFD1048576', 'ZZZZZZZ9999999999'].map(at => cells(`<c r="${at}"><v>1</v></c>`.repeat(50)))
  const many = cells(Array.from({ length: 2000 }, (_, i) => `<row r="${i + 1}"><c r="IV${i + 1}"><v>1</v></c></row>`).join(''))
  const bombs = [...far, many, zip(parts({ [SHEET1]: new Uint8Array(256 * 1024 * 1024) })), zip(parts({ [SHEET1]: `<x>${'<a/>'.repeat(3_000_000)}</x>` }))]
  bombs.forEach((bytes, i) => write(`${i}.xlsx`, bytes))
  write('run.mjs', `import { readFileSync } from 'node:fs'
import { xlsxSheet } from ${JSON.stringify(pathToFileURL(join(root, 'www/cli/kit/xlsx.mjs')).href)}
for (const file of process.argv.slice(2)) try { xlsxSheet(file, '待遇表', readFileSync(file)) } catch (error) { if (!error.text) throw error }
console.log(process.resourceUsage().maxRSS)`)
  const { stdout, stderr } = spawnSync(process.execPath, ['run.mjs', ...bombs.map((_, i) => `${i}.xlsx`)], { cwd: folder, encoding: 'utf8' })
  assert.equal(stderr, '')
  assert.ok(Number(stdout) < 400_000, `${stdout} KB`)
})

test('the command says what is wrong with a workbook and ends with 2; so it does with a .csv', () => {
  const { yibao, write } = workshop('workbook-command')
  write('far.xlsx', cells('<c r="XFDXF1"><v>1</v></c>'))
  refused(yibao('new', '--from', 'far.xlsx'), 2, /`far\.xlsx` XFDXF1 有内容；表最多 2000 行、256 列/)
  write('open.xlsx', cells('<c r="A1">'))
  refused(yibao('new', '--from', 'open.xlsx'), 2, /不是完好的 XML[^]*另存为/)
  write('long.csv', '项目,填写,原文\n'.repeat(2001))
  refused(yibao('new', '--from', 'long.csv'), 2, /A2001 这一行超出了/)
  write('wide.csv', `${'x,'.repeat(257)}\n`)
  refused(yibao('new', '--from', 'wide.csv'), 2, /A1 这一行超出了/)
  write('big.csv', 'x'.repeat(5 * 1024 * 1024))
  refused(yibao('new', '--from', 'big.csv'), 2, /最多 4 MB/)
  // Names of rows that are no names are not compared with every name there is.
  write('names.csv', `项目,填写,原文\n${Array.from({ length: 1999 }, () => `${'x'.repeat(32_000)}\n`).join('').slice(0, 3_900_000)}\n`)
  refused(yibao('new', '--from', 'names.csv'), 2, /没有「x/)
})
