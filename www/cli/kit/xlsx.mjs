// A table from an .xlsx file. The small readers of such files give values alone; here it matters too whether a number
// is shown as a percentage, whether a cell is a formula, and which cells are merged. So the parts are read with a zip
// and an XML parser.

import { strFromU8, unzipSync } from 'fflate'
import { Parser } from 'saxen'
import { misuse } from '../exit.mjs'

const MOST_PART = 32 * 1024 * 1024
const MOST_ROWS = 2_000
const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])
const PERCENT_FORMATS = new Set([9, 10])

/** The column letters of a place counted from 0. */
export function letters(column) {
  let text = ''
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text
  return text
}

const columnOf = reference => Array.from(/^[A-Z]+/.exec(reference)?.[0] ?? 'A').reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
const rowOf = reference => Number(/\d+$/.exec(reference)?.[0] ?? 1) - 1

/** The sheet called `wanted`, or the only one. */
export function xlsxSheet(path, wanted, bytes) {
  const parts = unzipped(path, bytes)
  const part = name => (parts[name] === undefined ? '' : strFromU8(parts[name]))
  const sheets = elements(part('xl/workbook.xml'), 'sheet').map(attributes => ({ name: attributes.name, link: attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] }))
  const sheet = sheets.find(({ name }) => name === wanted) ?? (sheets.length === 1 ? sheets[0] : undefined)
  if (sheet === undefined) throw misuse('no-sheet', { zh: `\`${path}\` 里没有名叫「${wanted}」的工作表`, en: `\`${path}\` has no sheet “${wanted}”` }, { help: { zh: `工作表有 ${sheets.map(({ name }) => name).join('、') || '（没有）'}`, en: `sheets are ${sheets.map(({ name }) => name).join(', ') || 'none'}` } })
  const target = elements(part('xl/_rels/workbook.xml.rels'), 'Relationship').find(({ Id }) => Id === sheet.link)?.Target ?? 'worksheets/sheet1.xml'
  const file = target.startsWith('/') ? target.slice(1) : `xl/${target}`
  const formats = stylesOf(part('xl/styles.xml'))
  const is1904 = elements(part('xl/workbook.xml'), 'workbookPr').some(({ date1904 }) => date1904 === '1' || date1904 === 'true')
  return { name: sheet.name, gbk: false, ...cellsOf(path, part(file), stringsOf(part('xl/sharedStrings.xml')), formats, is1904) }
}

function unzipped(path, bytes) {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') throw misuse('old-excel', { zh: `\`${path}\` 是旧格式的 Excel 文件（.xls），或设了打开密码`, en: `\`${path}\` is an old Excel file (.xls), or has a password` }, { help: { zh: '另存为 .xlsx，不设密码', en: 'save it as .xlsx without a password' } })
  try {
    return unzipSync(bytes, { filter: ({ name, originalSize }) => /^xl\/(workbook\.xml|_rels\/|worksheets\/sheet|sharedStrings\.xml|styles\.xml)/.test(name) && originalSize < MOST_PART })
  } catch (cause) {
    throw misuse('not-xlsx', { zh: `\`${path}\` 不是 .xlsx 文件`, en: `\`${path}\` is no .xlsx file` }, { help: { zh: '在 Excel 或 WPS 里另存为 .xlsx', en: 'save it as .xlsx in Excel or WPS' }, cause })
  }
}

const local = name => name.slice(name.indexOf(':') + 1)

/** Calls back for every start, text and end of an element. */
function walk(xml, { open = () => {}, text = () => {}, close = () => {} }) {
  if (xml === '') return
  const parser = new Parser()
  parser.on('openTag', (name, attributes, decode) => open(local(name), () => Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [key, decode(value)]))))
  parser.on('text', (value, decode) => text(decode(value)))
  parser.on('cdata', value => text(value))
  parser.on('closeTag', name => close(local(name)))
  parser.on('error', error => { throw error })
  parser.parse(xml)
}

