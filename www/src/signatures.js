// Signed packs: who signed a file, whether a manifest may replace the one before, and whether files are those it lists.
// Signatures and digests are checked by a Wasm module of its own; whoever does not verify loads nothing of it.

import * as glue from './signatures/yibao.js'
import { bytesOf as bytesIn } from './bytes.js'
import { Engine } from './engine.js'
import { YibaoError } from './error.js'

export { YibaoError } from './error.js'

export const MANIFEST = 'packs.manifest.json'
export const SIGNATURE = `${MANIFEST}.minisig`

const engine = new Engine(glue, { wasm: () => new URL('./signatures/yibao_bg.wasm', import.meta.url) })

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

const isText = value => typeof value === 'string' && value !== ''
const isDate = value => /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
/** A plain name: a manifest must not reach out of its folder. */
const isName = value => isText(value) && !/[/\\:]|^\.|[\0-\x1f]/.test(value)
const isDigest = value => /^[0-9a-f]{64}$/.test(value)

/** A manifest's content, checked for form alone. */
export function parseManifest(content) {
  const bad = what => YibaoError.of('bad-manifest', `the manifest ${what}`)
  let read
  try {
    read = JSON.parse(textOf(content, 'a manifest'))
  } catch (cause) {
    throw YibaoError.of('bad-manifest', `the manifest is no JSON: ${cause.message}`, { cause })
  }
  if (read?.manifest !== 1) throw bad(`has the form ${JSON.stringify(read?.manifest)}, expected 1`)
  if (!Number.isSafeInteger(read.version) || read.version < 1) throw bad(`has the version ${JSON.stringify(read.version)}, expected a whole number from 1`)
  if (!isDate(read.expires)) throw bad(`has \`expires\` ${JSON.stringify(read.expires)}, expected a day such as 2027-06-30`)
  if (!Array.isArray(read.packs)) throw bad('has no list `packs`')
  const files = new Set()
  const packs = read.packs.map(entry => {
    const { id, revision, digest, file, bytes, sha256 } = entry ?? {}
    if (!isText(id) || !isText(revision) || !isDigest(digest) || !isName(file) || !Number.isSafeInteger(bytes) || !isDigest(sha256)) throw bad(`has an entry that is none: ${JSON.stringify(entry)?.slice(0, 200)}`)
    if (files.has(file)) throw bad(`lists \`${file}\` twice`)
    files.add(file)
    return Object.freeze({ id, revision, digest, file, bytes, sha256 })
  })
  return Object.freeze({ manifest: 1, version: read.version, expires: read.expires, packs: Object.freeze(packs) })
}

const thisDay = () => new Date().toISOString().slice(0, 10)

/**
 * A manifest that is signed, in force on this day, and no older than `last`: what was accepted before, as
 * `{ version, sha256 }`.
 */
export function openManifest(content, signature, { keys, today = thisDay(), last }) {
  if (!isDate(today)) throw YibaoError.of('wrong-type', `found ${JSON.stringify(today)} where a day such as 2027-06-30 is expected`)
  const { key, comment } = verify(content, signature, keys)
  const manifest = parseManifest(content)
  const digest = sha256(content)
  if (today > manifest.expires) throw YibaoError.of('expired', `the manifest was valid until ${manifest.expires}, and it is ${today}`, { values: { expires: manifest.expires, today } })
  if (last !== undefined && manifest.version < last.version) throw YibaoError.of('rolled-back', `the manifest has version ${manifest.version}, and version ${last.version} was accepted before`, { values: { version: manifest.version, last: last.version } })
  if (last !== undefined && manifest.version === last.version && digest !== last.sha256) throw YibaoError.of('rolled-back', `the manifest has version ${manifest.version} like the one accepted before, and other content`, { values: { version: manifest.version, last: last.version } })
  return Object.freeze({ ...manifest, sha256: digest, key, comment })
}

/** Holds a file against its entry; gives the entry. */
export function checkFile(manifest, file, content) {
  const entry = manifest.packs.find(entry => entry.file === file)
  if (entry === undefined) throw YibaoError.of('unlisted', `the manifest does not list \`${file}\``, { values: { file } })
  const bytes = bytesOf(content, `\`${file}\``)
  if (bytes.length !== entry.bytes) throw YibaoError.of('altered', `\`${file}\` has ${bytes.length} bytes, the manifest says ${entry.bytes}`, { values: { file } })
  if (sha256(bytes) !== entry.sha256) throw YibaoError.of('altered', `\`${file}\` has the SHA-256 ${sha256(bytes)}, the manifest says ${entry.sha256}`, { values: { file } })
  return entry
}

/** The files of a set, each held against the manifest. */
async function filesOf(manifest, read) {
  const files = new Map()
  for (const { file } of manifest.packs) {
    const bytes = await read(file)
    checkFile(manifest, file, bytes)
    files.set(file, bytes)
  }
  return files
}

async function opened(read, options) {
  const [content, signature] = [await read(MANIFEST), await read(SIGNATURE)]
  return { manifest: openManifest(content, signature, options), own: [[MANIFEST, content], [SIGNATURE, signature]] }
}

/**
 * The packs to use: the ones offered by `read` if all of them may be accepted, else the last good ones that `kept`
 * holds, with the reason as `problem`. Without either it throws.
 */
export async function openPacks({ read, kept, keys, today = thisDay() }) {
  const before = await keptSet(kept, { keys, today })
  try {
    const { manifest, own } = await opened(read, { keys, today, last: before?.manifest })
    const files = new Map([...own, ...await filesOf(manifest, read)])
    if (manifest.sha256 !== before?.manifest.sha256 || before.files === undefined) await kept?.put({ version: manifest.version, files })
    return { manifest, files, problem: undefined }
  } catch (problem) {
    if (before?.files === undefined || before.expired) throw problem
    return { manifest: before.manifest, files: before.files, problem }
  }
}

/**
 * What was kept. Expired, or with a file that was altered, it is not used any more, and still says which version must
 * not be undercut.
 */
async function keptSet(kept, { keys, today }) {
  const held = await kept?.get()
  if (held === undefined) return undefined
  const read = name => held.get(name) ?? ''
  let before
  try {
    const { expires } = parseManifest(read(MANIFEST))
    const expired = today > expires
    const { manifest, own } = await opened(read, { keys, today: expired ? expires : today })
    before = { manifest, expired }
    before.files = new Map([...own, ...await filesOf(manifest, read)])
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
  }
  return before
}
