import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MANIFEST, SIGNATURE, keyId, planFile, sha256 } from '../../../www/dist/signatures-node.js'
import { root } from '../kit.mjs'

const folder = mkdtempSync(join(tmpdir(), 'yibao-signing-'))
after(() => rmSync(folder, { recursive: true }))
const at = name => join(folder, name)

function run(program, args, input = '') {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd: folder, encoding: 'utf8', input, env: { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: '' } })
  if (error?.code === 'ENOENT') assert.fail(`${program} is not installed: \`apt-get install ${program}\` (cargo xtask test does so as root)`)
  return { status, stdout, stderr }
}
const yibao = (...args) => run(process.execPath, [join(root, 'www/bin/yibao.mjs'), 'pack', ...args])
const minisign = (args, input) => run('minisign', args, input)

function ok({ status, stdout, stderr }) {
  assert.equal(status, 0, stderr || stdout)
  return stdout
}
function refused(result, expected) {
  assert.equal(result.status, 5, `${result.stdout}${result.stderr}`)
  assert.match(result.stderr, expected)
  assert.doesNotMatch(result.stderr, /\n\s+at /)
}

const packs = ['anhui-suzhou-resident', 'minhang-long-prescription'].map(id => join(root, 'packs', id))

/** A signed set in its own folder, made once and copied. */
let made
function signedSet(name) {
  if (made === undefined) {
    for (const name of ['safe', 'office']) ok(yibao('keygen', '-k', `${name}.key`, '--no-password'))
    ok(yibao('root', '-o', 'made', '--root-key', 'safe.pub', '--pack-key', 'office.pub', '--expires', '2028-12-31', '--today', '2026-11-22'))
    ok(yibao('sign', 'made/root.1.json', '-k', 'safe.key'))
    ok(yibao('build', ...packs, '-o', 'made', '--expires', '2027-06-30', '--today', '2026-11-22'))
    ok(yibao('sign', 'made', '-k', 'office.key', '--comment', '第1版'))
    made = at('made')
  }
  cpSync(made, at(name), { recursive: true })
  return name
}
const checkSet = (set, ...more) => yibao('verify', set, '-r', 'made/root.1.json', '--today', '2026-12-01', ...more)

test('minisign accepts what yibao signs, and yibao what minisign signs', () => {
  signedSet('both-ways')
  assert.match(ok(minisign(['-Vm', `both-ways/${MANIFEST}`, '-p', 'office.pub'])), /Trusted comment: 第1版/)
  ok(minisign(['-Sm', `both-ways/${MANIFEST}`, '-s', 'office.key', '-t', 'from minisign']))
  assert.match(ok(yibao('verify', `both-ways/${MANIFEST}`, '-p', 'office.pub')), /from minisign/)
  assert.match(ok(checkSet('both-ways')), /2 个文件都对/)
  ok(minisign(['-G', '-W', '-p', 'theirs.pub', '-s', 'theirs.key']))
  writeFileSync(at('note'), 'x')
  ok(yibao('sign', 'note', '-k', 'theirs.key'))
  ok(minisign(['-Vm', 'note', '-p', 'theirs.pub']))
  refused(yibao('sign', 'both-ways', '-k', 'theirs.key'), /不能签/)
})

