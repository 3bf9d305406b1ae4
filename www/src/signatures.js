// Signed packs. A root says whose signatures count; a manifest lists the packs and is signed as the root demands; both
// have one way of being written, so nothing in them can be read in two ways. Command, services and pages call this.
// Signatures and digests are checked by a Wasm module of its own; whoever does not verify loads nothing of it.

import * as glue from './signatures/yibao.js'
import { bytesOf as bytesIn } from './bytes.js'
import { fetchDirectly } from './direct.js'
import { Engine } from './engine.js'
import { YibaoError } from './error.js'

export { YibaoError } from './error.js'

export const MANIFEST = 'packs.manifest.json'
export const signatureFile = name => `${name}.minisig`
export const SIGNATURE = signatureFile(MANIFEST)
export const rootFile = version => `root.${version}.json`
export const planFile = id => `${id}.plan.json`

const engine = new Engine(glue, { wasm: () => fetchDirectly(new URL('./signatures/yibao_bg.wasm', import.meta.url)) })

export const init = async ({ wasm } = {}) => { await engine.init({ wasm }) }
export const initSync = module => engine.initSync(module)

/** Calls into the module; what it refuses becomes an error with its code. */
function call(work) {
  return engine.call(glue => {
    try {
      return work(glue)
    } catch (thrown) {
      if (typeof thrown !== 'string') throw thrown
      const colon = thrown.indexOf(': ')
      throw YibaoError.of(thrown.slice(0, colon), thrown.slice(colon + 2))
    }
  })
}

const bytesOf = (content, what) => {
  const bytes = bytesIn(content)
  if (bytes !== undefined) return bytes
  if (typeof content === 'string') return new TextEncoder().encode(content)
  throw YibaoError.of('wrong-type', `found ${typeof content} where the bytes of ${what} are expected`)
}

const textOf = (content, what) => (typeof content === 'string' ? content : new TextDecoder().decode(bytesOf(content, what)))

export const keyId = key => call(glue => glue.keyId(textOf(key, 'a key')))
export const signatureKey = signature => call(glue => glue.signatureKey(textOf(signature, 'a signature')))
export const sha256 = content => call(glue => glue.sha256(bytesOf(content, 'a file')))
/** For those who read minisign's secret keys. */
export const blake2b256 = content => call(glue => glue.blake2b256(bytesOf(content, 'a key')))

/** Who signed this file, of these public keys. */
export function verify(file, signature, keys) {
  const text = textOf(signature, 'a signature')
  const by = signatureKey(text)
  const ids = Array.from([keys].flat(), key => [keyId(key), textOf(key, 'a key')])
  const key = ids.find(([id]) => id === by)
  const expected = ids.map(([id]) => id).join(' or ')
  if (key === undefined) throw YibaoError.of('other-key', `the signature was made with key ${by}, expected ${expected || 'one of the keys given, but there are none'}`, { values: { found: by, expected } })
  return Object.freeze({ key: by, comment: call(glue => glue.verify(key[1], text, bytesOf(file, 'a file'))) })
}

/** Far more than any office needs: what is read of strangers is bounded before it is looked at. */
const MOST = Object.freeze({ bytes: 4 * 1024 * 1024, keys: 16, signatures: 32, roots: 64 })

/** Eight hours ahead of UTC, without summer time: a day of `expires` ends at midnight in China, wherever it is asked. */
const CHINA = 8 * 3_600_000

/** The day it is in China. */
export const chinaDay = (now = Date.now()) => new Date(now + CHINA).toISOString().slice(0, 10)

export function isDay(value) {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const time = Date.parse(value)
  // Some engines read 30 February as 2 March.
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === value
}

/** Nothing that a reader cannot see: control and direction characters, line separators, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const isText = value => typeof value === 'string' && value !== '' && value.length <= 200 && !UNSEEN.test(value)
/** As the engine has it; it is the name of a file too, and cannot lead out of its folder. */
const isId = value => typeof value === 'string' && /^[a-z0-9-]{1,60}$/.test(value)
const isRegion = value => typeof value === 'string' && /^\d{6}$/.test(value)
const isDigest = value => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isCount = (value, most = Number.MAX_SAFE_INTEGER) => Number.isSafeInteger(value) && value >= 1 && value <= most
const isKey = value => typeof value === 'string' && /^RW[Q-T][A-Za-z0-9+/]{53}$/.test(value)

/**
 * Reads a signed document: `checked` gives its content or complains by `bad`, and `write` has to give its very text.
 * So a key that stands twice, a half of a character or anything after the end is refused without being looked for.
 */
