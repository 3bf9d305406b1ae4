// A table from an .xlsx file. The small readers of such files give values alone; here it matters too whether a number
// is shown as a percentage, whether a cell is a formula, and which cells are merged. So the parts are read with a zip
// and an XML parser, within limits: a table has 30 rows, and a file that claims a million is none.

import { MOST, SheetFault, damaged, tooLarge } from './fault.mjs'
import { elements, walk } from './xml.mjs'
import { zipParts } from './zip.mjs'

const DATE_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58])
const PERCENT_FORMATS = new Set([9, 10])
/** Excel takes no longer one. */
const LONGEST_FORMAT = 255

/** The column letters of a place counted from 0. */
export function letters(column) {
  let text = ''
  for (let n = column + 1; n > 0; n = Math.floor((n - 1) / 26)) text = String.fromCharCode(65 + ((n - 1) % 26)) + text
  return text
}

/** Row and column, from 0, of an address such as `B12`. */
function placeOf(address) {
  const [, column, row] = /^([A-Z]{1,7})([1-9]\d{0,9})$/.exec(address) ?? []
  if (column === undefined) throw damaged(address.slice(0, 20), { zh: '不是单元格地址', en: 'is no address of a cell' })
  return { row: Number(row) - 1, column: Array.from(column).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1 }
}

/** The sheet called `wanted`, or the only one. */
export function xlsxSheet(path, wanted, bytes) {
  try {
    return sheetOf(wanted, bytes)
  } catch (error) {
    throw error instanceof SheetFault ? error.of(path) : error
  }
}

const RELATIONS = 'xl/_rels/workbook.xml.rels'

function sheetOf(wanted, bytes) {
  if (bytes.subarray(0, 4).toString('hex') === 'd0cf11e0') throw new SheetFault('old-excel', undefined, { zh: '是旧格式的 Excel 文件（.xls），或设了打开密码', en: 'is an old Excel file (.xls), or has a password' }, { zh: '另存为 .xlsx，不设密码', en: 'save it as .xlsx without a password' })
  const { part } = zipParts(bytes)
  const [workbook, relations] = [part('xl/workbook.xml'), part(RELATIONS)]
  const sheets = elements('xl/workbook.xml', workbook, 'sheet').map(attributes => ({ name: attributes.name, link: attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] }))
  const sheet = sheets.find(({ name }) => name === wanted) ?? (sheets.length === 1 ? sheets[0] : undefined)
  if (sheet === undefined) throw noSheet(wanted, sheets)
  const target = elements(RELATIONS, relations, 'Relationship').find(({ Id }) => Id === sheet.link)?.Target ?? 'worksheets/sheet1.xml'
  const file = target.startsWith('/') ? target.slice(1) : `xl/${target}`
  const texts = { strings: stringsOf(part('xl/sharedStrings.xml')), formats: stylesOf(part('xl/styles.xml')), is1904: elements('xl/workbook.xml', workbook, 'workbookPr').some(({ date1904 }) => date1904 === '1' || date1904 === 'true') }
  const content = part(file)
  if (content === undefined) throw damaged(file, { zh: '不在文件里', en: 'is not in the file' })
  return { name: sheet.name ?? wanted, gbk: false, ...new Cells(texts).read(file, content) }
}

function noSheet(wanted, sheets) {
  // As many and as long as Excel would show.
  const names = sheets.slice(0, 20).map(({ name = '' }) => name.slice(0, 31))
  return new SheetFault('no-sheet', undefined, { zh: `里没有名叫「${wanted}」的工作表`, en: `has no sheet “${wanted}”` }, { zh: `工作表有 ${names.join('、') || '（没有）'}`, en: `sheets are ${names.join(', ') || 'none'}` })
}

/** Shared texts; of rich text its runs, without the phonetic hints. */
function stringsOf(bytes) {
  const all = []
  let [inText, hint] = [false, false]
  walk('xl/sharedStrings.xml', bytes, {
    open(name) {
      if (name === 'si' && all.push('') > MOST.strings) throw tooLarge('xl/sharedStrings.xml', { zh: `有 ${MOST.strings} 个以上的文字`, en: `has more than ${MOST.strings} texts` })
      if (name === 'rPh') hint = true
      inText = name === 't'
    },
    text(value) {
      if (inText && !hint && all.length > 0) all[all.length - 1] += value
    },
    close(name) {
      if (name === 'rPh') hint = false
      inText = false
    },
  })
  return all
}

