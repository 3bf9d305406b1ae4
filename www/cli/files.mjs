// Files: read with complaints in their user's terms, written whole or not at all.

import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { misuse } from './exit.mjs'
import { beforeEnd } from './interrupt.mjs'

/** The engine takes no text above this, and nobody's pack comes near. */
export const MOST_BYTES = 16 * 1024 * 1024

export const isFolder = path => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
export const isFile = path => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false

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
    if (fstatSync(fd).isDirectory()) throw misuse('is-folder', { zh: `\`${path}\` 是文件夹，这里要一个文件（${what.zh}）`, en: `\`${path}\` is a folder, expected a file (${what.en})` })
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

function readFailure(error, path, what) {
  switch (error.code) {
    case 'ENOENT': case 'ENOTDIR': return misuse('no-such-file', { zh: `没有文件 \`${path}\`（${what.zh}）`, en: `there is no file \`${path}\` (${what.en})` })
    case 'EACCES': case 'EPERM': return misuse('unreadable', { zh: `没有权限读 \`${path}\``, en: `no permission to read \`${path}\`` })
    default: return error.text ? error : misuse('unreadable', { zh: `\`${path}\` 读不了：${error.message}`, en: `\`${path}\` cannot be read: ${error.message}` }, { cause: error })
  }
}

export function writeFailure(error, path) {
  switch (error.code) {
    case 'ENOSPC': case 'EDQUOT': return misuse('disk-full', { zh: `磁盘已满：\`${path}\` 没有写成，原来的内容未动`, en: `the disk is full: \`${path}\` was not written, what was there is untouched` })
    case 'ENOENT': case 'ENOTDIR': return misuse('no-such-folder', { zh: `写不了 \`${path}\`：没有这个文件夹`, en: `\`${path}\` cannot be written: there is no such folder` })
    case 'EACCES': case 'EPERM': case 'EROFS': return misuse('unwritable', { zh: `没有权限写 \`${path}\``, en: `no permission to write \`${path}\`` })
    case 'EISDIR': return misuse('is-folder', { zh: `\`${path}\` 是文件夹`, en: `\`${path}\` is a folder` })
    default: return error.text ? error : misuse('unwritable', { zh: `\`${path}\` 写不了：${error.message}`, en: `\`${path}\` cannot be written: ${error.message}` }, { cause: error })
  }
}

/** A folder, with those above it. */
export function makeFolder(path) {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw error.code === 'EEXIST' ? misuse('is-file', { zh: `\`${path}\` 是文件，这里要文件夹`, en: `\`${path}\` is a file, expected a folder` }) : writeFailure(error, path)
  }
}

/** Half-written files; what is left of them goes when the command ends, whichever way. */
const open = new Set()
process.on('exit', removeHalfWritten)

export function removeHalfWritten() {
  for (const file of open) file.abort()
}

/** A file that appears under its name only with `commit()`. */
export class WholeFile {
  constructor(path) {
    this.path = path
    // Devices and pipes have nothing to replace: they are written to as they are.
    this.direct = statSync(path, { throwIfNoEntry: false })?.isFile() === false
    if (this.direct && isFolder(path)) throw writeFailure({ code: 'EISDIR' }, path)
    this.temporary = this.direct ? path : join(dirname(path), `.${basename(path)}.${process.pid}.part`)
    try {
      this.fd = openSync(this.temporary, this.direct ? 'w' : 'wx')
    } catch (error) {
      throw writeFailure(error, path)
    }
    open.add(this)
    this.done = beforeEnd(() => this.abort())
  }

  write(content) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.fd, bytes, at)
    } catch (error) {
      this.abort()
      throw writeFailure(error, this.path)
    }
    return this
  }

  commit() {
    try {
      closeSync(this.fd)
      if (!this.direct) renameSync(this.temporary, this.path)
      open.delete(this)
      this.done()
    } catch (error) {
      this.abort()
      throw writeFailure(error, this.path)
    }
  }

  abort() {
    open.delete(this)
    this.done()
    try {
      closeSync(this.fd)
    } catch {
      // Closed already: what matters is that the file goes.
    }
    if (!this.direct) rmSync(this.temporary, { force: true })
  }
}

/** Writes a whole file, or leaves what was there. */
export function writeWhole(path, content) {
  new WholeFile(path).write(content).commit()
}
