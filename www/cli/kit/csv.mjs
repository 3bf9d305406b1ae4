// A table from a CSV file, as Excel and WPS write it: UTF-8 or GBK.

import Papa from 'papaparse'
import { encodingOf } from '../batch/lines.mjs'
import { misuse } from '../exit.mjs'
import { MOST, tooLarge } from './fault.mjs'

/** Cells by row and column, and in which encoding they were. */
export function csvSheet(path, name, bytes) {
  const { encoding, bom } = encodingOf(path, bytes)
  let text
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes.subarray(bom))
  } catch (cause) {
    throw misuse('not-utf-8', { zh: `\`${path}\` 的文字编码不对，既不是 UTF-8 也不是 GBK`, en: `\`${path}\` is neither UTF-8 nor GBK` }, { help: { zh: '在 Excel 里另存为“CSV UTF-8（逗号分隔）”，或直接给 .xlsx', en: 'save it as “CSV UTF-8” in Excel, or give the .xlsx' }, cause })
  }
  const head = text.slice(0, text.search(/[\r\n]|$/))
  const delimiter = [',', '\t', ';'].find(one => head.includes(one)) ?? ','
  const { data, errors } = Papa.parse(text, { delimiter, preview: MOST.rows + 1 })
  const broken = errors.find(({ type }) => type === 'Quotes')
  if (broken !== undefined) throw misuse('bad-csv', { zh: `\`${path}\` 第 ${broken.row + 1} 行的引号没有成对`, en: `the quotation marks in row ${broken.row + 1} of \`${path}\` do not match` })
  const far = data.findIndex((row, i) => i >= MOST.rows || row.length > MOST.columns || row.some(cell => cell.length > MOST.cell))
  if (far >= 0) throw tooLarge(`A${far + 1}`, { zh: `这一行超出了：表最多 ${MOST.rows} 行、${MOST.columns} 列，一格 ${MOST.cell} 个字`, en: `begins a row past the limit: a table has at most ${MOST.rows} rows, ${MOST.columns} columns and ${MOST.cell} characters a cell` }).of(path)
  return { name, gbk: encoding === 'gb18030', merged: [], rows: data.map(row => row.map(text => ({ text }))) }
}
