// Parts of a zip file by their names, each unpacked when it is asked for and no further than a limit. Sizes that a file
// gives of itself are not believed: unpacking stops where it passes what is allowed.

import { crc32, inflateRawSync } from 'node:zlib'
import { SheetFault, damaged, tooLarge } from './fault.mjs'

const MOST_ENTRIES = 1_000
const MOST_PART = 16 * 1024 * 1024
const MOST_IN_ALL = 32 * 1024 * 1024

const END = { mark: 0x0605_4b50, size: 22, count: 10, offset: 16 }
const ENTRY = { mark: 0x0201_4b50, size: 46, flags: 8, method: 10, crc: 16, packed: 20, length: 24, name: 28, extra: 30, comment: 32, local: 42 }
const LOCAL = { mark: 0x0403_4b50, size: 30, name: 26, extra: 28 }
const LONGEST_COMMENT = 0xffff
const ZIP64 = 0xffff_ffff

const noZip = () => new SheetFault('not-xlsx', undefined, { zh: '不是 .xlsx 文件', en: 'is no .xlsx file' }, { zh: '在 Excel 或 WPS 里另存为 .xlsx', en: 'save it as .xlsx in Excel or WPS' })

/** The parts of a file: `part(name)` gives the bytes of one, or nothing where there is none. */
export function zipParts(bytes) {
  const entries = entriesOf(bytes)
  let left = MOST_IN_ALL
  return {
    part(name) {
      const entry = entries.get(name)
      if (entry === undefined) return undefined
      const unpacked = unpack(bytes, entry, name, Math.min(MOST_PART, left))
      left -= unpacked.length
      return unpacked
    },
  }
}

function entriesOf(bytes) {
  const end = endOf(bytes)
  const count = bytes.readUInt16LE(end + END.count)
  if (count > MOST_ENTRIES) throw tooLarge(undefined, { zh: `有 ${count} 个部件，最多 ${MOST_ENTRIES} 个`, en: `has ${count} parts, at most ${MOST_ENTRIES} are read` })
  const entries = new Map()
  let at = bytes.readUInt32LE(end + END.offset)
  for (let i = 0; i < count; i++) {
    const field = fields(bytes, at, ENTRY)
    const [name, next] = [ENTRY.size + field(ENTRY.name), ENTRY.size + field(ENTRY.name) + field(ENTRY.extra) + field(ENTRY.comment)]
    const called = bytes.subarray(at + ENTRY.size, at + name).toString('utf8')
    if (entries.has(called)) throw damaged(called, { zh: '有两个这样的部件', en: 'stands there twice' })
    entries.set(called, { flags: field(ENTRY.flags), method: field(ENTRY.method), crc: field(ENTRY.crc, 4), packed: field(ENTRY.packed, 4), length: field(ENTRY.length, 4), local: field(ENTRY.local, 4) })
    at += next
  }
  return entries
}

/** The end of the list of parts: the last one there is, before a comment. */
function endOf(bytes) {
  const last = bytes.length - END.size
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) if (bytes.readUInt32LE(at) === END.mark) return at
  throw noZip()
}

/** Reads numbers of a header that begins here. */
function fields(bytes, at, { mark, size }) {
  if (at + size > bytes.length || bytes.readUInt32LE(at) !== mark) throw damaged(undefined, { zh: '压缩目录坏了', en: 'has a broken list of parts' })
  return (offset, width = 2) => (width === 4 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset))
}

function unpack(bytes, { flags, method, crc, packed, length, local }, name, most) {
  if ((flags & 1) === 1) throw new SheetFault('old-excel', undefined, { zh: '设了打开密码', en: 'has a password' }, { zh: '另存为 .xlsx，不设密码', en: 'save it as .xlsx without a password' })
  const broken = () => damaged(name, { zh: '坏了，解不开', en: 'is broken and cannot be unpacked' })
  const over = () => tooLarge(name, { zh: `解开后超过 ${Math.floor(most / 1024 / 1024)} MB`, en: `has more than ${Math.floor(most / 1024 / 1024)} MB unpacked` })
  if (packed === ZIP64 || length === ZIP64 || local === ZIP64) throw over()
  const field = fields(bytes, local, LOCAL)
  const start = local + LOCAL.size + field(LOCAL.name) + field(LOCAL.extra)
  if (start + packed > bytes.length) throw broken()
  const content = inflated(bytes.subarray(start, start + packed), method, most, { broken, over })
  if (content.length !== length || crc32(content) !== crc) throw broken()
  return content
}

function inflated(bytes, method, most, { broken, over }) {
  if (method === 0) {
    if (bytes.length > most) throw over()
    return bytes
  }
  if (method !== 8) throw broken()
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(1, most) })
  } catch (error) {
    throw error.code === 'ERR_BUFFER_TOO_LARGE' ? over() : broken()
  }
}