function documentOf(content, { code, what, checked, write }) {
  const bad = (why, cause) => YibaoError.of(code, `the ${what} ${why}`, cause && { cause })
  const bytes = bytesOf(content, `a ${what}`)
  if (bytes.length > MOST.bytes) throw bad(`has ${bytes.length} bytes, more than ${MOST.bytes}`)
  let [text, read] = []
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    read = JSON.parse(text)
  } catch (cause) {
    throw bad('is no JSON in UTF-8', cause)
  }
  const found = checked(read ?? {}, bad)
  if (write(found) !== text) throw bad('is not written as the command writes it (spaces, order, keys that are unknown or stand twice, something after the end)')
  return found
}

const shown = value => (JSON.stringify(value) ?? 'nothing').slice(0, 60).replace(/[^\x20-\x7e]/g, '?')

/** `threshold` of these keys have to sign. Ids are chosen by whoever makes a key: neither id nor key stands twice. */
function keySet(read, name, bad) {
  const { threshold, keys } = read[name] ?? {}
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MOST.keys || !keys.every(isKey)) throw bad(`has no list \`${name}.keys\` of 1 to ${MOST.keys} public keys`)
  if (!isCount(threshold, keys.length)) throw bad(`has \`${name}.threshold\` ${shown(threshold)}, expected 1 to ${keys.length}`)
  return Object.freeze({ threshold, keys: Object.freeze([...keys]) })
}

/** The key itself, without the id that its maker chose. */
const point = key => atob(key).slice(10)

function refuseTwins(keys, bad) {
  for (const part of [keyId, point]) if (new Set(keys.map(part)).size !== keys.length) throw bad('names a key twice, or two keys that have one id')
}

export const rootText = ({ version, expires, rootKeys, packKeys }) => `${JSON.stringify({ root: 1, version, expires, rootKeys, packKeys }, null, 1)}\n`

/** A root's content, checked for form alone. */
export const parseRoot = content => documentOf(content, {
  code: 'bad-root', what: 'root', write: rootText,
  checked(read, bad) {
    const { root, version, expires } = read
    if (root !== 1) throw bad(`has the form ${shown(root)}, expected 1`)
    if (!isCount(version, 999_999_999)) throw bad(`has the version ${shown(version)}, expected a whole number from 1`)
    if (!isDay(expires)) throw bad(`has \`expires\` ${shown(expires)}, expected a day such as 2027-06-30`)
    const [rootKeys, packKeys] = ['rootKeys', 'packKeys'].map(name => keySet(read, name, bad))
    refuseTwins([...rootKeys.keys, ...packKeys.keys], bad)
    return Object.freeze({ root, version, expires, rootKeys, packKeys })
  },
})

/** One line a pack, so that two manifests can be compared line by line. */
export function manifestText({ root, version, expires, packs }) {
  const lines = packs.map(({ id, region, revision, digest, bytes, sha256 }) => JSON.stringify({ id, region, revision, digest, bytes, sha256 }))
  return `{"manifest":1,"root":${root},"version":${version},"expires":${JSON.stringify(expires)},"packs":[\n${lines.join(',\n')}\n]}\n`
}

/** A manifest's content, checked for form alone. */
export const parseManifest = content => documentOf(content, {
  code: 'bad-manifest', what: 'manifest', write: manifestText,
  checked(read, bad) {
    const { manifest, root, version, expires } = read
    if (manifest !== 1) throw bad(`has the form ${shown(manifest)}, expected 1`)
    if (!isCount(root, 999_999_999)) throw bad(`has \`root\` ${shown(root)}, expected the version of a root`)
    if (!isCount(version)) throw bad(`has the version ${shown(version)}, expected a whole number from 1`)
    if (!isDay(expires)) throw bad(`has \`expires\` ${shown(expires)}, expected a day such as 2027-06-30`)
    if (!Array.isArray(read.packs)) throw bad('has no list `packs`')
    let former = ''
    const packs = read.packs.map(entry => {
      const { id, region, revision, digest, bytes, sha256 } = entry ?? {}
      if (!isId(id) || !isRegion(region) || !isText(revision) || !isDigest(digest) || !isCount(bytes) || !isDigest(sha256)) throw bad(`has an entry that is none: ${shown(entry)}`)
      if (id <= former) throw bad(`lists \`${id}\` twice or out of order`)
      former = id
      return Object.freeze({ id, region, revision, digest, bytes, sha256 })
    })
    return Object.freeze({ manifest, root, version, expires, packs: Object.freeze(packs) })
  },
})

// ── signatures, as many as a root demands ──────────────────────────────────

const COMMENT = String.raw`(?:\t|[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}])*`
/** As minisign writes a signature, to the letter: its first line is not signed, so it may not say anything else. */
const BLOCK = new RegExp(String.raw`untrusted comment: signature from minisign secret key\n[A-Za-z0-9+/]{99}=\ntrusted comment: ${COMMENT}\n[A-Za-z0-9+/]{86}==\n`, 'uy')

