// A link that carries answers after its `#`: a browser never sends that part to a server.

import { unbase64 } from '../state/base64.js'

const NAME = 'yibao='
/** What a QR code still holds legibly. */
const MOST_QR = 900

/** `{ pack, service, raw }` as a link to this page. */
export function linkTo({ pack, service, raw }, base) {
  const url = new URL(base)
  url.hash = NAME + toText({ p: pack, s: service, a: raw })
  return url.href
}

/** What a link carries, `undefined` where it carries nothing that can be read. */
export function fromHash(hash) {
  if (!hash.startsWith(`#${NAME}`)) return undefined
  try {
    const { p, s, a } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(unbase64(hash.slice(NAME.length + 1))))
    return typeof p === 'string' && typeof s === 'string' && isRaw(a) ? { pack: p, service: s, raw: a } : undefined
  } catch {
    return undefined
  }
}

/** Answers by key: texts, and records of texts. Anything else is of another maker. */
const isRaw = value => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isAnswer)
const isAnswer = value => typeof value === 'string' || (Array.isArray(value) ? value.every(isRaw) : isRaw(value))

const toText = value => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

export const fitsQr = link => link.length <= MOST_QR

/** The dark squares of a QR code as one path, and how many squares it is wide. The encoder comes when it is wanted. */
export async function qr(link) {
  const { encode } = await import('./qr.js')
  const { data, size } = encode(link, { ecc: 'L', border: 2 })
  const path = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('')
  return { path, size }
}