test('a second signature, SM2: OpenSSL accepts what yibao signs, and yibao what OpenSSL signs', () => {
  const set = signedSet('twice')
  const file = `${set}/${MANIFEST}`
  const openssl = (...args) => run('openssl', args)
  const distinct = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678']
  for (const name of ['sm2', 'sm2-other']) {
    ok(openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2', '-out', `${name}.pem`))
    ok(openssl('pkey', '-in', `${name}.pem`, '-pubout', '-out', `${name}.pub`))
  }
  assert.match(ok(yibao('sign', set, '-k', 'office.key', '--sm2', 'sm2.pem')), /国密签名/)
  ok(openssl('pkeyutl', '-verify', ...distinct, '-pubin', '-inkey', 'sm2.pub', '-in', file, '-sigfile', `${file}.sm2`))
  ok(checkSet(set, '--sm2', 'sm2.pub'))
  refused(checkSet(set, '--sm2', 'sm2-other.pub'), /国密签名不对/)
  ok(openssl('pkeyutl', '-sign', ...distinct, '-inkey', 'sm2-other.pem', '-in', file, '-out', `${file}.sm2`))
  ok(checkSet(set, '--sm2', 'sm2-other.pub'))
  // The minisign signature still holds; the second one is of other bytes, is none, has more after its end, a longer
  // number or length than it needs, or is not there.
  const good = readFileSync(at(`${file}.sm2`))
  const r = good.subarray(2, 4 + good[3])
  const longer = [good[0], good[1] + 1, 2, r[1] + 1, 0, ...r.subarray(2), ...good.subarray(2 + r.length)]
  const long = [good[0], 0x81, ...good.subarray(1)]
  for (const bytes of [readFileSync(at('office.pub')), Buffer.from('x'), Buffer.concat([good, Buffer.from([0])]), Buffer.from([good[0], good[1] + 1, ...good.subarray(2), 0]), Buffer.from(longer), Buffer.from(long), good.subarray(0, -1)]) {
    writeFileSync(at(`${file}.sm2`), bytes)
    refused(checkSet(set, '--sm2', 'sm2-other.pub'), /国密签名不对/)
  }
  rmSync(at(`${file}.sm2`))
  refused(checkSet(set, '--sm2', 'sm2-other.pub'), /没有国密签名/)
  ok(checkSet(set))
  const pem = readFileSync(at('sm2.pub'), 'utf8')
  writeFileSync(at('sm2-more.pub'), pem.replace('\n-----END', 'AAAA\n-----END'))
  for (const [key, said] of [['office.pub', /不是 SM2 公钥/], ['sm2.pem', /不是 SM2 公钥/], ['sm2-more.pub', /不是 SM2 公钥/]]) {
    writeFileSync(at(`${file}.sm2`), 'x')
    const { status, stderr } = checkSet(set, '--sm2', key)
    assert.equal(status, 2)
    assert.match(stderr, said)
  }
  const { status, stderr } = yibao('sign', set, '-k', 'office.key', '--sm2', 'sm2.pub')
  assert.equal(status, 2)
  assert.match(stderr, /不是 SM2 私钥/)
})

test('secret keys with a password go both ways, and a wrong password is code 5', () => {
  writeFileSync(at('password'), '密码 one\n')
  writeFileSync(at('file'), 'content\n')
  ok(yibao('keygen', '-k', 'sealed.key', '--password-file', 'password'))
  assert.equal(statSync(at('sealed.key')).mode & 0o777, 0o600)
  ok(minisign(['-Sm', 'file', '-s', 'sealed.key'], '密码 one\n'))
  ok(yibao('verify', 'file', '-p', 'sealed.pub'))
  ok(minisign(['-G', '-p', 'asked.pub', '-s', 'asked.key'], '密码 one\n密码 one\n'))
  ok(yibao('sign', 'file', '-k', 'asked.key', '--password-file', 'password'))
  ok(minisign(['-Vm', 'file', '-p', 'asked.pub']))
  writeFileSync(at('wrong'), 'two\n')
  refused(yibao('sign', 'file', '-k', 'asked.key', '--password-file', 'wrong'), /`asked\.key` 的密码不对/)
})

test('what was tampered with, expired, rolled back or signed by others is refused with code 5', () => {
  const plan = `${signedSet('changed')}/anhui-suzhou-resident.plan.json`
  const before = readFileSync(at(plan), 'utf8')
  writeFileSync(at(plan), before.replace('200', '300'))
  refused(checkSet('changed'), /anhui-suzhou-resident\.plan\.json` 与签名时不一样/)
  writeFileSync(at(plan), before)
  ok(checkSet('changed'))

  const manifest = `${signedSet('manifest')}/${MANIFEST}`
  const signed = readFileSync(at(manifest), 'utf8')
  writeFileSync(at(manifest), `${signed} `)
  refused(checkSet('manifest'), /清单的格式不对/)
  writeFileSync(at(manifest), signed.replace('2027-06-30', '2029-06-30'))
  refused(checkSet('manifest'), /文件与签名时不一样/)

  const comment = `${signedSet('comment')}/${SIGNATURE}`
  writeFileSync(at(comment), readFileSync(at(comment), 'utf8').replace('第1版', '第9版'))
  refused(checkSet('comment'), /可信注释被改动过/)

  ok(checkSet(signedSet('late'), '--today', '2027-06-30'))
  refused(checkSet('late', '--today', '2027-07-01'), /有效期到 2027-06-30，今天是 2027-07-01，已经过期/)

  ok(yibao('keygen', '-k', 'other.key', '--no-password'))
  ok(minisign(['-Sm', `late/${MANIFEST}`, '-s', 'other.key']))
  refused(checkSet('late'), new RegExp(`签名用的是钥匙 ${keyId(readFileSync(at('other.pub')))}，这里只信 ${keyId(readFileSync(at('office.pub')))}`))

  rmSync(at(`${signedSet('unsigned')}/${SIGNATURE}`))
  refused(checkSet('unsigned'), /缺少 packs\.manifest\.json\.minisig/)
  rmSync(at(`${signedSet('missing')}/minhang-long-prescription.plan.json`))
  refused(checkSet('missing'), /缺少 minhang-long-prescription\.plan\.json/)
  writeFileSync(at(`${signedSet('nonsense')}/${SIGNATURE}`), 'nonsense')
  refused(checkSet('nonsense'), /不是 minisign 签名/)
  refused(yibao('verify', 'late/root.1.json', '-p', 'other.key'), /给成了私钥/)
  refused(yibao('verify', 'made', '-r', `1:${'0'.repeat(64)}`), /不是所信任的那个信任根/)
  refused(yibao('verify', 'made', '-r', '1:abc'), /要写成“版本:SHA-256”/)
})

test('the last good packs are kept, and no older version replaces them', () => {
  const files = () => Object.fromEntries(readdirSync(at('kept'), { recursive: true }).filter(name => statSync(at(`kept/${name}`)).isFile()).map(name => [name, readFileSync(at(`kept/${name}`), 'latin1')]))
  ok(checkSet(signedSet('first'), '--kept', 'kept'))
  cpSync(at('first'), at('second'), { recursive: true })
  assert.match(ok(yibao('build', ...packs, '-o', 'second', '--expires', '2028-01-01', '--today', '2026-12-01')), /第 2 版/)
  refused(checkSet('second', '--kept', 'kept'), /文件与签名时不一样[^]*继续使用 kept 里的第 1 版/)
  ok(yibao('sign', 'second', '-k', 'office.key'))
  ok(checkSet('second', '--kept', 'kept'))
  const good = files()
  assert.deepEqual(Object.keys(good).sort(), ['current', ...readdirSync(at('second')).map(name => `v1.2/${name}`)].sort())
  refused(checkSet('first', '--kept', 'kept'), /第 1 版，以前已经接受过第 2 版，不能退回[^]*继续使用 kept 里的第 2 版/)
  assert.deepEqual(files(), good)
  // Another set under the number of the kept one.
  cpSync(at('first'), at('twin'), { recursive: true })
  ok(yibao('build', packs[0], '-o', 'twin', '--expires', '2029-01-01', '--today', '2026-12-01'))
  ok(yibao('sign', 'twin', '-k', 'office.key'))
  refused(checkSet('twin', '--kept', 'kept'), /版本号相同，内容不同/)
  // A kept set that has itself expired, or was altered, is not used; its version counts on.
  refused(checkSet('first', '--kept', 'kept', '--today', '2028-01-02'), /已经过期/)
  appendFileSync(at('kept/v1.2/anhui-suzhou-resident.plan.json'), ' ')
  const result = checkSet('first', '--kept', 'kept')
  refused(result, /不能退回/)
  assert.doesNotMatch(result.stderr, /继续使用/)
  ok(checkSet('second', '--kept', 'kept'))
  assert.deepEqual(files(), good)
  // What was accepted is known from one line. Whatever becomes of it, no older version comes in and nothing is deleted.
  const line = readFileSync(at('kept/current'), 'latin1')
  for (const damaged of ['', '\n', 'nothing', line.trim(), `${line}\n`, line.replace('v1.2', 'v1.1'), line.replace(/ 2 /, ' 1 '), 'v1.1\n', undefined]) {
    if (damaged === undefined) rmSync(at('kept/current'))
    else writeFileSync(at('kept/current'), damaged)
    refused(checkSet('first', '--kept', 'kept'), /不见了或已损坏，分不清新旧版本/)
    refused(checkSet('second', '--kept', 'kept'), /不见了或已损坏/)
    assert.deepEqual({ ...files(), current: line }, good)
  }
  writeFileSync(at('kept/current'), line)
  for (const file of readdirSync(at('kept/v1.2'))) {
    const path = at(`kept/v1.2/${file}`)
    writeFileSync(path, '')
    refused(checkSet('first', '--kept', 'kept'), /不能退回/)
    rmSync(path)
    refused(checkSet('first', '--kept', 'kept'), /不能退回/)
    assert.ok(existsSync(at('kept/v1.2')))
    ok(checkSet('second', '--kept', 'kept'))
    assert.deepEqual(files(), good)
  }
})

test('the last day ends at midnight in China, whatever the machine calls the day', () => {
  const set = signedSet('clock')
  writeFileSync(at('clock.mjs'), 'const Real = Date, now = Real.parse(process.env.NOW)\nglobalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(now) } static now() { return now } }\n')
  const verifyAt = NOW => spawnSync(process.execPath, ['--import', './clock.mjs', join(root, 'www/bin/yibao.mjs'), 'pack', 'verify', set, '-r', 'made/root.1.json'], { cwd: folder, encoding: 'utf8', env: { ...process.env, LANG: 'zh_CN.UTF-8', LC_ALL: '', TZ: 'America/Los_Angeles', NOW } })
  ok(verifyAt('2027-06-30T15:59:59Z'))
  refused(verifyAt('2027-06-30T16:00:00Z'), /有效期到 2027-06-30，今天是 2027-07-01，已经过期/)
})

test('a version goes forward only, a key is never overwritten, a date is a date', () => {
  signedSet('again')
  const build = (...more) => yibao('build', packs[0], '-o', 'again', '--today', '2026-12-01', ...more)
  for (const [args, expected] of [
    [['--expires', '2027-06-30', '--version', '1'], /不小于 2 的整数，给了 `1`/],
    [['--expires', '2027-06-30', '--version', '二'], /不小于 2 的整数/],
    [['--expires', '2026-02-30'], /2027-06-30 这样的日期/],
    [['--expires', '明年'], /2027-06-30 这样的日期/],
    [['--expires', '2020-01-01'], /已经过去/],
    [[], /缺少 --expires/],
  ]) {
    const { status, stderr } = build(...args)
    assert.equal(status, 2, stderr)
    assert.match(stderr, expected)
  }
  assert.match(ok(build('--expires', '2027-06-30', '--version', '9')), /第 9 版/)
  assert.match(yibao('keygen', '-k', 'office.key', '--no-password').stderr, /不覆盖钥匙/)
  assert.match(yibao('sign', 'again', '-k', 'office.pub').stderr, /是公钥，签名要用私钥/)
  assert.match(yibao('signs').stderr, /`pack` 不能是 `signs`/)
})

test('inspect says what something is, and that nothing is proved by it', () => {
  signedSet('shown')
  const key = keyId(readFileSync(at('office.pub')))
  assert.match(ok(yibao('inspect', 'shown')), new RegExp(`version +1\\n[^]*${key} \\(not verified\\)[^]*anhui-suzhou-resident`))
  assert.match(ok(yibao('inspect', packs[0])), /digest +[0-9a-f]{64}/)
  assert.match(ok(yibao('inspect', `shown/${SIGNATURE}`)), new RegExp(key))
  const { packs: listed } = JSON.parse(ok(yibao('inspect', 'shown', '--json')))
  assert.match(ok(yibao('inspect', 'shown/root.1.json')), /pin +1:[0-9a-f]{64}\n[^]*root keys +1 \/ 1/)
  for (const { id, sha256: digest, bytes } of listed) {
    const content = readFileSync(at(`shown/${planFile(id)}`))
    assert.deepEqual([bytes, digest], [content.length, sha256(content)])
  }
})

test('the digest is the SHA-256 of the canonical form, which comments and order leave alone and a figure does not', () => {
  const canonical = pack => ok(yibao('inspect', pack, '--canonical'))
  const digest = pack => JSON.parse(ok(yibao('inspect', pack, '--json'))).digest
  for (const pack of packs) assert.equal(sha256(canonical(pack)), digest(pack))
  const text = readFileSync(join(packs[0], 'pack.yaml'), 'utf8')
  const put = (name, content) => {
    mkdirSync(at(name), { recursive: true })
    writeFileSync(at(`${name}/pack.yaml`), content)
    return name
  }
  const [header, rest] = [text.slice(0, text.indexOf('\nsources:')), text.slice(text.indexOf('\nsources:'))]
  assert.equal(canonical(put('reordered', `# a comment\n${rest}\n\n${header}\n`)), canonical(packs[0]))
  assert.notEqual(digest(put('other-figure', text.replaceAll('200元', '210元'))), digest(packs[0]))
  assert.match(yibao('inspect', `${signedSet('plans')}/anhui-suzhou-resident.plan.json`, '--canonical').stderr, /要政策包的原文/)
})

