// Files that are there whole or not at all. What is written stands beside its place under another name, reaches the
// disk, and only then takes the name; the folder reaches the disk after it. So neither an error nor a power cut leaves
// half a file: there is the old one or the new one.

import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { writeFailure } from './errno.mjs'
import { misuse } from './exit.mjs'
import { beforeEnd } from './interrupt.mjs'

function found(path) {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw writeFailure(error, path)
  }
}

/** A folder, with those above it. One at a time: Node's own way says “no such folder” of a disk that is read-only. */
export function makeFolder(path) {
  const there = found(path)
  if (there?.isDirectory()) return
  if (there !== undefined) throw isFile(path)
  const above = dirname(path)
  if (above !== path) makeFolder(above)
  try {
    mkdirSync(path)
  } catch (error) {
    if (found(path)?.isDirectory()) return
    throw error.code === 'EEXIST' ? isFile(path) : writeFailure(error, path)
  }
}

/** The path of a file in a folder. A name that leads out of it, as a plan's id may, is refused. */
export function inside(folder, name) {
  if (name === basename(name) && !/^\.{0,2}$|[\\\p{Cc}]/u.test(name)) return join(folder, name)
  throw misuse('bad-name', { zh: `\`${name}\` 不能作文件名`, en: `\`${name}\` cannot be the name of a file` })
}

const isFile = path => misuse('is-file', { zh: `\`${path}\` 是文件，这里要文件夹`, en: `\`${path}\` is a file, expected a folder` })

/** Names in a folder reach the disk. Some systems cannot do that, and then there is nothing to be done. */
export function syncFolder(folder) {
  let fd
  try {
    fd = openSync(folder, 'r')
    fsyncSync(fd)
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP', 'ENOSYS'].includes(error.code)) throw writeFailure(error, folder)
  } finally {
    if (fd !== undefined) closeSync(fd)
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
  /** `mode` for a new file (that of the old one stays); `exclusive`: an old one is not replaced. */
  constructor(path, { mode = 0o666, exclusive = false } = {}) {
    this.path = path
    this.exclusive = exclusive
    const old = found(path)
    if (old?.isDirectory()) throw writeFailure({ code: 'EISDIR' }, path)
    if (old !== undefined && exclusive) throw writeFailure({ code: 'EEXIST' }, path)
    // Devices and pipes have nothing to replace: they are written to as they are.
    this.direct = old?.isFile() === false
    // A link stays one: what it leads to is replaced.
    this.target = old === undefined ? path : realpathSync(path)
    this.temporary = this.direct ? path : join(dirname(this.target), `.${basename(this.target).slice(0, 40)}.${randomBytes(6).toString('hex')}.part`)
    try {
      this.fd = openSync(this.temporary, this.direct ? 'w' : 'wx', mode)
      if (old?.isFile()) fchmodSync(this.fd, old.mode & 0o7777)
    } catch (error) {
      this.#discard()
      throw writeFailure(error, path)
    }
    open.add(this)
    this.done = beforeEnd(() => this.abort())
  }

  write(content) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    return this.#or(() => {
      for (let at = 0; at < bytes.length;) at += writeSync(this.fd, bytes, at)
    })
  }

  /** What was written is on the disk. */
  sync() {
    return this.#or(() => {
      if (!this.direct) fsyncSync(this.fd)
      this.#close()
    })
  }

  /** Takes its name. `syncFolder` may be left to who names several files of a folder. */
  commit({ folder = true } = {}) {
    if (this.fd !== undefined) this.sync()
    this.#or(() => {
      if (this.direct) return
      if (this.exclusive && found(this.path) !== undefined) throw writeFailure({ code: 'EEXIST' }, this.path)
      renameSync(this.temporary, this.target)
    })
    this.#forget()
    if (folder && !this.direct) syncFolder(dirname(this.target))
  }

  abort() {
    this.#forget()
    this.#discard()
  }

  #or(work) {
    try {
      work()
    } catch (error) {
      this.abort()
      throw writeFailure(error, this.path)
    }
    return this
  }

  #close() {
    const { fd } = this
    this.fd = undefined
    closeSync(fd)
  }

  #forget() {
    open.delete(this)
    this.done?.()
  }

  #discard() {
    try {
      if (this.fd !== undefined) this.#close()
      if (!this.direct) rmSync(this.temporary, { force: true })
    } catch {
      // The error that led here is the one to tell; a hidden `.part` beside the file does no harm.
    }
  }
}

/** Writes a whole file, or leaves what was there. */
export function writeWhole(path, content, options) {
  new WholeFile(path, options).write(content).commit()
}

/**
 * Writes files that belong together: all are on the disk before the first takes its name. The last one names the
 * others (a manifest), or is read first: where the names cannot all be given, it is the old one still.
 */
export function writeTogether(entries) {
  const files = []
  try {
    for (const [path, content, options] of entries) {
      const file = new WholeFile(path, options)
      files.push(file)
      file.write(content).sync()
    }
    const last = files.at(-1)
    for (const file of files) {
      if (file === last) foldersOf(files).forEach(syncFolder)
      file.commit({ folder: file === last })
    }
  } catch (error) {
    for (const file of files) if (open.has(file)) file.abort()
    throw error
  }
}

const foldersOf = files => new Set(files.filter(({ direct }) => !direct).map(({ target }) => dirname(target)))
