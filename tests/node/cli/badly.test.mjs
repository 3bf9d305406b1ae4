// What goes wrong around the command: files, disks, pipes, Ctrl-C. Each has a clear message and the right code, and
// leaves nothing half-written.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, ftruncateSync, openSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { WholeFile, removeHalfWritten } from '../../../www/cli/atomic.mjs'
import { writeFailure } from '../../../www/cli/errno.mjs'
import { root } from '../kit.mjs'
import { bin, inside, ok, plainEnv, refused, suzhouPack, workshop } from './kit.mjs'

const { yibao, write, text, at, folder } = workshop('badly')
ok(yibao('init', 'demo'))
const PACK = text('demo/pack.yaml')
const CASES = text('demo/cases.yaml')
const STAY = 'facts: { total: "20000", level: third, admission_date: 2026-03-01 }\n'
write('stay.yaml', STAY)
const stay = ['-i', 'stay.yaml']

/** Everything in the folder, hidden files too. */
const everything = () => readdirSync(folder, { recursive: true }).sort()

test('every command refuses a missing, an empty and a huge pack, and a folder that is none', async () => {
  write('empty/pack.yaml', '')
  write('none/readme.txt', 'x')
  write('huge/pack.yaml', '')
  const file = openSync(at('huge/pack.yaml'), 'w')
  ftruncateSync(file, 100 * 1024 * 1024)
  closeSync(file)
  const commands = [
    given => ['eval', given, ...stay], given => ['explain', given, ...stay], given => ['check', given], given => ['curve', given, ...stay, '--over', 'total'],
    given => ['compare', given, ...stay, '--or', 'level=first'], given => ['year', given, ...stay], given => ['solve', given, ...stay, '--over', 'total', '--wanted', '1'],
    given => ['diff', 'demo', given], given => ['types', given], given => ['docs', given],
  ]
  for (const words of commands) {
    refused(await inside(folder, words('missing')), 2, /没有政策包 `missing`/)
    refused(await inside(folder, words('empty')), 2, /`empty\/pack\.yaml` 是空的/)
    refused(await inside(folder, words('none')), 2, /没有 pack\.yaml/)
    refused(await inside(folder, words('huge')), 2, /`huge\/pack\.yaml` 有 100 MB，最多 16 MB/)
  }
  refused(yibao('test', 'huge/pack.yaml'), 2, /100 MB/)
  // A preview of a pack that is wrong shows what is wrong; where there is none there is nothing to show.
  for (const given of ['missing', 'none']) refused(yibao('serve', given), 2, /pack\.yaml|没有政策包/)
})

test('a text of more than the engine reads is refused by name', () => {
  write('long.yaml', `facts: { total: "20000" }\n# ${'长'.repeat(500_000)}\n`)
  refused(yibao('eval', 'demo', '-i', 'long.yaml'), 2, /text-too-long/)
})

test('line ends, byte order marks and links are no trouble', () => {
  const expected = ok(yibao('eval', 'demo', ...stay))
  write('crlf.yaml', STAY.replaceAll('\n', '\r\n'))
  write('bom.yaml', `\ufeff${STAY}`)
  symlinkSync(at('stay.yaml'), at('link.yaml'))
  for (const file of ['crlf.yaml', 'bom.yaml', 'link.yaml']) assert.equal(ok(yibao('eval', 'demo', '-i', file)), expected, file)
  write('windows/pack.yaml', `\ufeff${PACK.replaceAll('\n', '\r\n')}`)
  write('windows/cases.yaml', `\ufeff${CASES.replaceAll('\n', '\r\n')}`)
  ok(yibao('test', 'windows'))
  assert.equal(ok(yibao('eval', 'windows', ...stay)), expected)
})

test('a pack in GBK says how to convert it', () => {
  write('gbk/pack.yaml', Buffer.concat([Buffer.from('pack: x\ntitle: '), Buffer.from([0xd2, 0xbd, 0xb1, 0xa3]), Buffer.from('\n')]))
  refused(yibao('check', 'gbk'), 2, /UTF-8[^]*GBK[^]*iconv -f GB18030 -t UTF-8/)
  write('gbk.cases.yaml', Buffer.from([0xd2, 0xbd, 0xb1, 0xa3]))
  write('pack.yaml', PACK)
  refused(yibao('test', 'gbk.cases.yaml'), 2, /GBK/)
})

test('figures that look like money but are none are refused, with what to write', () => {
  for (const [total, expected] of [['"2,0000"', /misplaced separator/], ['"２００００"', /not a number/], ['"20000.005"', /too-many-decimals/], ['"-5"', /out-of-range/], ['1e4', /not a number/], ['"￥20000"', /not a number/]]) {
    write('money.yaml', `facts: { total: ${total}, level: third, admission_date: 2026-03-01 }\n`)
    const stderr = refused(yibao('eval', 'demo', '-i', 'money.yaml', '--lang', 'en'), 2, expected)
    assert.match(stderr, /money\.yaml:1:17/, total)
  }
})

