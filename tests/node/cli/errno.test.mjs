// What the system refuses is told as what it is: each class of error by its code, in both languages, with exit code 2.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import fs, { existsSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { test } from 'node:test'
import { makeFolder, writeWhole } from '../../../www/cli/atomic.mjs'
import { isLowMemory, loadFailure, ofSystem, readFailure, writeFailure } from '../../../www/cli/errno.mjs'
import { Failure } from '../../../www/cli/exit.mjs'
import { readText } from '../../../www/cli/files.mjs'
import { bin, inside, ok, plainEnv, refused, workshop } from './kit.mjs'

const { yibao, write, text, at, folder } = workshop('errno')
ok(yibao('init', 'demo'))
write('stay.yaml', text('demo/stay.yaml'))

const made = (code, more = {}) => Object.assign(new Error(`${code}: as the system says it`), { code, ...more })
const WHAT = { zh: '案例', en: 'case' }

test('reading and writing: each code has its own words', () => {
  const reading = { ENOENT: 'no-such-file', ENOTDIR: 'no-such-file', EACCES: 'unreadable', EPERM: 'unreadable', EISDIR: 'is-folder', EMFILE: 'too-many-files', ENFILE: 'too-many-files', ENAMETOOLONG: 'long-name', EIO: 'disk-fault', ELOOP: 'link-loop', EBUSY: 'in-use', ENOMEM: 'no-memory' }
  const writing = { ENOSPC: 'disk-full', EDQUOT: 'quota', EROFS: 'read-only', ENOENT: 'no-such-folder', ENOTDIR: 'no-such-folder', EACCES: 'unwritable', EPERM: 'unwritable', EISDIR: 'is-folder', EEXIST: 'exists', EFBIG: 'too-large', EMFILE: 'too-many-files', ENAMETOOLONG: 'long-name', EIO: 'disk-fault', ETXTBSY: 'in-use', ENOMEM: 'no-memory' }
  const words = new Map()
  for (const [table, failure] of [[reading, readFailure], [writing, writeFailure]]) {
    for (const [code, expected] of Object.entries(table)) {
      const told = failure(made(code), 'a.yaml', WHAT)
      assert.ok(told instanceof Failure)
      assert.deepEqual([told.exit, told.code], [2, expected], code)
      assert.match(told.text.zh, /[\u4e00-\u9fff]/)
      assert.doesNotMatch(`${told.text.zh}${told.text.en}`, /as the system says it/)
      words.set(`${failure.name} ${told.code}`, told.text.en)
    }
    // A code that has no words of its own keeps the system's.
    assert.match(failure(made('EXDEV'), 'a.yaml', WHAT).text.en, /`a\.yaml` cannot be (read|written): EXDEV: as the system says it/)
  }
  assert.equal(new Set(words.values()).size, words.size - ['too-many-files', 'long-name', 'disk-fault', 'in-use', 'no-memory'].length)
  assert.match(writeFailure(made('EROFS'), 'a').text.en, /its disk is read-only/)
})

test('low memory is no package that is not built, and a stack that is too deep is no low memory', () => {
  for (const error of [new RangeError('WebAssembly.Memory(): could not allocate memory'), new RangeError('WebAssembly.instantiate(): Out of memory: Cannot allocate Wasm memory for new instance'), new RangeError('Array buffer allocation failed'), made('ERR_MEMORY_ALLOCATION_FAILED'), made('ENOMEM')]) {
    assert.ok(isLowMemory(error), error.message)
    assert.equal(loadFailure(error).code, 'no-memory')
    assert.equal(ofSystem(error).code, 'no-memory')
  }
  const deep = new RangeError('Maximum call stack size exceeded')
  assert.deepEqual([isLowMemory(deep), ofSystem(deep), loadFailure(deep)], [false, undefined, deep])
  assert.equal(loadFailure(made('ERR_MODULE_NOT_FOUND')).code, 'not-built')
  assert.equal(loadFailure(made('EMFILE', { syscall: 'open', path: 'x' })).code, 'too-many-files')
  const other = new SyntaxError('x')
  assert.equal(loadFailure(other), other)
})

test('a process that may have little memory says so', { skip: process.platform !== 'linux' && 'ulimit -v' }, () => {
  // The engine's memory alone asks for more addresses than that.
  const { status, stderr } = spawnSync('bash', ['-c', 'ulimit -v 3000000; exec "$@"', 'x', process.execPath, bin, 'check', 'demo'], { cwd: folder, encoding: 'utf8', env: plainEnv })
  refused({ status, stdout: '', stderr }, 2, /内存不够[^]*ulimit -v/)
  assert.doesNotMatch(stderr, /没有编译/)
})

/** Runs with a function of the file system failing where it is asked about a path like this. */
async function failing(name, code, pattern, work) {
  const real = fs[name]
  fs[name] = (path, ...rest) => {
    if (pattern.test(String(path))) throw made(code, { syscall: { readdirSync: 'scandir', mkdirSync: 'mkdir', openSync: 'open' }[name], path })
    return real(path, ...rest)
  }
  syncBuiltinESMExports()
  try {
    return await work()
  } finally {
    fs[name] = real
    syncBuiltinESMExports()
  }
}

test('a read-only disk is no folder that is not there', async () => {
  for (const words of [['docs', 'demo', '-o', 'out/of/reach'], ['schema', '--write', 'out/of/reach'], ['init', 'out/demo']]) {
    refused(await failing('mkdirSync', 'EROFS', /out/, () => inside(folder, words)), 2, /只读/)
    assert.equal(existsSync(at('out')), false)
  }
  refused(await failing('openSync', 'EROFS', /\.part$/, () => inside(folder, ['types', 'demo', '-o', 'demo.d.ts'])), 2, /只读/)
  await assert.rejects(failing('mkdirSync', 'EACCES', /y$/, async () => makeFolder(at('x/y'))), { code: 'unwritable' })
})

test('what nobody thought of is told as the system has it, without a stack', async () => {
  refused(await failing('readdirSync', 'EMFILE', /demo/, () => inside(folder, ['test', 'demo'])), 2, /打开的文件太多/)
  refused(await failing('readdirSync', 'EIO', /demo/, () => inside(folder, ['test', 'demo'])), 2, /磁盘或连接出错/)
})

test('a name that is too long is one, for a file that is read, written or watched; a long link is none', () => {
  const long = 'x'.repeat(300)
  for (const work of [() => readText(at(long), WHAT), () => writeWhole(at(long), 'x'), () => makeFolder(at(long))]) assert.throws(work, { code: 'long-name' })
  // 240 bytes, and still more for the name it has while it is written.
  writeWhole(at('表'.repeat(80)), 'x')
  assert.ok(existsSync(at('表'.repeat(80))))
  refused(yibao('eval', 'demo', '-i', long), 2, /文件名太长：`x{57}…`/)
  refused(yibao('types', 'demo', '-o', long), 2, /文件名太长/)
  refused(yibao('check', long), 2, /没有政策包/)
  const answers = { p: 'demo', s: 'inpatient', a: { total: '20000', level: 'third', admission_date: '2026-03-01', note: 'x'.repeat(500) } }
  refused(yibao('case', 'from-link', `https://example.org/${'y'.repeat(300)}`, '--pack', 'demo'), 2, /没有答案/)
  assert.doesNotMatch(yibao('case', 'from-link', `https://example.org/#yibao=${Buffer.from(JSON.stringify(answers)).toString('base64url')}`, '--pack', 'demo').stderr, /太长/)
})
