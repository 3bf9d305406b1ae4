// Every write, sync, rename and new folder of the command fails once; and the power goes at each of them, with what had
// not reached the disk lost. Each file is then the old one or the new one, whole, and the same command again ends well.
import assert from 'node:assert/strict'
import fs, { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { inside as safeName, makeFolder, writeTogether, writeWhole } from '../../../www/cli/atomic.mjs'
import { MANIFEST } from '../../../www/dist/signatures-node.js'
import { root } from '../kit.mjs'
import { inside, suzhouPack } from './kit.mjs'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'yibao-atomic-')))
after(() => rmSync(home, { recursive: true }))

const CHANGING = ['writeSync', 'fsyncSync', 'fdatasyncSync', 'renameSync', 'mkdirSync', 'ftruncateSync', 'fchmodSync', 'rmSync']

/** The file system as the disk has it: what is written is lost until it is synced, and so is a name. */
class Disk {
  #real = { ...fs }
  #calls = 0
  #files = new Map()
  #names = []
  #folders = new Map()

  /** `at`: the call that fails, from 1; `cut`: so do all that follow, until `restore`. */
  constructor({ at = Infinity, cut = false, code = 'EIO' } = {}) {
    Object.assign(this, { at, cut, code })
    for (const name of CHANGING) fs[name] = (...given) => this.#call(name, given)
    fs.openSync = (path, flags, ...rest) => (flags === 'r' ? this.#opened(path, this.#real.openSync(path, flags, ...rest)) : this.#call('openSync', [path, flags, ...rest]))
    syncBuiltinESMExports()
  }

  get calls() {
    return this.#calls
  }

  #call(name, given) {
    this.#calls += 1
    if (this.#calls === this.at || (this.cut && this.#calls > this.at)) throw Object.assign(new Error(`${this.code}: made to fail`), { code: this.code, syscall: name.replace(/Sync$/, '').toLowerCase(), path: String(given[0]) })
    const own = this[`on_${name}`]
    return own === undefined ? this.#real[name](...given) : own.apply(this, given)
  }

  #opened(path, fd) {
    this.#folders.set(fd, resolve(path))
    return fd
  }

  on_openSync(path, flags, ...rest) {
    const fd = this.#real.openSync(path, flags, ...rest)
    const kept = flags === 'r+' ? this.#real.readFileSync(path) : undefined
    this.#folders.delete(fd)
    this.#files.set(fd, { path: resolve(path), synced: kept })
    return fd
  }

