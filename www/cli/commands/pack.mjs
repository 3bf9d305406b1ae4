// yibao pack: compiled packs, their manifest, signatures.

import { existsSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { EXIT, Failure, misuse } from '../exit.mjs'
import { choice } from '../args.mjs'
import { writeTogether } from '../atomic.mjs'
import { loadFailure } from '../errno.mjs'
import { isFolder } from '../files.mjs'

export const name = 'pack'
export const summary = { zh: '政策包的编译、签名、验证、查看', en: 'build, sign, verify and inspect packs' }
export const usage = [
  'keygen -k KEY [--no-password]',
  'root -o FOLDER --root-key PUBLIC_KEY... --pack-key PUBLIC_KEY... --expires DAY',
  'build PACK... -o FOLDER --expires DAY [--version N]',
  'sign FILE|FOLDER -k KEY [--comment TEXT] [--sm2 KEY]',
  'verify FOLDER -r ROOT [--kept FOLDER] [--sm2 PUBLIC_KEY]',
  'verify FILE -p PUBLIC_KEY [--sm2 PUBLIC_KEY]',
  'inspect PACK|FILE|FOLDER [--canonical]',
]
export const options = {
  key: { type: 'string', short: 'k', value: 'FILE', help: { zh: '私钥文件（minisign 格式）；公钥在旁边的 .pub', en: 'secret key (minisign); the public one is beside it as .pub' } },
  'public-key': { type: 'string', short: 'p', multiple: true, value: 'FILE', help: { zh: '公钥文件，或公钥本身；可给多个', en: 'public key, as a file or as it is; may be given more than once' } },
  root: { type: 'string', short: 'r', value: 'ROOT', help: { zh: '信任根：它的文件，或“版本:SHA-256”', en: 'the root that is trusted: its file, or VERSION:SHA-256' } },
  'root-key': { type: 'string', multiple: true, value: 'FILE', help: { zh: '信任根的公钥（锁在保险柜里的）；可给多个', en: 'public key of the root (the one in the safe); may be given more than once' } },
  'pack-key': { type: 'string', multiple: true, value: 'FILE', help: { zh: '签清单的公钥（经办人的）；可给多个', en: 'public key that signs manifests (the clerk\'s); may be given more than once' } },
  'root-threshold': { type: 'string', value: 'N', help: { zh: '信任根要几把钥匙签（默认 1）', en: 'how many keys have to sign a root (1)' } },
  'pack-threshold': { type: 'string', value: 'N', help: { zh: '清单要几把钥匙签（默认 1）', en: 'how many keys have to sign a manifest (1)' } },
  'password-file': { type: 'string', value: 'FILE', help: { zh: '私钥密码在这个文件的第一行', en: 'password of the secret key: the first line of this file' } },
  'no-password': { type: 'boolean', help: { zh: '新私钥不设密码', en: 'the new secret key has no password' } },
  output: { type: 'string', short: 'o', value: 'FOLDER', help: { zh: '编译结果放在这里', en: 'where to build' } },
  version: { type: 'string', value: 'N', help: { zh: '清单（或信任根）的版本号，只能往前（默认加 1）', en: 'version of the manifest or root, only forward (one more)' } },
  expires: { type: 'string', value: 'DAY', help: { zh: '有效到哪一天（北京时间当天结束），如 2027-06-30', en: 'last day on which it is valid, such as 2027-06-30; the day ends in China' } },
  comment: { type: 'string', value: 'TEXT', help: { zh: '可信注释（一起签名）', en: 'trusted comment, signed with the file' } },
  sm2: { type: 'string', value: 'FILE', help: { zh: '再加（或再验）一个国密 SM2 签名：PEM 私钥（或公钥）', en: 'a second signature, SM2: its PEM key, secret to sign, public to verify' } },
  kept: { type: 'string', value: 'FOLDER', help: { zh: '最后一套合格的政策包保存在这里', en: 'where the last good packs are kept' } },
  today: { type: 'string', value: 'DAY', help: { zh: '当作今天的日期', en: 'the day to take for today' } },
  canonical: { type: 'boolean', help: { zh: '写出政策包的规范形式（它的 SHA-256 就是摘要）', en: 'write the canonical form of a pack (its SHA-256 is the digest)' } },
  json: { type: 'boolean', help: { zh: '用 JSON 写结果', en: 'results as JSON' } },
}
export const details = {
  zh: 'verify 文件夹：信任根、清单和其中全部文件都要合格。带 --kept：全部合格才替换保存的那一套，不合格就继续用保存的那一套\n并以退出码 5 结束。签名与 minisign 互通：minisign -Vm 文件 -p 公钥。步骤见 docs/signing.md。',
  en: 'verify FOLDER checks root, manifest and all its files. With --kept the set replaces the kept one only if all of it is\ngood; else the kept one stays in use and the exit code is 5. Signatures are those of minisign: minisign -Vm FILE -p KEY.\nStep by step: docs/signing.md.',
}

const ACTIONS = { keygen, root, build, sign, verify, inspect }

export async function run(context) {
  const [action, ...rest] = context.args
  if (action === undefined) throw misuse('wrong-arguments', { zh: `\`pack\` 后面要写 ${Object.keys(ACTIONS).join(' ')} 之一`, en: `\`pack\` expects one of ${Object.keys(ACTIONS).join(' ')}` })
  choice('pack', action, Object.keys(ACTIONS))
  return ACTIONS[action](context, rest)
}

const verifier = async () => {
  try {
    return await import('../../dist/signatures-node.js')
  } catch (error) {
    throw loadFailure(error)
  }
}

function needed(context, option) {
  const given = context.options[option]
  if (given !== undefined) return given
  throw misuse('missing-option', { zh: `缺少 --${option}`, en: `--${option} is missing` })
}

function one(given, action, what) {
  if (given.length === 1) return given[0]
  throw misuse('wrong-arguments', { zh: `\`pack ${action}\` 要一个${what.zh}，给了 ${given.length} 个`, en: `\`pack ${action}\` takes one ${what.en}, found ${given.length}` })
}

async function today({ options }) {
  const { chinaDay, isDay } = await verifier()
  const { today: day = chinaDay() } = options
  if (isDay(day)) return day
  throw misuse('bad-date', { zh: `--today 要写成 2027-06-30 这样的日期，给了 \`${day}\``, en: `--today expects a day such as 2027-06-30, found \`${day}\`` })
}

const EXPECTED = { zh: '文件或文件夹', en: 'file or folder' }
const FILE = { zh: '文件', en: 'file' }
const KEY = { zh: '钥匙', en: 'key' }
const ROOT = { zh: '信任根', en: 'root' }
const SIGNATURE_FILE = { zh: '签名', en: 'signature' }

/** The file that is signed for an argument: of a folder its manifest. */
async function signedFile(given) {
  const { MANIFEST } = await verifier()
  if (!isFolder(given)) return given
  const manifest = join(given, MANIFEST)
  if (existsSync(manifest)) return manifest
  throw misuse('no-manifest', { zh: `文件夹 \`${given}\` 里没有 ${MANIFEST}`, en: `the folder \`${given}\` has no ${MANIFEST}` }, { help: { zh: '先运行 yibao pack build', en: 'run yibao pack build first' } })
}

async function keygen(context, rest) {
  if (rest.length > 0) throw misuse('wrong-arguments', { zh: '`pack keygen` 不带参数，只要 -k', en: '`pack keygen` takes no argument but -k' })
  const file = needed(context, 'key')
  const publicFile = `${file.replace(/\.key$/, '')}.pub`
  for (const taken of [file, publicFile]) if (existsSync(taken)) throw misuse('exists', { zh: `\`${taken}\` 已经有了，不覆盖钥匙`, en: `\`${taken}\` exists; a key is not overwritten` })
  await verifier()
  const { generate } = await import('../signing/minisign.mjs')
  const { askPassword } = await import('../signing/password.mjs')
  const { 'no-password': open, 'password-file': from } = context.options
  const { id, publicText, secretText } = generate(open ? undefined : await askPassword(context, { file: from, twice: true }))
  writeTogether([[publicFile, publicText, { exclusive: true }], [file, secretText, { exclusive: true, mode: 0o600 }]])
  context.out({ zh: `钥匙 ${id}：私钥 ${file}（请保密），公钥 ${publicFile}`, en: `key ${id}: secret in ${file} (keep it so), public in ${publicFile}` })
}

/** The 56 characters of public keys. */
async function keyLines(context, option) {
  const { keyId } = await verifier()
  const { refusing } = await import('../signing/refusal.mjs')
  return Promise.all(needed(context, option).map(async given => {
    const text = keyText(context, given)
    await refusing(given, () => keyId(text))
    return text.trimEnd().split(/\r?\n/).at(-1)
  }))
}

async function root(context, rest) {
  if (rest.length > 0) throw misuse('wrong-arguments', { zh: `\`pack root\` 后面只有选项，给了 \`${rest[0]}\``, en: `\`pack root\` takes options only, found \`${rest[0]}\`` })
  const [folder, expires] = [needed(context, 'output'), needed(context, 'expires')]
  const [rootKeys, packKeys] = [await keyLines(context, 'root-key'), await keyLines(context, 'pack-key')]
  const { nextRoot } = await import('../signing/root.mjs')
  const { version, 'root-threshold': rootThreshold, 'pack-threshold': packThreshold } = context.options
  const made = await nextRoot(folder, { rootKeys, packKeys, rootThreshold, packThreshold, version, expires, today: await today(context) })
  if (context.options.json) return context.json(made)
  context.out(made.pin)
  context.out({ zh: `${made.file}：第 ${made.version} 版信任根，等待签名（yibao pack sign ${made.file} -k 私钥）`, en: `${made.file}: root ${made.version}, to be signed (yibao pack sign ${made.file} -k KEY)` })
}

async function build(context, packs) {
  if (packs.length === 0) throw misuse('wrong-arguments', { zh: '`pack build` 至少要一个 PACK', en: '`pack build` expects a PACK at least' })
  const [folder, expires] = [needed(context, 'output'), needed(context, 'expires')]
  await verifier()
  const { buildSet } = await import('../signing/build.mjs')
  const rules = []
  for (const given of packs) rules.push((await context.loadPack(given)).rules)
  const set = await buildSet(folder, rules, { version: context.options.version, expires, today: await today(context) })
  if (context.options.json) return context.json(set)
  for (const { id, revision, digest } of set.packs) context.out(`${digest}  ${id} ${revision}`)
  context.out({ zh: `${folder}：清单第 ${set.version} 版，${set.packs.length} 个政策包，有效到 ${set.expires}`, en: `${folder}: manifest version ${set.version}, ${set.packs.length} packs, valid until ${set.expires}` })
}

async function sign(context, rest) {
  const given = one(rest, 'sign', EXPECTED)
  const keyFile = needed(context, 'key')
  const file = await signedFile(given)
  const { askPassword } = await import('../signing/password.mjs')
  const { readSecretKey, signed } = await import('../signing/minisign.mjs')
  const { refusing } = await import('../signing/refusal.mjs')
  const comment = context.options.comment ?? `timestamp:${Math.floor(Date.now() / 1000)}\tfile:${basename(file)}\thashed`
  if (/[\r\n]/.test(comment)) throw misuse('bad-option', { zh: '--comment 只能有一行', en: '--comment takes one line' })
  const bytes = context.read(file, FILE)
  const key = await readSecretKey(context.readText(keyFile, KEY), keyFile, () => askPassword(context, { file: context.options['password-file'] }))
  const text = signed(bytes, key, comment)
  // What was written is read by those who verify: so it is here, before it is handed out.
  const { verify } = await verifier()
  await refusing(file, () => verify(bytes, text, key.publicText))
  const { isDocument, withSignature } = await import('../signing/documents.mjs')
  const target = `${file}.minisig`
  const former = existsSync(target) ? context.readText(target, SIGNATURE_FILE) : undefined
  context.write(target, isDocument(file) ? await withSignature(file, bytes, key, text, former) : text)
  await signAgain(context, file, bytes)
  context.out({ zh: `${file}.minisig：钥匙 ${key.shown} 已签名`, en: `${file}.minisig: signed with key ${key.shown}` })
}

/** The second signature, where one is asked for. */
async function signAgain(context, file, bytes) {
  const keyFile = context.options.sm2
  if (keyFile === undefined) return
  const { ENDING, signSm2 } = await import('../signing/sm2.mjs')
  context.write(`${file}${ENDING}`, await signSm2(bytes, context.readText(keyFile, KEY), keyFile))
  context.out({ zh: `${file}${ENDING}：国密签名`, en: `${file}${ENDING}: SM2 signature` })
}

async function verifyAgain(context, file) {
  const keyFile = context.options.sm2
  if (keyFile === undefined) return
  const { ENDING, verifySm2 } = await import('../signing/sm2.mjs')
  const path = `${file}${ENDING}`
  if (!existsSync(path)) throw new Failure(EXIT.INTEGRITY, 'unsigned', { zh: `\`${file}\` 没有国密签名（缺少 ${basename(path)}）`, en: `\`${file}\` has no SM2 signature (there is no ${basename(path)})` })
  await verifySm2(context.read(file, FILE), context.read(path, SIGNATURE_FILE), context.readText(keyFile, KEY), keyFile, file)
}

/** A public key: a file, or its 56 characters. */
const keyText = (context, given) => (/^RW[A-Za-z0-9+/]{54}$/.test(given) ? given : context.readText(given, KEY))

async function verify(context, rest) {
  const given = one(rest, 'verify', EXPECTED)
  const { kept } = context.options
  if (isFolder(given)) return verifyFolder(context, given, kept)
  const [file, keys] = [given, needed(context, 'public-key').map(key => keyText(context, key))]
  await verifyAgain(context, file)
  if (kept !== undefined) throw misuse('bad-option', { zh: '--kept 只用于含清单的文件夹', en: '--kept is for a folder with a manifest' })
  const { verify } = await verifier()
  const { refusing } = await import('../signing/refusal.mjs')
  const bytes = context.read(file, FILE)
  const { key, comment } = await refusing(file, () => verify(bytes, signatureOf(context, file), keys))
  if (context.options.json) return context.json({ file, key, comment })
  context.out({ zh: `${file}：签名有效，钥匙 ${key}，可信注释：${comment}`, en: `${file}: the signature holds, key ${key}, trusted comment: ${comment}` })
}

function signatureOf(context, file) {
  const path = `${file}.minisig`
  if (!existsSync(path)) throw new Failure(EXIT.INTEGRITY, 'unsigned', { zh: `\`${file}\` 没有签名（缺少 ${basename(path)}）`, en: `\`${file}\` is not signed (there is no ${basename(path)})` })
  return context.readText(path, SIGNATURE_FILE)
}

/** The root that is trusted: as it is given, or that of a file. */
async function trusted(context) {
  const given = needed(context, 'root')
  if (/^[1-9]\d*:/.test(given)) return given
  const { pinOf } = await verifier()
  const { refusing } = await import('../signing/refusal.mjs')
  return refusing(given, () => pinOf(context.read(given, ROOT)))
}

async function verifyFolder(context, folder, keptFolder) {
  const pin = await trusted(context)
  const { MANIFEST, openPacks } = await verifier()
  const { keptIn } = await import('../signing/kept.mjs')
  const { readerOf } = await import('../signing/folder.mjs')
  const { refusal, refusing } = await import('../signing/refusal.mjs')
  if (context.options.sm2 !== undefined) await verifyAgain(context, join(folder, MANIFEST))
  const kept = keptFolder === undefined ? undefined : keptIn(keptFolder)
  const day = await today(context)
  const { manifest, problem } = await refusing(folder, () => openPacks({ read: readerOf(folder), kept, root: pin, today: day }))
  const { version, expires, packs, signedBy } = manifest
  if (context.options.json) context.json({ root: manifest.pin, version, expires, signedBy, packs, ...(problem && { problem: problem.message }) })
  if (problem !== undefined) {
    const refused = refusal(folder, problem)
    if (!refused.text) throw refused
    throw new Failure(EXIT.INTEGRITY, refused.code, refused.text, { help: { zh: `继续使用 ${keptFolder} 里的第 ${version} 版`, en: `version ${version} in ${keptFolder} stays in use` }, cause: problem })
  }
  if (context.options.json) return
  for (const { id, revision, digest } of packs) context.out(`${digest}  ${id} ${revision}`)
  const by = signedBy.map(({ key }) => key)
  context.out({ zh: `${folder}：第 ${manifest.root} 版信任根，清单第 ${version} 版，签名和 ${packs.length} 个文件都对，有效到 ${expires}，钥匙 ${by.join('、')}`, en: `${folder}: root ${manifest.root}, manifest version ${version}, signatures and ${packs.length} files hold, valid until ${expires}, signed by ${by.join(', ')}` })
}

async function inspect(context, rest) {
  const given = one(rest, 'inspect', { zh: '政策包、文件或文件夹', en: 'pack, file or folder' })
  if (context.options.canonical) return canonical(context, given)
  const found = await inspected(context, given)
  if (context.options.json) return context.json(found)
  for (const [label, value] of Object.entries(found)) {
    const lines = [value].flat().map(line => (typeof line === 'string' || typeof line === 'number' ? line : Object.values(line).join('  ')))
    lines.forEach((line, i) => context.out(`${(i === 0 ? label : '').padEnd(14)} ${line}`))
  }
}

/** The canonical form as it is digested, to the byte. */
async function canonical(context, given) {
  const { bytes, options, isPlan } = context.openPack(given)
  if (isPlan) throw misuse('bad-option', { zh: '--canonical 要政策包的原文（pack.yaml），不是编译结果', en: '--canonical takes a pack as text, not a plan' })
  await context.loadPack(given)
  context.write(undefined, (await context.engine()).canonicalPack(bytes, options))
}

async function inspected(context, given) {
  const { MANIFEST, keyId, parseManifest, parseRoot, pinOf, sha256, signatureKey, signaturesOf } = await verifier()
  const { refusing } = await import('../signing/refusal.mjs')
  const file = isFolder(given) && existsSync(join(given, MANIFEST)) ? join(given, MANIFEST) : given
  const isText = existsSync(file) && statSync(file).isFile()
  if (isText && file.endsWith('.minisig')) {
    const all = await refusing(file, () => signaturesOf(context.readText(file, SIGNATURE_FILE)))
    return { kind: 'signature', file, key: all.map(signatureKey), 'not verified': all.map(text => text.split('\n')[2]) }
  }
  if (isText && file.endsWith('.pub')) return { kind: 'public key', file, key: await refusing(file, () => keyId(context.readText(file, KEY))) }
  if (isText && basename(file) === MANIFEST) {
    const bytes = context.read(file, FILE)
    const { root, version, expires, packs } = await refusing(file, () => parseManifest(bytes))
    return { kind: 'manifest', file, sha256: sha256(bytes), root, version, expires, 'signed by': signerOf(file, context, await verifier()), packs }
  }
  if (isText && /^root\.\d+\.json$/.test(basename(file))) {
    const bytes = context.read(file, ROOT)
    const { version, expires, rootKeys, packKeys } = await refusing(file, () => parseRoot(bytes))
    const keys = ({ threshold, keys }) => [`${threshold} / ${keys.length}`, ...keys.map(keyId)]
    return { kind: 'root', file, pin: pinOf(bytes), version, expires, 'root keys': keys(rootKeys), 'pack keys': keys(packKeys), 'signed by': signerOf(file, context, await verifier()) }
  }
  const { rules, path } = await context.loadPack(given)
  const { pack, digest, sources } = JSON.parse(rules.planJson())
  return {
    kind: 'pack', file: path, id: pack.id, revision: pack.revision, title: pack.title.zh, status: pack.status, digest,
    evidence: pack.evidenceDate ?? '-', reviewed: pack.reviewedBy ? `${pack.reviewedBy} ${pack.reviewedOn}` : '-',
    services: rules.services.map(({ id, title }) => `${id} ${title.zh}`),
    sources: sources.map(({ id, title, number, issued }) => [id, title, number, issued].filter(Boolean).join(' ')),
    'signed by': signerOf(path, context, await verifier()),
  }
}

/** The keys that the signatures beside a file name; not verified. */
function signerOf(file, context, { signatureKey, signaturesOf }) {
  const path = `${file}.minisig`
  if (!existsSync(path)) return '-'
  try {
    return `${signaturesOf(context.readText(path, SIGNATURE_FILE)).map(signatureKey).join(' ')} (not verified)`
  } catch (error) {
    return `? (${error.message})`
  }
}
