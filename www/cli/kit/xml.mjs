// A part of a workbook, element by element, in linear time. What such parts never have is refused: a document type, and
// with it entities of its own.

import { Parser } from 'saxen'
import { SheetFault, damaged, tooLarge } from './fault.mjs'

const DEEPEST = 64
const MOST_ELEMENTS = 1_000_000

const local = name => name.slice(name.indexOf(':') + 1)

/** Calls back for every start, text and end of an element of the part called `name`. */
export function walk(name, bytes, { open = () => {}, text = () => {}, close = () => {} }) {
  if (bytes === undefined) return
  const xml = textOf(name, bytes)
  const parser = new Parser()
  let [depth, elements] = [0, 0]
  parser.on('openTag', (tag, attributes) => {
    depth += 1
    elements += 1
    if (depth > DEEPEST) throw damaged(name, { zh: `里的元素套了 ${DEEPEST} 层以上`, en: `nests elements more than ${DEEPEST} deep` })
    if (elements > MOST_ELEMENTS) throw tooLarge(name, { zh: '的内容太多', en: 'has too much in it' })
    open(local(tag), () => Object.fromEntries(Object.entries(attributes()).map(([key, value]) => [key, decoded(value)])))
  })
  parser.on('text', value => text(decoded(value)))
  parser.on('cdata', value => text(value))
  parser.on('closeTag', tag => {
    depth -= 1
    close(local(tag))
  })
  parser.on('attention', () => { throw damaged(name, { zh: '里有文档类型声明，工作簿里不会有', en: 'has a document type, which no workbook has' }) })
  parser.on('error', (error, context) => { throw broken(name, error, error.message.includes('end of file') ? endOf(xml) : context()) })
  try {
    parser.parse(xml)
  } catch (error) {
    throw error instanceof SheetFault ? error : broken(name, error, { line: 0, column: 0 })
  }
}

/** The parser knows no place of an end that comes too early. */
const endOf = xml => ({ line: xml.split('\n').length - 1, column: xml.length - xml.lastIndexOf('\n') - 1 })

const broken = (name, error, { line, column }) => damaged(`${name}:${line + 1}:${column + 1}`, { zh: `不是完好的 XML（${error.message}）`, en: `is no sound XML (${error.message})` })

function textOf(name, bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw damaged(name, { zh: '不是 UTF-8', en: 'is not UTF-8' })
  }
}

const NAMED = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' }

/** Entities as characters. One that is not known stays as it is written. */
function decoded(text) {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return Object.hasOwn(NAMED, name) ? NAMED[name] : whole
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal)
    return point > 0 && point <= 0x10_ffff && (point < 0xd800 || point > 0xdfff) ? String.fromCodePoint(point) : whole
  })
}

/** Attributes of all elements of a name. */
export function elements(name, bytes, wanted) {
  const all = []
  walk(name, bytes, { open: (tag, attributes) => { if (tag === wanted) all.push(attributes()) } })
  return all
}