  on_fsyncSync(fd) {
    this.#real.fsyncSync(fd)
    const file = this.#files.get(fd)
    if (file && !this.#folders.has(fd)) file.synced = this.#real.readFileSync(file.path)
    else this.#names = this.#names.filter(({ to }) => dirname(to) !== this.#folders.get(fd))
  }

  on_fdatasyncSync(fd) {
    this.on_fsyncSync(fd)
  }

  on_renameSync(...paths) {
    const [from, to] = paths.map(path => resolve(path))
    const before = existsSync(to) ? this.#real.readFileSync(to) : undefined
    this.#real.renameSync(from, to)
    for (const file of this.#files.values()) if (file.path === from) file.path = to
    this.#names.push({ from, to, before })
  }

  restore() {
    for (const name of [...CHANGING, 'openSync']) fs[name] = this.#real[name]
    syncBuiltinESMExports()
  }

  /** After a power cut: content that was not synced is gone; with `names`, so are names. */
  lose({ names }) {
    for (const { path, synced } of this.#files.values()) if (existsSync(path)) writeFileSync(path, synced ?? '')
    if (!names) return
    for (const { from, to, before } of this.#names.reverse()) {
      cpSync(to, from)
      if (before === undefined) rmSync(to)
      else writeFileSync(to, before)
    }
  }
}

let number = 0
/** A fresh copy of a folder. */
function copied(from) {
  const folder = join(home, `${(number += 1)}`)
  if (from === undefined) fs.mkdirSync(folder)
  else cpSync(from, folder, { recursive: true })
  return folder
}

/** Visible files and their content. */
const content = folder => new Map(readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && !/\.part$/.test(entry.name)).map(entry => join(entry.parentPath ?? entry.path, entry.name)).map(path => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))

/** Runs `work(folder)` on copies of `start`, with each of its calls failing; `again` goes on after it. */
async function everyFailure(start, work, { again = work, whole = () => true } = {}) {
  const [old, good] = [content(start), copied(start)]
  const count = new Disk()
  try {
    assert.equal(await work(good), 0)
  } finally {
    count.restore()
  }
  const wanted = content(good)
  assert.ok(count.calls >= 4, `${count.calls}`)
  assert.notDeepEqual(wanted, old)
  for (let at = 1; at <= count.calls; at++) {
    for (const how of [{ code: at % 2 === 0 ? 'EIO' : 'ENOSPC' }, { cut: true }, { cut: true, names: true }]) {
      const folder = copied(start)
      const disk = new Disk({ at, ...how })
      let status
      try {
        status = await work(folder)
      } finally {
        disk.restore()
      }
      if (how.cut) disk.lose(how)
      const what = `call ${at} of ${count.calls}, ${JSON.stringify(how)}`
      assert.ok([0, 2].includes(status), `${what}: exit ${status}`)
      for (const [path, text] of content(folder)) if (whole(path)) assert.ok(text === old.get(path) || text === wanted.get(path), `${what}: ${path} is ${JSON.stringify(text.slice(0, 80))}`)
      for (const path of old.keys()) assert.ok(existsSync(join(folder, path)), `${what}: ${path} is gone`)
      // Without a power cut nothing is left lying about; a folder may say so with an error after all is done.
      if (!how.cut && whole('x')) assert.deepEqual(readdirSync(folder, { recursive: true }).filter(name => /\.part$/.test(name)), [], what)
      assert.equal(await again(folder), 0, what)
      assert.deepEqual(content(folder), wanted, what)
      rmSync(folder, { recursive: true })
    }
  }
}

const command = (...words) => async folder => (await inside(folder, words)).status

test('one file, several files, and their folders', async () => {
  const start = copied()
  writeFileSync(join(start, 'a'), 'old a')
  writeFileSync(join(start, 'b'), 'old b')
  const done = async work => {
    try {
      work()
      return 0
    } catch (error) {
      assert.ok(error.text, error.stack)
      return 2
    }
  }
  await everyFailure(start, folder => done(() => writeWhole(join(folder, 'a'), 'new a'.repeat(10_000))))
  await everyFailure(start, folder => done(() => {
    makeFolder(join(folder, 'x/y'))
    writeTogether([[join(folder, 'a'), 'new a'], [join(folder, 'x/y/c'), 'new c'], [join(folder, 'b'), 'new b']])
  }))
})

test('a file keeps its mode, a link stays one, and a name that leads out is refused', () => {
  const folder = copied()
  const at = name => join(folder, name)
  writeFileSync(at('a'), 'old', { mode: 0o640 })
  fs.symlinkSync('a', at('link'))
  writeWhole(at('link'), 'new')
  assert.equal(readFileSync(at('a'), 'utf8'), 'new')
  assert.ok(fs.lstatSync(at('link')).isSymbolicLink())
  assert.equal(fs.statSync(at('a')).mode & 0o777, 0o640)
  assert.throws(() => writeWhole(at('a'), 'x', { exclusive: true }), { code: 'exists' })
  for (const name of ['../x', 'a/b', '..', '.', '', 'a\\b', 'a\0', '/etc/passwd']) assert.throws(() => safeName(folder, name), { code: 'bad-name' }, name)
  assert.equal(safeName(folder, 'a-b.json'), at('a-b.json'))
})

test('a plan whose id is a path or a line of code writes nothing elsewhere', async () => {
  const folder = copied()
  const plan = JSON.parse(readFileSync(join(root, 'www/dist/plans/anhui-suzhou-resident.plan.json'), 'utf8'))
  for (const id of ['../../../elsewhere', '/tmp/elsewhere', '..', 'a/b', 'x\nexport const y = 1']) {
    fs.mkdirSync(join(folder, 'in/side'), { recursive: true })
    writeFileSync(join(folder, 'bad.plan.json'), JSON.stringify({ ...plan, pack: { ...plan.pack, id } }))
    const before = [...content(folder).keys()]
    for (const words of [['docs', 'bad.plan.json', '-o', 'in/side'], ['pack', 'build', 'bad.plan.json', '-o', 'in/side', '--expires', '2099-01-01']]) {
      const { status, stderr } = await inside(folder, words)
      // `...html` is an odd name, and inside.
      assert.ok([2, 3].includes(status) || id === '..', `${id}: ${stderr}`)
    }
    assert.deepEqual([...content(folder).keys()].filter(path => !path.startsWith('in/side/')), before, id)
    const { status, stdout } = await inside(folder, ['types', 'bad.plan.json'])
    if (status === 0) assert.doesNotMatch(stdout, /^export const y/m)
    else assert.ok([2, 3].includes(status))
    assert.ok(!existsSync('/tmp/elsewhere.html'))
    rmSync(join(folder, 'in'), { recursive: true })
  }
})

test('pack build', async () => {
  const start = copied()
  assert.equal(await command('pack', 'keygen', '-k', 'safe.key', '--no-password')(start), 0)
  assert.equal(await command('pack', 'keygen', '-k', 'clerk.key', '--no-password')(start), 0)
  assert.equal(await command('pack', 'root', '-o', 'set', '--root-key', 'safe.pub', '--pack-key', 'clerk.pub', '--expires', '2099-12-31')(start), 0)
  assert.equal(await command('pack', 'build', suzhouPack, '-o', 'set', '--expires', '2099-12-31')(start), 0)
  const build = command('pack', 'build', suzhouPack, '-o', 'set', '--expires', '2099-12-30', '--version', '9')
  // Where the manifest was named and the folder could not be synced, version 9 is there already.
  await everyFailure(start, build, { again: async folder => (JSON.parse(readFileSync(join(folder, 'set', MANIFEST), 'utf8')).version === 9 ? 0 : build(folder)) })
})

test('new, from a table that was put right', async () => {
  const start = copied()
  const table = join(root, 'packs/template-county/示例-虚构县.csv')
  const text = readFileSync(table, 'utf8')
  writeFileSync(join(start, 't.csv'), text)
  assert.equal(await command('new', '--from', 't.csv', '-o', 'made')(start), 0)
  const cap = text.split(/\r?\n/).find(line => line.startsWith('年度限额'))
  assert.ok(cap)
  writeFileSync(join(start, 't.csv'), text.replace(cap, cap.replace(/^([^,]*),[^,]*,("[^"]*"|[^,]*),/, '$1,不限,,')))
  await everyFailure(start, command('new', '--from', 't.csv', '-o', 'made'))
})

test('init, schema, docs, types', async () => {
  const empty = copied()
  await everyFailure(empty, command('init', 'demo'))
  const start = copied()
  assert.equal(await command('init', 'demo')(start), 0)
  await everyFailure(start, command('docs', 'demo', '-o', 'pages/of/packs'))
  await everyFailure(start, command('types', 'demo', '-o', 'demo.d.ts'))
  await everyFailure(start, command('schema', '--write', 'schemas'))
})

test('batch, gone on with where it was cut off', async () => {
  const start = copied()
  const rows = Array.from({ length: 40 }, (_, i) => `r${i},2023-06-16,resident,in_city,first,${i === 7 ? 'x' : 1000 + i},0,0,0`)
  writeFileSync(join(start, 'in.csv'), `id,admission_date,scheme,place,level,total,out_of_scope,over_limit,first_pay\n${rows.join('\n')}\n`)
  writeFileSync(join(start, 'out.csv'), 'the result of yesterday\n')
  writeFileSync(join(start, 'out.bad.csv'), 'and its bad rows\n')
  const words = ['batch', suzhouPack, '-i', 'in.csv', '-o', 'out.csv']
  // A bad row: exit code 1.
  const run = more => async folder => {
    const { status } = await inside(folder, [...words, ...more])
    return status === 1 ? 0 : status
  }
  const isDone = folder => !existsSync(join(folder, 'out.csv.progress.json')) && readFileSync(join(folder, 'out.csv'), 'utf8').startsWith('id,outcome')
  const again = async folder => {
    if (existsSync(join(folder, 'out.csv.progress.json'))) return run(['--resume'])(folder)
    return isDone(folder) ? 0 : run([])(folder)
  }
  await everyFailure(start, run([]), { again, whole: path => ['out.csv', 'out.bad.csv', 'in.csv'].includes(path) })
})