function elements(xml, wanted) {
  const all = []
  walk(xml, { open: (name, attributes) => { if (name === wanted) all.push(attributes()) } })
  return all
}

/** Shared texts; of rich text its runs, without the phonetic hints. */
function stringsOf(xml) {
  const all = []
  let [inText, hint] = [false, false]
  walk(xml, {
    open(name) {
      if (name === 'si') all.push('')
      if (name === 'rPh') hint = true
      inText = name === 't'
    },
    text(value) {
      if (inText && !hint) all[all.length - 1] += value
    },
    close(name) {
      if (name === 'rPh') hint = false
      inText = false
    },
  })
  return all
}

/** Of each cell style whether it shows dates or percentages. */
function stylesOf(xml) {
  const codes = new Map(elements(xml, 'numFmt').map(({ numFmtId, formatCode }) => [Number(numFmtId), formatCode ?? '']))
  const all = []
  let inside = false
  walk(xml, {
    open(name, attributes) {
      if (name === 'cellXfs') inside = true
      if (name === 'xf' && inside) all.push(kindOf(Number(attributes().numFmtId ?? 0), codes))
    },
    close(name) {
      if (name === 'cellXfs') inside = false
    },
  })
  return all
}

function kindOf(id, codes) {
  const code = (codes.get(id) ?? '').replace(/"[^"]*"|\[[^\]]*\]|\\./g, '')
  if (PERCENT_FORMATS.has(id) || code.includes('%')) return 'percent'
  if (DATE_FORMATS.has(id) || /[ymd]/i.test(code.replace(/general/i, ''))) return 'date'
  return 'plain'
}

function cellsOf(path, xml, strings, formats, is1904) {
  const rows = []
  const merged = []
  let cell
  let field = ''
  walk(xml, {
    open(name, attributes) {
      if (name === 'c') {
        const { r, t = 'n', s = '0' } = attributes()
        cell = { at: r, type: t, format: formats[Number(s)] ?? 'plain', value: '', formula: false }
      }
      if (name === 'f' && cell) cell.formula = true
      if (name === 'mergeCell') merged.push(attributes().ref)
      field = name === 'v' || name === 't' ? name : ''
    },
    text(value) {
      if (cell && field !== '') cell.value += value
    },
    close(name) {
      field = ''
      if (name !== 'c' || !cell) return
      const row = rowOf(cell.at)
      if (row > MOST_ROWS) throw misuse('too-large', { zh: `\`${path}\` 的行太多`, en: `\`${path}\` has too many rows` })
      ;(rows[row] ??= [])[columnOf(cell.at)] = valueOf(cell, strings, is1904)
      cell = undefined
    },
  })
  return { merged, rows: Array.from(rows, row => Array.from(row ?? [], one => one ?? { text: '' })) }
}

function valueOf({ type, format, value, formula }, strings, is1904) {
  switch (type) {
    case 's': return { text: strings[Number(value)] ?? '', formula }
    case 'str': case 'inlineStr': return { text: value, formula }
    case 'b': return { text: value === '1' ? 'TRUE' : 'FALSE', formula }
    case 'e': return { text: value, formula, error: true }
    default: return numberOf(value, format, formula, is1904)
  }
}

function numberOf(value, format, formula, is1904) {
  if (value === '') return { text: '', formula }
  const number = Number(value)
  if (format === 'date') return { text: dayOf(number, is1904), formula, day: true }
  // Of a binary fraction the digits that were typed.
  const shown = part => Number(part.toPrecision(15)).toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 15 })
  if (format === 'percent') return { text: `${shown(number * 100)}%`, formula, number: true, percent: true }
  return { text: shown(number), formula, number: true }
}

function dayOf(serial, is1904) {
  const day = new Date(Date.UTC(1899, 11, 30) + (Math.floor(serial) + (is1904 ? 1462 : 0)) * 86_400_000)
  return Number.isNaN(day.getTime()) ? String(serial) : day.toISOString().slice(0, 10)
}
