// Files: read with complaints in their user's terms. They are written by atomic.mjs.

import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { readFailure } from './errno.mjs'
import { misuse } from './exit.mjs'

export { writeWhole } from './atomic.mjs'
export { writeFailure } from './errno.mjs'

/** The engine takes no text above this, and nobody's pack comes near. */
export const MOST_BYTES = 16 * 1024 * 1024

/** A name that is too long for one, as a link may be, names nothing. */
function found(path) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (error.code === 'ENAMETOOLONG') return undefined
    throw error
  }
}

export const isFolder = path => found(path)?.isDirectory() ?? false
export const isFile = path => found(path)?.isFile() ?? false

/** A file's bytes (`-`: standard input). `what` names it, as `{ zh, en }`. */
export function readBytes(path, what, { most = MOST_BYTES } = {}) {
  const bytes = opened(path, what, fd => {
    const { size } = fstatSync(fd)
    if (size > most) throw tooLarge(path, size, most)
    const all = path === '-' ? fromPipe(fd, most) : readFileSync(fd)
    if (all.length > most) throw tooLarge(path, all.length, most)
    return all
  })
  if (bytes.length === 0) throw misuse('empty-file', { zh: `\`${path}\` 是空的`, en: `\`${path}\` is empty` })
  return bytes
}

/** A file as text: UTF-8 (with or without a byte order mark). */
export function readText(path, what, options) {
  return utf8(path, readBytes(path, what, options))
}

export function utf8(path, bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw misuse('not-utf-8', { zh: `\`${path}\` 不是 UTF-8 编码${isGbk(bytes) ? '，像是 GBK' : ''}`, en: `\`${path}\` is not UTF-8${isGbk(bytes) ? '; it looks like GBK' : ''}` }, {
      help: {
        zh: `另存为 UTF-8，或：iconv -f GB18030 -t UTF-8 ${basename(path)} > ${basename(path)}.utf8`,
        en: `save it as UTF-8, or: iconv -f GB18030 -t UTF-8 ${basename(path)} > ${basename(path)}.utf8`,
      },
      cause,
    })
  }
}

function isGbk(bytes) {
  try {
    return /\p{Script=Han}/u.test(new TextDecoder('gb18030', { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}

function opened(path, what, work) {
  if (path === '-') return work(0)
  let fd
  try {
    fd = openSync(path, 'r')
    if (fstatSync(fd).isDirectory()) throw readFailure({ code: 'EISDIR' }, path, what)
    return work(fd)
  } catch (error) {
    throw readFailure(error, path, what)
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function fromPipe(fd, most) {
  const [parts, part] = [[], Buffer.alloc(65_536)]
  let size = 0
  for (;;) {
    let count
    try {
      count = readSync(fd, part)
    } catch (error) {
      if (error.code === 'EOF') break
      if (error.code !== 'EAGAIN') throw error
      // A pipe that has nothing yet.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      continue
    }
    if (count === 0) break
    size += count
    if (size > most) throw tooLarge('-', size, most)
    parts.push(Buffer.from(part.subarray(0, count)))
  }
  return Buffer.concat(parts)
}

function tooLarge(path, size, most) {
  const [have, may] = [size, most].map(bytes => `${Math.floor(bytes / 1024 / 1024)} MB`)
  return misuse('too-large', { zh: `\`${path}\` 有 ${have}，最多 ${may}`, en: `\`${path}\` has ${have}, at most ${may} are read` })
}