test('a file that may not be written says so', () => {
  for (const code of ['EACCES', 'EROFS', 'ENOENT', 'EDQUOT', 'EISDIR', 'EIO']) {
    const { exit, text } = writeFailure(Object.assign(new Error('x'), { code }), 'a.txt')
    assert.equal(exit, 2)
    assert.ok(text.zh.includes('a.txt') && text.en.includes('a.txt'), code)
  }
})

test('a full disk: the old file stays, nothing half-written is left', () => {
  refused(yibao('types', 'demo', '-o', '/dev/full'), 2, /磁盘已满/)
  const full = spawnSync('sh', ['-c', `"${process.execPath}" "${bin}" types demo > /dev/full`], { cwd: folder, encoding: 'utf8', env: plainEnv })
  assert.equal(full.status, 2)
  assert.match(full.stderr, /磁盘已满/)
  write('kept.ts', 'before')
  const before = everything()
  const half = new WholeFile(at('kept.ts')).write('half')
  assert.equal(everything().length, before.length + 1)
  removeHalfWritten()
  assert.deepEqual(everything(), before)
  assert.equal(text('kept.ts'), 'before')
  assert.ok(!existsSync(half.temporary))
  // A limit on the size of files is a disk that fills while it is written.
  const limited = spawnSync('sh', ['-c', `ulimit -f 1; trap '' XFSZ; exec "${process.execPath}" "${bin}" docs demo "${suzhouPack}" -o pages`], { cwd: folder, encoding: 'utf8', env: plainEnv })
  assert.equal(limited.status, 2, limited.stderr)
  assert.match(limited.stderr, /pages\/demo\.html/)
  assert.deepEqual(readdirSync(at('pages')), [])
})

test('a file is written whole, with the name of the old one', () => {
  ok(yibao('types', 'demo', '-o', 'kept.ts'))
  assert.match(text('kept.ts'), /DemoRules/)
  refused(yibao('types', 'demo', '-o', 'no-folder/x.ts'), 2, /没有这个文件夹/)
  refused(yibao('types', 'demo', '-o', 'demo'), 2, /是文件夹/)
  assert.deepEqual(everything().filter(name => name.includes('.part')), [])
})

test('who reads less than everything ends the command quietly', () => {
  const piped = spawnSync('bash', ['-c', `set -o pipefail; "${process.execPath}" "${bin}" schema pack | head -c 10 > /dev/null`], { encoding: 'utf8', env: plainEnv })
  assert.equal(piped.stderr, '')
  assert.equal(piped.status, 0)
})

test('Ctrl-C ends the command with 130 and leaves nothing', async () => {
  const before = everything()
  const child = spawn(process.execPath, [bin, 'eval', 'demo', '-i', '-'], { cwd: folder, env: plainEnv, stdio: ['pipe', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', part => (stderr += part))
  await new Promise(done => setTimeout(done, 700))
  child.kill('SIGINT')
  const [code, signal] = await new Promise(done => child.on('exit', (...how) => done(how)))
  assert.ok(code === 130 || signal === 'SIGINT', `${code} ${signal}`)
  assert.equal(stderr, '')
  assert.deepEqual(everything(), before)
})

test('standard input may be slow, empty or no text', async () => {
  const child = spawn(process.execPath, [bin, 'eval', 'demo', '-i', '-', '--json'], { cwd: folder, env: plainEnv })
  let out = ''
  child.stdout.on('data', part => (out += part))
  child.stdin.write(STAY.slice(0, 20))
  await new Promise(done => setTimeout(done, 300))
  child.stdin.end(STAY.slice(20))
  await new Promise(done => child.on('close', done))
  assert.equal(JSON.parse(out).outcome, 'computed')
  refused(yibao('eval', 'demo', '-i', '-'), 2, /是空的/)
  refused(yibao('eval', 'demo', '-i', '-', { input: Buffer.from([0xff, 0x00]) }), 2, /UTF-8/)
})

test('what is asked in odd words is refused, not guessed', async () => {
  for (const words of [['eval', 'demo', ...stay, '--as-of', 'yesterday'], ['eval', 'demo', ...stay, '--as-of', '2026-02-30'], ['test', 'demo', '--min-coverage', '101'], ['test', 'demo', '--reporter', 'html'], ['curve', 'demo', ...stay, '--over', 'level'], ['curve', 'demo', ...stay, '--over', 'total', '--line', 'x'], ['diff', 'demo', 'demo', '--population', '-1'], ['compare', 'demo', ...stay, '--or', 'level'], ['serve', 'demo', '--port', '99999'], ['eval', '../../../../etc/passwd', ...stay], ['case', 'to-link', 'x'], ['help', 'nothing'], ['schema', 'packs']]) {
    const { status, stderr } = await inside(folder, words)
    assert.ok(status === 2 || status === 3, `${words.join(' ')}: ${status} ${stderr}`)
    assert.doesNotMatch(stderr, /\n\s+at |node:internal/, words.join(' '))
    assert.notEqual(stderr, '')
  }
})
