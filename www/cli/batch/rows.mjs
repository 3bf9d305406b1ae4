// Rows of a CSV or JSONL file. Each row is `{ line, cells }`, `{ line, value }` or `{ line, fault }`, with its `raw` text.

import Papa from 'papaparse'
import { misuse } from '../exit.mjs'

/** A quoted cell may hold line breaks; a row of more lines than this has a quote that was never closed. */
const MOST_LINES = 100

/**
 * The cells of a row that begins with `lines[at]`, and how many lines it takes; `undefined` where more lines are needed.
 * A line without quotes is split as it stands, which is ten times as fast as the parser.
 */
function recordAt(lines, at, delimiter, last) {
  const line = lines[at]
  if (line === undefined) return { fault: 'encoding', count: 1, raw: '' }
  if (!line.includes('"')) return { cells: line.split(delimiter), count: 1, raw: line }
  let raw = line
  for (let count = 1; count <= MOST_LINES; count++) {
    const { data, errors } = Papa.parse(raw, { delimiter, newline: '\n' })
    if (errors.length === 0 && data.length === 1) return { cells: data[0], count, raw }
    if (errors[0]?.code !== 'MissingQuotes') break
    if (at + count >= lines.length) {
      if (!last) return undefined
      break
    }
    raw += `\n${lines[at + count]}`
  }
  return { fault: 'quotes', count: 1, raw: line }
}

/**
 * Rows of a CSV file, chunk by chunk: `{ rows, bytes, next }`; `next` is the line on which the next row begins. A row
 * whose quotes are open at the end of a chunk waits for the next one.
 */
export async function* csvRows(file, delimiter, from = 1) {
  let held = []
  let [start, read] = [1, 0]
  const taken = last => {
    const rows = []
    let at = 0
    while (at < held.length) {
      const record = recordAt(held, at, delimiter, last)
      if (record === undefined) break
      if (record.raw !== '' || record.fault) rows.push({ line: start + at, cells: record.cells, fault: record.fault, raw: record.raw })
      at += record.count
    }
    held = held.slice(at)
    start += at
    return { rows, bytes: read, next: start }
  }
  for await (const { lines, first, bytes } of file.chunks()) {
    read = bytes
    const wanted = from > first ? lines.slice(from - first) : lines
    if (held.length === 0) start = first + lines.length - wanted.length
    held = held.length === 0 ? wanted : held.concat(wanted)
    if (held.length > 0) yield taken(false)
  }
  yield taken(true)
}

/** Rows of a JSONL file. */
export async function* jsonlRows(file, from = 1) {
  for await (const { lines, first, bytes } of file.chunks()) {
    const rows = []
    for (let i = Math.max(0, from - first); i < lines.length; i++) {
      const raw = lines[i]
      if (raw === undefined) rows.push({ line: first + i, fault: 'encoding', raw: '' })
      else if (raw.trim() !== '') rows.push(jsonRow(raw, first + i))
    }
    yield { rows, bytes, next: first + lines.length }
  }
}

function jsonRow(raw, line) {
  try {
    const value = JSON.parse(raw)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { line, value, raw }
  } catch {
    // Said below.
  }
  return { line, fault: 'json', raw }
}

export const FAULTS = {
  encoding: { zh: '这一行的文字编码不对', en: 'the line is not in the encoding of the file' },
  quotes: { zh: '引号没有成对', en: 'the quotation marks do not match' },
  json: { zh: '这一行不是 JSON 对象', en: 'the line is no JSON object' },
}

/** Cells of an Arrow file, as text. Dates and numbers of Arrow have one reading; binary fractions have not. */
export async function* arrowRows(path, arrow, from = 1) {
  const { createReadStream, statSync } = await import('node:fs')
  const { size } = statSync(path)
  let reader
  try {
    reader = await arrow.RecordBatchReader.from(createReadStream(path))
    await reader.open()
  } catch (cause) {
    throw misuse('not-arrow', { zh: `\`${path}\` 不是 Arrow 文件：${cause.message}`, en: `\`${path}\` is no Arrow file: ${cause.message}` }, { cause })
  }
  let line = 1
  for await (const batch of reader) {
    const names = batch.schema.fields.map(field => field.name)
    const columns = batch.schema.fields.map((field, i) => cellOf(arrow, field, batch.getChildAt(i)))
    const rows = []
    for (let i = 0; i < batch.numRows; i++, line++) {
      if (line >= from) rows.push({ line, cells: columns.map(cell => cell(i)), raw: '' })
    }
    yield { rows, names, bytes: size, next: line }
  }
}

function cellOf(arrow, { name, type }, vector) {
  const { DataType } = arrow
  const text = write => i => {
    const value = vector.get(i)
    return value === null ? '' : write(value)
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isInt(type) || DataType.isBool(type)) return text(String)
  if (DataType.isDictionary(type)) return text(String)
  if (DataType.isDate(type)) return text(value => new Date(Number(value)).toISOString().slice(0, 10))
  if (DataType.isDecimal(type)) return text(words => decimal(words, type))
  throw misuse('bad-column', { zh: `Arrow 的列 \`${name}\` 是 ${type}，这里只收文字、整数、十进制数、日期、是否`, en: `the Arrow column \`${name}\` is ${type}; text, whole numbers, decimals, dates and booleans are read` }, { help: { zh: '金额用文字（"123.45"）或 Decimal', en: 'write money as text ("123.45") or as Decimal' } })
}

/** A decimal's digits with its point. Arrow keeps it as words of 32 bits, the lowest first, in two's complement. */
function decimal(words, { scale }) {
  const size = BigInt(words.length * 32)
  const unsigned = Array.from(words).reduce((sum, word, i) => sum + (BigInt(word >>> 0) << BigInt(32 * i)), 0n)
  const whole = BigInt.asIntN(Number(size), unsigned)
  if (scale === 0) return String(whole)
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0')
  return `${whole < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