/** The signatures of a file, one after the other. */
export function signaturesOf(content) {
  const bytes = bytesOf(content, 'signatures')
  const bad = why => YibaoError.of('bad-signature', `the text is no minisign signature${why}`)
  if (bytes.length > MOST.signatures * 2_000) throw bad(': it is too long')
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw bad(': it is not UTF-8')
  }
  const found = []
  for (let at = 0; at < text.length || at === 0;) {
    BLOCK.lastIndex = at
    const block = BLOCK.exec(text)
    if (block === null) throw bad(found.length === 0 ? '' : ' from its end on')
    found.push(block[0])
    at = BLOCK.lastIndex
  }
  return found
}

/** Who signed: all signatures hold, each by another known key, and every set of keys has as many as it demands. */
function signers(content, signatures, sets, what) {
  const known = new Map()
  for (const key of sets.flatMap(({ keys }) => keys)) {
    if ((known.get(keyId(key)) ?? key) !== key) throw YibaoError.of('bad-root', `two roots give the id ${keyId(key)} to two keys`)
    known.set(keyId(key), key)
  }
  const found = new Map()
  for (const text of signaturesOf(signatures)) {
    const { key, comment } = verify(content, text, [...known.values()])
    if (found.has(key)) throw YibaoError.of('bad-signature', `the ${what} has two signatures of the key ${key}`)
    found.set(key, comment)
  }
  for (const { threshold, keys } of sets) {
    const count = keys.filter(key => found.has(keyId(key))).length
    if (count < threshold) throw YibaoError.of('too-few', `the ${what} has ${count} of the ${threshold} signatures that it needs of ${keys.map(keyId).join(', ')}`, { values: { what, count, threshold } })
  }
  return Object.freeze(Array.from(found, ([key, comment]) => Object.freeze({ key, comment })))
}

// ── what is trusted, and what was accepted before ──────────────────────────

/** A root by its version and SHA-256: what a host writes down to trust it, and all that follow from it. */
export const pinOf = content => `${parseRoot(content).version}:${sha256(content)}`

function pinned(pin) {
  const [, version, digest] = /^([1-9]\d{0,8}):([0-9a-f]{64})$/.exec(pin) ?? []
  if (version === undefined) throw YibaoError.of('bad-pin', 'a root is named by its version and SHA-256, as `yibao pack inspect root.1.json` shows it')
  return { pin, version: Number(version) }
}

/** What was accepted, in one line: the root, the manifest's version and its SHA-256. */
export const lastText = ({ pin, version, sha256 }) => `${pin} ${version} ${sha256}\n`

/** Reads that line. Damaged, it refuses: what was forgotten could be undercut. */
export function parseLast(text) {
  const [, pin, version, sha256] = /^([1-9]\d{0,8}:[0-9a-f]{64}) ([1-9]\d{0,15}) ([0-9a-f]{64})\n$/.exec(text) ?? []
  if (pin === undefined || !isCount(Number(version))) throw YibaoError.of('memory-lost', 'what was accepted before cannot be read, so an older version could not be told')
  return Object.freeze({ pin, version: Number(version), sha256 })
}

/** Of the root that the host names and the one accepted last the later counts; the host's where they contradict. */
function startOf(root, last) {
  const own = pinned(root)
  const before = last && pinned(last.pin)
  return before === undefined || own.version > before.version || (own.version === before.version && own.pin !== before.pin) ? { start: own } : { start: before, last }
}

async function had(read, name) {
  const content = await read(name)
  if (content === undefined) throw YibaoError.of('missing', `there is no \`${name}\``, { values: { file: name } })
  return bytesOf(content, `\`${name}\``)
}

/** A reader that remembers what it gave. */
function noted(read) {
  const files = new Map()
  return { files, read: async name => {
    const content = await had(read, name)
    files.set(name, content)
    return content
  } }
}

/** From the root that is trusted to the one that the manifest names, each signed as the one before and itself demand. */
async function rootAt(read, start, version) {
  if (version < start.version) throw YibaoError.of('rolled-back', `the manifest has the root ${version}, and root ${start.version} is known`, { values: { version, last: start.version, root: true } })
  if (version - start.version > MOST.roots) throw YibaoError.of('bad-manifest', `the manifest names root ${version}, more than ${MOST.roots} after ${start.version}`)
  let [former, root, pin] = []
  for (let at = start.version; at <= version; at++) {
    const content = await read(rootFile(at))
    if (former === undefined && `${at}:${sha256(content)}` !== start.pin) throw YibaoError.of('other-root', `\`${rootFile(at)}\` is not the root that is trusted`, { values: { file: rootFile(at) } })
    root = parseRoot(content)
    if (root.version !== at) throw YibaoError.of('bad-root', `\`${rootFile(at)}\` has the version ${root.version}`)
    signers(content, await read(signatureFile(rootFile(at))), former === undefined ? [root.rootKeys] : [former.rootKeys, root.rootKeys], `root ${at}`)
    ;[former, pin] = [root, `${at}:${sha256(content)}`]
  }
  return { root, pin }
}

