// What the system refuses, in words: each class of error says what it is, and not what it resembles.

import { misuse } from './exit.mjs'

const ANY = {
  EMFILE: ['too-many-files', path => ({ zh: `同时打开的文件太多，打不开 \`${path}\``, en: `too many files are open: \`${path}\` cannot be opened` })],
  ENAMETOOLONG: ['long-name', path => ({ zh: `文件名太长：\`${shortened(path)}\``, en: `the name of the file is too long: \`${shortened(path)}\`` })],
  EIO: ['disk-fault', path => ({ zh: `磁盘或连接出错：\`${path}\` 读写不了`, en: `the disk or its connection failed at \`${path}\`` })],
  ELOOP: ['link-loop', path => ({ zh: `\`${path}\` 是互相指来指去的链接`, en: `\`${path}\` is a link that leads back to itself` })],
  EBUSY: ['in-use', path => ({ zh: `\`${path}\` 正被别的程序使用`, en: `\`${path}\` is in use by another program` })],
}
ANY.ENFILE = ANY.EMFILE
ANY.ETXTBSY = ANY.EBUSY

const READ = {
  ...ANY,
  ENOENT: ['no-such-file', (path, what) => ({ zh: `没有文件 \`${path}\`${what ? `（${what.zh}）` : ''}`, en: `there is no file \`${path}\`${what ? ` (${what.en})` : ''}` })],
  EACCES: ['unreadable', path => ({ zh: `没有权限读 \`${path}\``, en: `no permission to read \`${path}\`` })],
  EISDIR: ['is-folder', (path, what) => ({ zh: `\`${path}\` 是文件夹，这里要一个文件${what ? `（${what.zh}）` : ''}`, en: `\`${path}\` is a folder, expected a file${what ? ` (${what.en})` : ''}` })],
}
READ.ENOTDIR = READ.ENOENT
READ.EPERM = READ.EACCES

const WRITE = {
  ...ANY,
  ENOSPC: ['disk-full', path => ({ zh: `磁盘已满：\`${path}\` 没有写成，原来的内容未动`, en: `the disk is full: \`${path}\` was not written, what was there is untouched` })],
  EDQUOT: ['quota', path => ({ zh: `磁盘配额已用完：\`${path}\` 没有写成，原来的内容未动`, en: `the disk quota is used up: \`${path}\` was not written, what was there is untouched` })],
  EROFS: ['read-only', path => ({ zh: `写不了 \`${path}\`：这个磁盘是只读的`, en: `\`${path}\` cannot be written: its disk is read-only` })],
  ENOENT: ['no-such-folder', path => ({ zh: `写不了 \`${path}\`：没有这个文件夹`, en: `\`${path}\` cannot be written: there is no such folder` })],
  EACCES: ['unwritable', path => ({ zh: `没有权限写 \`${path}\``, en: `no permission to write \`${path}\`` })],
  EISDIR: ['is-folder', path => ({ zh: `\`${path}\` 是文件夹`, en: `\`${path}\` is a folder` })],
  EEXIST: ['exists', path => ({ zh: `\`${path}\` 已经有了，不覆盖`, en: `\`${path}\` exists and is not overwritten` })],
  EFBIG: ['too-large', path => ({ zh: `\`${path}\` 太大，磁盘存不下这么大的文件`, en: `\`${path}\` is too large for a file of this disk` })],
}
WRITE.ENOTDIR = WRITE.ENOENT
WRITE.EPERM = WRITE.EACCES

/** A long name is not repeated whole. */
const shortened = path => (String(path).length > 60 ? `${String(path).slice(0, 57)}…` : path)

/** What cannot be read. `what` names it, as `{ zh, en }`. */
export const readFailure = (error, path, what) => worded(READ, error, path, what) ?? misuse('unreadable', { zh: `\`${path}\` 读不了：${error.message}`, en: `\`${path}\` cannot be read: ${error.message}` }, { cause: error })

/** What cannot be written. */
export const writeFailure = (error, path) => worded(WRITE, error, path) ?? misuse('unwritable', { zh: `\`${path}\` 写不了：${error.message}`, en: `\`${path}\` cannot be written: ${error.message}` }, { cause: error })

function worded(table, error, path, what) {
  if (error.text) return error
  if (isLowMemory(error)) return lowMemory(error)
  if (!Object.hasOwn(table, error.code ?? '')) return undefined
  const [code, text] = table[error.code]
  return misuse(code, text(path, what), { cause: error })
}

/** Room that was asked for and not given. A stack that is too deep is a `RangeError` too, and a fault of the program. */
export function isLowMemory(error) {
  if (['ENOMEM', 'ERR_MEMORY_ALLOCATION_FAILED', 'ERR_WORKER_OUT_OF_MEMORY'].includes(error?.code)) return true
  return error instanceof Error && /out of memory|could not allocate memory|array buffer allocation failed|cannot allocate/i.test(error.message)
}

const lowMemory = cause => misuse('no-memory', { zh: '内存不够', en: 'there is not enough memory' }, {
  help: { zh: '关掉别的程序，或放宽内存限制（ulimit -v、容器的上限）', en: 'close other programs, or raise the limit of memory (ulimit -v, that of the container)' }, cause,
})

const WRITES = new Set(['write', 'fsync', 'fdatasync', 'ftruncate', 'rename', 'mkdir', 'unlink', 'rm', 'rmdir', 'chmod', 'fchmod', 'copyfile'])

/** The complaint an error of the system becomes wherever it comes up; nothing for an error of another kind. */
export function ofSystem(error) {
  if (isLowMemory(error)) return lowMemory(error)
  if (typeof error?.syscall !== 'string' || error.path === undefined && error.dest === undefined) return undefined
  return WRITES.has(error.syscall) ? writeFailure(error, error.dest ?? error.path) : readFailure(error, error.path)
}

/** Why a part of this package cannot be loaded: it is not there, or the system refuses. */
export function loadFailure(error) {
  const isAbsent = ['ERR_MODULE_NOT_FOUND', 'ENOENT'].includes(error?.code)
  if (!isAbsent) return ofSystem(error) ?? error
  return misuse('not-built', { zh: `软件包还没有编译（${error.message}）`, en: `the package is not built (${error.message})` }, { help: { zh: '运行 `cargo xtask build`', en: 'run `cargo xtask build`' }, cause: error })
}
