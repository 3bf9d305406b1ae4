// Lines of a file of any size, with their numbers. Read with `readSync` and handed out whole chunks at a time, so that
// what was done and what was read are in step whenever the command is interrupted.

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { readFailure } from '../errno.mjs'
import { misuse } from '../exit.mjs'

const CHUNK = 256 * 1024
const MOST_LINE = 8 * 1024 * 1024
const NEWLINE = 0x0a

/** A file to read from: its size, and where it is text the encoding of its beginning. */
export class LineFile {
  constructor(path, { binary = false } = {}) {
    this.path = path
    try {
      this.fd = openSync(path, 'r')
      const { size, mtimeMs } = statSync(path)
      if (statSync(path).isDirectory()) throw readFailure({ code: 'EISDIR' }, path)
      Object.assign(this, { size, mtimeMs })
    } catch (error) {
      this.close()
      throw readFailure(error, path)
    }
    if (binary) return
    const head = Buffer.alloc(Math.min(this.size, CHUNK))
    readSync(this.fd, head, 0, head.length, 0)
    Object.assign(this, encodingOf(path, head))
  }

  close() {
    if (this.fd !== undefined) closeSync(this.fd)
    this.fd = undefined
  }

  /**
   * Chunks of `{ lines, first, bytes }`: whole lines, the number of the first, and the bytes read so far. A line that
   * is not in the file's encoding comes as `undefined`.
   */
  async *chunks() {
    const decoder = new TextDecoder(this.encoding, { fatal: true, ignoreBOM: true })
    const buffer = Buffer.alloc(CHUNK + MOST_LINE)
    let [held, bytes, first] = [0, this.bom, 1]
    for (;;) {
      const count = readSync(this.fd, buffer, held, CHUNK, bytes)
      bytes += count
      const filled = held + count
      const end = count === 0 ? filled : buffer.subarray(0, filled).lastIndexOf(NEWLINE) + 1
      if (end > 0) {
        const lines = decodedLines(decoder, buffer.subarray(0, end))
        yield { lines, first, bytes }
        first += lines.length
        buffer.copyWithin(0, end, filled)
      }
      held = filled - end
      if (count === 0) return
      if (held > MOST_LINE) throw misuse('long-line', { zh: `\`${this.path}\` 第 ${first} 行超过 8 MB，不像一行数据`, en: `line ${first} of \`${this.path}\` has more than 8 MB and is no row` })
      await turn()
    }
  }
}

function decodedLines(decoder, bytes) {
  let text
  try {
    text = decoder.decode(bytes)
  } catch {
    return eachLine(bytes).map(line => {
      try {
        return bare(decoder.decode(line))
      } catch {
        return undefined
      }
    })
  }
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return text.includes('\r') ? lines.map(bare) : lines
}

const bare = line => (line.endsWith('\r') ? line.slice(0, -1) : line)

function eachLine(bytes) {
  const lines = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(NEWLINE, at)
    lines.push(bytes.subarray(at, end < 0 ? bytes.length : end))
    at = end < 0 ? bytes.length : end + 1
  }
  return lines
}

/** The encoding of a file that begins like this: UTF-8, or GB18030 where it is not UTF-8 and has Chinese in it. */
export function encodingOf(path, head) {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', bom: 3 }
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff) || head.includes(0)) {
    throw misuse('not-text', { zh: `\`${path}\` 不是 UTF-8 或 GBK 的文本（像是 UTF-16 或二进制文件）`, en: `\`${path}\` is no text in UTF-8 or GBK (UTF-16 or a binary file by the look of it)` }, { help: { zh: '在 Excel 里另存为“CSV UTF-8（逗号分隔）”', en: 'save it as “CSV UTF-8” in Excel' } })
  }
  // A beginning may end in the middle of a character.
  const whole = encoding => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(head, { stream: true })
    } catch {
      return undefined
    }
  }
  if (whole('utf-8') !== undefined) return { encoding: 'utf-8', bom: 0 }
  return /\p{Script=Han}/u.test(whole('gb18030') ?? '') ? { encoding: 'gb18030', bom: 0 } : { encoding: 'utf-8', bom: 0 }
}