/** Of each cell style whether it shows dates or percentages. */
function stylesOf(bytes) {
  const codes = new Map(elements('xl/styles.xml', bytes, 'numFmt').map(({ numFmtId, formatCode }) => [Number(numFmtId), formatCode ?? '']))
  const all = []
  let inside = false
  walk('xl/styles.xml', bytes, {
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
  const code = (codes.get(id) ?? '').slice(0, LONGEST_FORMAT).replace(/"[^"]*"|\[[^\]]*\]|\\./g, '')
  if (PERCENT_FORMATS.has(id) || code.includes('%')) return 'percent'
  if (DATE_FORMATS.has(id) || /[ymd]/i.test(code.replace(/general/i, ''))) return 'date'
  return 'plain'
}

const EMPTY = { text: '' }

/** The cells of a sheet by row and column, and the ranges that are merged. */
class Cells {
  #rows = []
  #merged = []
  #cell
  #next = { row: 0, column: 0 }
  #count = 0
  #letters = 0
  #texts

  constructor(texts) {
    this.#texts = texts
  }

  read(file, bytes) {
    let field = ''
    walk(file, bytes, {
      open: (name, attributes) => {
        if (name === 'row') this.#row(attributes().r)
        if (name === 'c') this.#open(attributes())
        if (name === 'f' && this.#cell) this.#cell.formula = true
        if (name === 'mergeCell') this.#merge(attributes().ref)
        field = name === 'v' || name === 't' ? name : ''
      },
      text: value => {
        if (this.#cell && field !== '') this.#cell.value += value
      },
      close: name => {
        field = ''
        if (name === 'c' && this.#cell) this.#close()
      },
    })
    return { merged: this.#merged, rows: Array.from(this.#rows, row => Array.from(row ?? [], one => one ?? EMPTY)) }
  }

  /** Where a file leaves out addresses, cells follow each other. */
  #row(number) {
    this.#next = { row: number === undefined ? this.#next.row + (this.#next.column > 0 ? 1 : 0) : placeOf(`A${number}`).row, column: 0 }
  }

  #open({ r, t = 'n', s = '0' }) {
    const at = r === undefined ? this.#next : placeOf(r)
    this.#next = { row: at.row, column: at.column + 1 }
    this.#cell = { ...at, type: t, format: this.#texts.formats[Number(s)] ?? 'plain', value: '', formula: false }
  }

  #close() {
    const { row, column, ...cell } = this.#cell
    this.#cell = undefined
    const address = `${letters(column)}${row + 1}`
    const found = valueOf(cell, this.#texts, address)
    // Formats reach far to the right and down; what holds nothing is not there.
    if (found.text === '' && !found.formula) return
    if (row >= MOST.rows || column >= MOST.columns) throw tooLarge(address, { zh: `有内容；表最多 ${MOST.rows} 行、${MOST.columns} 列`, en: `holds something; a table has at most ${MOST.rows} rows and ${MOST.columns} columns` })
    if (found.text.length > MOST.cell) throw tooLarge(address, { zh: `的字太多，最多 ${MOST.cell} 个`, en: `has more than ${MOST.cell} characters` })
    this.#count += 1
    this.#letters += found.text.length
    if (this.#count > MOST.cells || this.#letters > MOST.letters) throw tooLarge(address, { zh: '以前的内容已经太多', en: 'comes after too much already' })
    const cells = (this.#rows[row] ??= [])
    if (cells[column] !== undefined) throw damaged(address, { zh: '出现两次', en: 'stands there twice' })
    cells[column] = found
  }

  #merge(range = '') {
    if (!/^[A-Z]{1,3}\d{1,7}(:[A-Z]{1,3}\d{1,7})?$/.test(range)) throw damaged(range.slice(0, 20), { zh: '不是合并的范围', en: 'is no range of merged cells' })
    if (this.#merged.push(range) > MOST.merged) throw tooLarge(range, { zh: `以前已经合并了 ${MOST.merged} 处`, en: `comes after ${MOST.merged} merged ranges` })
  }
}

function valueOf({ type, format, value, formula }, { strings, is1904 }, address) {
  switch (type) {
    case 's': return { text: shared(strings, value, address), formula }
    case 'str': case 'inlineStr': return { text: value, formula }
    case 'b': return { text: value === '1' ? 'TRUE' : 'FALSE', formula }
    case 'e': return { text: value, formula, error: true }
    default: return numberOf(value, format, formula, is1904, address)
  }
}

function shared(strings, value, address) {
  const found = value === '' ? '' : strings[Number(value)]
  if (found === undefined) throw damaged(address, { zh: '指的文字不在文件里', en: 'means a text that is not in the file' })
  return found
}

function numberOf(value, format, formula, is1904, address) {
  if (value.trim() === '') return { text: '', formula }
  const number = Number(value)
  if (!Number.isFinite(number * 100)) throw damaged(address, { zh: '不是数', en: 'is no number' })
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
