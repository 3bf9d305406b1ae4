// Where packs come from: one plan, or an index of plans, fetched once and held to what was promised about it.

import { fetchDirectly } from '../../src/direct.js'
import { PackError } from './pack.js'
import { unbase64 } from './base64.js'

const fetched = new Map()

/** A file by its address: `{ bytes, json }`. `integrity`: what an index promised, as in a script element. */
export function file(url, integrity) {
  const key = `${url.href} ${integrity ?? ''}`
  if (!fetched.has(key)) {
    const loading = read(url, integrity)
    loading.catch(() => fetched.delete(key))
    fetched.set(key, loading)
  }
  return fetched.get(key)
}

async function read(url, integrity) {
  const bytes = await bytesOf(url, integrity)
  try {
    return { bytes, json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) }
  } catch (cause) {
    throw new PackError('no-plan', `${url.pathname} is no JSON`, { cause })
  }
}

async function bytesOf(url, integrity) {
  let response
  try {
    response = await fetchDirectly(url, { integrity: integrity ?? '', credentials: 'same-origin' })
  } catch (cause) {
    // A broken promise and a broken line look alike to fetch; the one that was promised something is the graver.
    throw new PackError(integrity ? 'integrity' : 'fetch', `${url.pathname} could not be had`, { cause })
  }
  if (!response.ok) throw new PackError('fetch', `${url.pathname}: ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}

/** Demands that the root which the host names vouches for this plan; gives that in words. */
export const demandSigned = async wanted => (await import('./signed.js')).signedBy({ ...wanted, bytesOf })