/**
 * The manifest that `read` gives, if it is signed as the root demands that follows from `root` (a pin), valid on this
 * day, and no older than `last`, what was accepted before.
 */
export async function openManifest({ read: from, root: trusted, last: before, today = chinaDay() }) {
  if (!isDay(today)) throw YibaoError.of('wrong-type', `found ${shown(today)} where a day such as 2027-06-30 is expected`)
  const { start, last } = startOf(trusted, before)
  const { read, files } = noted(from)
  const [content, signatures] = [await read(MANIFEST), await read(SIGNATURE)]
  // Until its signatures hold, nothing of it counts but which root it asks for.
  const manifest = parseManifest(content)
  const { root, pin } = await rootAt(read, start, manifest.root)
  const signedBy = signers(content, signatures, [root.packKeys], 'manifest')
  if (today > root.expires) throw YibaoError.of('expired', `the root was valid until ${root.expires}, and it is ${today}`, { values: { expires: root.expires, today, root: true } })
  if (today > manifest.expires) throw YibaoError.of('expired', `the manifest was valid until ${manifest.expires}, and it is ${today}`, { values: { expires: manifest.expires, today } })
  const digest = sha256(content)
  // Under a new root versions begin anew: that is the way back from one that a thief drove up.
  if (last !== undefined && pin === last.pin) {
    const { version } = manifest
    if (version < last.version) throw YibaoError.of('rolled-back', `the manifest has version ${version}, and version ${last.version} was accepted before`, { values: { version, last: last.version } })
    if (version === last.version && digest !== last.sha256) throw YibaoError.of('rolled-back', `the manifest has version ${version} like the one accepted before, and other content`, { values: { version, last: last.version } })
  }
  return Object.freeze({ ...manifest, sha256: digest, pin, signedBy, files })
}

/** Holds a plan against its entry, and what it says of itself too; gives the entry. */
export function checkFile(manifest, file, content) {
  const entry = manifest.packs.find(({ id }) => planFile(id) === file)
  if (entry === undefined) throw YibaoError.of('unlisted', `the manifest does not list \`${shown(file)}\``, { values: { file: shown(file) } })
  const bytes = bytesOf(content, `\`${file}\``)
  const altered = what => YibaoError.of('altered', `\`${file}\` ${what}`, { values: { file } })
  if (bytes.length !== entry.bytes) throw altered(`has ${bytes.length} bytes, the manifest says ${entry.bytes}`)
  if (sha256(bytes) !== entry.sha256) throw altered(`has the SHA-256 ${sha256(bytes)}, the manifest says ${entry.sha256}`)
  const { id, region, revision, digest } = entryOf(bytes)
  if (id !== entry.id || region !== entry.region || revision !== entry.revision || digest !== entry.digest) throw YibaoError.of('other-plan', `\`${file}\` is the plan of another pack, place or revision than the manifest says`, { values: { file } })
  return entry
}

/** What a manifest says of a plan. */
export function entryOf(plan) {
  const bytes = bytesOf(plan, 'a plan')
  let read
  try {
    read = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // Signed, and no plan: it has no id either.
  }
  return { id: read?.pack?.id, region: read?.pack?.regionCode, revision: read?.pack?.revision, digest: read?.digest, bytes: bytes.length, sha256: sha256(bytes) }
}

/** A manifest and all its files. */
async function openSet({ read, ...options }) {
  const { files: own, ...manifest } = await openManifest({ read, ...options })
  const files = new Map(own)
  for (const { id } of manifest.packs) {
    const content = await had(read, planFile(id))
    checkFile(manifest, planFile(id), content)
    files.set(planFile(id), content)
  }
  return { manifest, files }
}

/**
 * The packs to use: the ones offered by `read` if all of them may be accepted, else the last good ones that `kept`
 * holds, with the reason as `problem`. Without either it throws.
 */
export async function openPacks({ read, kept, root, today = chinaDay() }) {
  // What was accepted is not forgotten because files were lost: without it nothing is accepted.
  const held = await kept?.get()
  const last = held?.last
  const good = held && await openSet({ read: name => held.files.get(name), root, last, today }).catch(refusedOnly)
  let offered
  try {
    offered = await openSet({ read, root, last, today })
  } catch (problem) {
    if (good === undefined) throw problem
    return { ...good, problem }
  }
  const { pin, version, sha256 } = offered.manifest
  if (good?.manifest.sha256 !== sha256 || good.manifest.pin !== pin) await kept?.put({ last: { pin, version, sha256 }, files: offered.files })
  return { ...offered, problem: undefined }
}

function refusedOnly(error) {
  if (!(error instanceof YibaoError)) throw error
}
