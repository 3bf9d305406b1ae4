// Signing what a root watches over: a manifest, or a root. Signatures of several keys stand one after the other.

import { basename, dirname, join } from 'node:path'
import { MANIFEST, keyId, parseManifest, parseRoot, rootFile, signaturesOf, verify } from '../../dist/signatures-node.js'
import { EXIT, Failure } from '../exit.mjs'
import { isThere } from './folder.mjs'
import { readRoot } from './root.mjs'
import { refusing } from './refusal.mjs'

export const isDocument = file => basename(file) === MANIFEST || /^root\.[1-9]\d{0,8}\.json$/.test(basename(file))

/** Keys whose signatures this document may have. */
async function keysOf(file, bytes) {
  const root = version => join(dirname(file), rootFile(version))
  if (basename(file) === MANIFEST) {
    const { root: version } = await refusing(file, () => parseManifest(bytes))
    return (await readRoot(root(version))).packKeys.keys
  }
  const { version, rootKeys } = await refusing(file, () => parseRoot(bytes))
  const former = root(version - 1)
  return isThere(former) ? [...rootKeys.keys, ...(await readRoot(former)).rootKeys.keys] : rootKeys.keys
}

/** The signatures of a document with one more. What was signed before it was changed is left out. */
export async function withSignature(file, bytes, key, text, former) {
  const keys = await keysOf(file, bytes)
  if (!keys.some(one => keyId(one) === key.shown)) {
    throw new Failure(EXIT.INTEGRITY, 'other-key', { zh: `钥匙 ${key.shown} 不能签 \`${file}\`，信任根只认 ${keys.map(keyId).join('、')}`, en: `key ${key.shown} does not sign \`${file}\`: the root names ${keys.map(keyId).join(', ')}` })
  }
  const holds = one => {
    try {
      return verify(bytes, one, keys).key !== key.shown
    } catch {
      return false
    }
  }
  let others = []
  try {
    others = former === undefined ? [] : signaturesOf(former)
  } catch {
    // What is no signature is replaced.
  }
  return [...others.filter(holds), text].join('')
}
