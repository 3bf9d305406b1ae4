// The second signature that some offices want: SM2 over SM3 (GB/T 32918, GB/T 32905), with the default identity, as
// OpenSSL writes it. Keys are OpenSSL's PEM files; Node cannot read them, so their two numbers are taken from the DER.

import { EXIT, Failure, misuse } from '../exit.mjs'

/** The curve sm2p256v1 (1.2.156.10197.1.301), tagged and measured as DER does. */
const CURVE = Buffer.from('06082a811ccf5501822d', 'hex')
/** An ECPrivateKey's version, and the head of its 32 bytes. */
const PRIVATE = Buffer.from('0201010420', 'hex')
const PRIVATE_BYTES = 32
/** All of a public key but its two numbers. */
const PUBLIC = Buffer.from('3059301306072a8648ce3d020106082a811ccf5501822d03420004', 'hex')
const PUBLIC_BYTES = PUBLIC.length + 64

export const ENDING = '.sm2'

async function library() {
  try {
    return (await import('sm-crypto-v2')).sm2
  } catch (cause) {
    throw misuse('no-sm2', { zh: '国密签名要另装 sm-crypto-v2', en: 'SM2 signatures need the package sm-crypto-v2' }, { help: { zh: 'npm install sm-crypto-v2', en: 'npm install sm-crypto-v2' }, cause })
  }
}

function notAKey(file, secret) {
  return misuse('bad-key', secret ? { zh: `\`${file}\` 不是 SM2 私钥（没有密码的 PEM）`, en: `\`${file}\` is no secret SM2 key (PEM, without a password)` } : { zh: `\`${file}\` 不是 SM2 公钥（PEM）`, en: `\`${file}\` is no public SM2 key (PEM)` }, {
    help: { zh: 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out office-sm2.pem；openssl pkey -in office-sm2.pem -pubout -out office-sm2.pub', en: 'openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out office-sm2.pem; openssl pkey -in office-sm2.pem -pubout -out office-sm2.pub' },
  })
}

/** The bytes of the one PEM block of this kind; none where there is another or none. */
function der(text, label) {
  const [, found] = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text) ?? []
  const bytes = found && Buffer.from(found, 'base64')
  // Node's reader passes over what is no base64 and what follows its end.
  return bytes?.includes(CURVE) && bytes.toString('base64') === found.replace(/\s/g, '') ? bytes : undefined
}

function secretKey(text, file) {
  const bytes = der(text, 'PRIVATE KEY') ?? der(text, 'EC PRIVATE KEY')
  const at = bytes?.indexOf(PRIVATE) ?? -1
  const key = at < 0 ? undefined : bytes.subarray(at + PRIVATE.length, at + PRIVATE.length + PRIVATE_BYTES)
  if (key?.length !== PRIVATE_BYTES) throw notAKey(file, true)
  return key.toString('hex')
}

function publicKey(text, file) {
  const bytes = der(text, 'PUBLIC KEY')
  if (bytes?.length !== PUBLIC_BYTES || !bytes.subarray(0, PUBLIC.length).equals(PUBLIC)) throw notAKey(file, false)
  return bytes.subarray(PUBLIC.length - 1).toString('hex')
}

/** A number above 0 of at most 32 bytes, as DER writes it: no zero in front but for the sign. */
function numberAt(bytes, at) {
  const length = bytes[at + 1]
  const number = bytes.subarray(at + 2, at + 2 + length)
  const [first, second] = number
  const isShortest = first < 0x80 && (first > 0 || (length > 1 && second >= 0x80))
  return bytes[at] === 0x02 && length >= 1 && number.length === length && length - (first === 0 ? 1 : 0) <= PRIVATE_BYTES && isShortest ? at + 2 + length : -1
}

/** Two numbers in a sequence, and not a byte more: the library passes over what follows. */
function isStrict(bytes) {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) return false
  const second = numberAt(bytes, 2)
  return second > 0 && numberAt(bytes, second) === bytes.length
}

/** The signature of some bytes, in DER. */
export async function signSm2(bytes, keyText, keyFile) {
  const sm2 = await library()
  const secret = secretKey(keyText, keyFile)
  const found = sm2.doSignature(new Uint8Array(bytes), secret, { der: true, hash: true, publicKey: sm2.getPublicKeyFromPrivateKey(secret) })
  return Buffer.from(found, 'hex')
}

/** Ends the command with code 5 unless the signature is that of these bytes by this key. */
export async function verifySm2(bytes, signature, keyText, keyFile, file) {
  const sm2 = await library()
  const key = publicKey(keyText, keyFile)
  let holds = false
  try {
    holds = isStrict(signature) && sm2.doVerifySignature(new Uint8Array(bytes), Buffer.from(signature).toString('hex'), key, { der: true, hash: true })
  } catch {
    // Bytes that are no signature at all.
  }
  if (!holds) throw new Failure(EXIT.INTEGRITY, 'sm2-refused', { zh: `\`${file}\`：国密签名不对（文件被改动过，或签名用的是别的钥匙）`, en: `\`${file}\`: the SM2 signature does not hold (the file was altered, or another key signed it)` })
}
