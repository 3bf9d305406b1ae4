import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MANIFEST, SIGNATURE, keyId, openPacks, sha256, verify } from '../../../www/dist/signatures-node.js'
import { generate, readSecretKey, signed } from '../../../www/cli/signing/minisign.mjs'
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
    ok(yibao('keygen', '-k', 'office.key', '--no-password'))
    ok(yibao('build', ...packs, '-o', 'made', '--expires', '2027-06-30', '--today', '2026-11-22'))
    ok(yibao('sign', 'made', '-k', 'office.key', '--comment', '第1版'))
    made = at('made')
  }
  cpSync(made, at(name), { recursive: true })
  return name
}
const checkSet = (set, ...more) => yibao('verify', set, '-p', 'office.pub', '--today', '2026-12-01', ...more)

test('minisign accepts what yibao signs, and yibao what minisign signs', () => {
  signedSet('both-ways')
  assert.match(ok(minisign(['-Vm', `both-ways/${MANIFEST}`, '-p', 'office.pub'])), /Trusted comment: 第1版/)
  ok(minisign(['-G', '-W', '-p', 'theirs.pub', '-s', 'theirs.key']))
  ok(minisign(['-Sm', `both-ways/${MANIFEST}`, '-s', 'theirs.key', '-t', 'from minisign']))
  assert.match(ok(yibao('verify', `both-ways/${MANIFEST}`, '-p', 'theirs.pub')), /from minisign/)
  assert.match(ok(yibao('verify', 'both-ways', '-p', 'office.pub', '-p', 'theirs.pub', '--today', '2026-12-01')), /2 个文件都对/)
  ok(yibao('sign', 'both-ways', '-k', 'theirs.key'))
  ok(minisign(['-Vm', `both-ways/${MANIFEST}`, '-p', 'theirs.pub']))
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
  // The minisign signature still holds; the second one is of other bytes, is none, or is not there.
  for (const bytes of [readFileSync(at('office.pub')), Buffer.from('x')]) {
    writeFileSync(at(`${file}.sm2`), bytes)
    refused(checkSet(set, '--sm2', 'sm2-other.pub'), /国密签名不对/)
  }
  rmSync(at(`${file}.sm2`))
  refused(checkSet(set, '--sm2', 'sm2-other.pub'), /没有国密签名/)
  ok(checkSet(set))
  for (const [key, said] of [['office.pub', /不是 SM2 公钥/], ['sm2.pem', /不是 SM2 公钥/]]) {
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
  appendFileSync(at(manifest), ' ')
  refused(checkSet('manifest'), /文件与签名时不一样/)

  const comment = `${signedSet('comment')}/${SIGNATURE}`
  writeFileSync(at(comment), readFileSync(at(comment), 'utf8').replace('第1版', '第9版'))
  refused(checkSet('comment'), /可信注释被改动过/)

  ok(checkSet(signedSet('late'), '--today', '2027-06-30'))
  refused(checkSet('late', '--today', '2027-07-01'), /有效期到 2027-06-30，今天是 2027-07-01，已经过期/)

  ok(yibao('keygen', '-k', 'other.key', '--no-password'))
  refused(yibao('verify', 'late', '-p', 'other.pub'), new RegExp(`签名用的是钥匙 ${keyId(readFileSync(at('office.pub')))}，这里只信 ${keyId(readFileSync(at('other.pub')))}`))

  rmSync(at(`${signedSet('unsigned')}/${SIGNATURE}`))
  refused(checkSet('unsigned'), /缺少 packs\.manifest\.json\.minisig/)
  rmSync(at(`${signedSet('missing')}/minhang-long-prescription.plan.json`))
  refused(checkSet('missing'), /缺少 minhang-long-prescription\.plan\.json/)
  writeFileSync(at(`${signedSet('nonsense')}/${SIGNATURE}`), 'nonsense')
  refused(checkSet('nonsense'), /不是 minisign 签名/)
  refused(yibao('verify', 'late', '-p', 'other.key'), /给成了私钥/)
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
  assert.deepEqual(Object.keys(good).sort(), ['current', ...readdirSync(at('second')).map(name => `v2/${name}`)].sort())
  refused(checkSet('first', '--kept', 'kept'), /第 1 版，以前已经接受过第 2 版，不能退回[^]*继续使用 kept 里的第 2 版/)
  assert.deepEqual(files(), good)
  // Another set under the number of the kept one.
  cpSync(at('first'), at('twin'), { recursive: true })
  ok(yibao('build', packs[0], '-o', 'twin', '--expires', '2029-01-01', '--today', '2026-12-01'))
  ok(yibao('sign', 'twin', '-k', 'office.key'))
  refused(checkSet('twin', '--kept', 'kept'), /版本号相同，内容不同/)
  // A kept set that has itself expired, or was altered, is not used; its version counts on.
  refused(checkSet('first', '--kept', 'kept', '--today', '2028-01-02'), /已经过期/)
  appendFileSync(at('kept/v2/anhui-suzhou-resident.plan.json'), ' ')
  const result = checkSet('first', '--kept', 'kept')
  refused(result, /不能退回/)
  assert.doesNotMatch(result.stderr, /继续使用/)
  ok(checkSet('second', '--kept', 'kept'))
  assert.deepEqual(files(), good)
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
  for (const { file, sha256: digest, bytes } of listed) {
    const content = readFileSync(at(`shown/${file}`))
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

test('a browser holds the last good set in whatever it has', async () => {
  const pair = generate()
  const key = await readSecretKey(pair.secretText, 'key')
  const store = { held: undefined, get() { return this.held }, put({ files }) { this.held = files } }
  const offer = (version, plan, expires = '2027-06-30') => {
    const manifest = JSON.stringify({ manifest: 1, version, expires, packs: [{ id: 'p', revision: '1', digest: 'a'.repeat(64), file: 'p.plan.json', bytes: plan.length, sha256: sha256(plan) }] })
    return { [MANIFEST]: manifest, [SIGNATURE]: signed(Buffer.from(manifest), key, 'v'), 'p.plan.json': plan }
  }
  const open = files => openPacks({ read: name => files[name], kept: store, keys: pair.publicText, today: '2026-12-01' })
  assert.equal((await open(offer(3, 'three'))).files.get('p.plan.json'), 'three')
  const older = await open(offer(2, 'two'))
  assert.deepEqual([older.files.get('p.plan.json'), older.problem.code], ['three', 'rolled-back'])
  const altered = await open({ ...offer(4, 'four'), 'p.plan.json': 'fuor' })
  assert.deepEqual([altered.manifest.version, altered.problem.code], [3, 'altered'])
  const gone = await open({})
  assert.deepEqual([gone.manifest.version, gone.problem.code], [3, 'wrong-type'])
  assert.equal((await open(offer(4, 'four'))).problem, undefined)
  await assert.rejects(openPacks({ read: name => offer(5, 'five', '2026-11-30')[name], keys: [pair.publicText], today: '2026-12-01' }), { code: 'expired' })
  assert.throws(() => verify('x', offer(1, 'x')[SIGNATURE], []), { code: 'other-key' })
})

test('a manifest that reaches out of its folder or is none is refused', async () => {
  const pair = generate()
  const key = await readSecretKey(pair.secretText, 'key')
  const entry = { id: 'p', revision: '1', digest: 'a'.repeat(64), file: 'p', bytes: 1, sha256: 'b'.repeat(64) }
  const good = { manifest: 1, version: 1, expires: '2027-06-30', packs: [entry] }
  const bad = [
    { ...good, packs: [{ ...entry, file: '../p' }] }, { ...good, packs: [{ ...entry, file: 'a/b' }] }, { ...good, packs: [{ ...entry, file: '.hidden' }] },
    { ...good, packs: [{ ...entry, file: 'c:\\p' }] }, { ...good, packs: [entry, entry] }, { ...good, packs: [null] }, { ...good, packs: {} },
    { ...good, version: 0 }, { ...good, version: 1.5 }, { ...good, version: '1' }, { ...good, expires: '2027-13-01' }, { ...good, manifest: 2 }, null, [], 'x',
  ]
  for (const manifest of bad) {
    const text = JSON.stringify(manifest)
    const files = { [MANIFEST]: text, [SIGNATURE]: signed(Buffer.from(text), key, 'v') }
    await assert.rejects(openPacks({ read: name => files[name], keys: pair.publicText, today: '2026-12-01' }), { code: 'bad-manifest' }, text)
  }
})
