// Keys and signatures as minisign writes them: made here with Node's own Ed25519, checked by the engine's verifier.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, scryptSync, sign as signature, timingSafeEqual } from 'node:crypto'
import { blake2b256 } from '../../dist/signatures-node.js'
import { EXIT, Failure, misuse } from '../exit.mjs'

const FORM = 'Ed'
const PREHASHED = 'ED'
const SCRYPT = 'Sc'
const CHECKSUM = 'B2'
/** What minisign takes: 1 GB and some seconds for each guess at a password. */
const OPERATIONS = 33_554_432n
const MEMORY = 1_073_741_824n
const ENCRYPTED_LENGTH = 104
const DER_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

const base64 = (...parts) => Buffer.concat(parts.map(part => Buffer.from(part))).toString('base64')
const shownId = id => Buffer.from(id).reverse().toString('hex').toUpperCase()

/** libsodium's `pickparams`: the cost of a key derivation, from operations and memory. */
function cost(operations, memory) {
  const most = operations < memory / 32n ? operations / 32n : memory / 1024n
  let log = 1
  while (log < 62 && 1n << BigInt(log) <= most / 2n) log += 1
  const lanes = operations < memory / 32n ? 1 : Number(operations / 4n / (1n << BigInt(log))) >> 3
  return { N: 2 ** log, r: 8, p: Math.max(1, lanes), maxmem: 2 ** log * 1024 + 64 * 1024 * 1024 }
}

function stream(password, salt, operations, memory) {
  try {
    return scryptSync(password, salt, ENCRYPTED_LENGTH, cost(operations, memory))
  } catch (cause) {
    throw misuse('no-memory', { zh: `算密码所需的内存（${memory / 1_048_576n} MB）不够`, en: `the password needs ${memory / 1_048_576n} MB of memory, which are not to be had` }, { cause })
  }
}

const xor = (a, b) => Buffer.from(a.map((byte, i) => byte ^ b[i]))

/** A new pair: the texts of both files. Without a password the secret key is written as it is. */
export function generate(password) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
  const id = randomBytes(8)
  const secret = Buffer.concat([id, seed, point])
  return { id: shownId(id), publicText: publicFile(id, point), secretText: secretFile(secret, password) }
}

function publicFile(id, point) {
  return `untrusted comment: minisign public key ${shownId(id)}\n${base64(FORM, id, point)}\n`
}

function secretFile(secret, password) {
  const comment = 'untrusted comment: minisign encrypted secret key\n'
  if (password === undefined) return `${comment}${base64(FORM, '\0\0', CHECKSUM, Buffer.alloc(48), secret, Buffer.alloc(32))}\n`
  const salt = randomBytes(32)
  const limits = Buffer.alloc(16)
  limits.writeBigUInt64LE(OPERATIONS, 0)
  limits.writeBigUInt64LE(MEMORY, 8)
  const plain = Buffer.concat([secret, checksum(secret)])
  return `${comment}${base64(FORM, SCRYPT, CHECKSUM, salt, limits, xor(plain, stream(password, salt, OPERATIONS, MEMORY)))}\n`
}

const checksum = secret => blake2b256(Buffer.concat([Buffer.from(FORM), secret]))

const noKey = file => new Failure(EXIT.INTEGRITY, 'bad-key', { zh: `\`${file}\` 不是 minisign 私钥`, en: `\`${file}\` is no minisign secret key` })

/** Reads a secret key. `password` is asked for only where the key is encrypted. */
export async function readSecretKey(text, file, password) {
  const lines = text.trimEnd().split(/\r?\n/)
  const bytes = Buffer.from(lines.at(-1) ?? '', 'base64')
  // Node's reader passes over what is no base64 and what follows its end.
  if (lines.length !== 2 || bytes.toString('base64') !== lines[1] || !lines[0].startsWith('untrusted comment:')) throw noKey(file)
  if (bytes.length === 42) throw new Failure(EXIT.INTEGRITY, 'bad-key', { zh: `\`${file}\` 是公钥，签名要用私钥`, en: `\`${file}\` is the public key; signing takes the secret one` })
  if (bytes.length !== 158 || bytes.toString('latin1', 0, 2) !== FORM || bytes.toString('latin1', 4, 6) !== CHECKSUM) throw noKey(file)
  const [kind, salt, sealed] = [bytes.toString('latin1', 2, 4), bytes.subarray(6, 38), bytes.subarray(54)]
  if (kind === '\0\0') return secretOf(sealed.subarray(0, 72), file)
  if (kind !== SCRYPT) throw noKey(file)
  const [operations, memory] = [bytes.readBigUInt64LE(38), bytes.readBigUInt64LE(46)]
  if (operations > OPERATIONS * 4n || memory > MEMORY * 4n) throw noKey(file)
  const plain = xor(sealed, stream(await password(), salt, operations, memory))
  const secret = plain.subarray(0, 72)
  if (!timingSafeEqual(checksum(secret), plain.subarray(72))) throw new Failure(EXIT.INTEGRITY, 'wrong-password', { zh: `\`${file}\` 的密码不对`, en: `the password of \`${file}\` is wrong` })
  return secretOf(secret, file)
}

function secretOf(secret, file) {
  const [id, seed, point] = [secret.subarray(0, 8), secret.subarray(8, 40), secret.subarray(40)]
  const key = createPrivateKey({ key: Buffer.concat([DER_HEAD, seed]), format: 'der', type: 'pkcs8' })
  const own = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  if (!own.equals(point)) throw noKey(file)
  return { id: Buffer.from(id), shown: shownId(id), key, publicText: publicFile(id, point) }
}

/** The text of a detached signature. Comments are one line each. */
export function signed(bytes, { id, key }, trustedComment, comment = 'signature from minisign secret key') {
  const own = signature(null, createHash('blake2b512').update(bytes).digest(), key)
  const global = signature(null, Buffer.concat([own, Buffer.from(trustedComment)]), key)
  return `untrusted comment: ${comment}\n${base64(PREHASHED, id, own)}\ntrusted comment: ${trustedComment}\n${base64(global)}\n`
}
