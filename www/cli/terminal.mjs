// Text on its way out. Packs, plans, cases, tables and manifests that nobody has verified hold whatever somebody put
// there: what commands a terminal, turns the direction of a line or is not seen at all is shown by its number.

import { randomBytes } from 'node:crypto'
import { styleText } from 'node:util'

/** Controls but for line break and tab, what turns the direction, what takes no room, halves of characters. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const KEPT = new Set(['\n', '\t'])

/** The text with such characters as `\u{202e}`. */
export const visible = text => String(text).replace(UNSAFE, one => (KEPT.has(one) ? one : numbered(one)))

/** The same on one line. */
export const oneLine = text => visible(text).replace(/[\n\t]/g, numbered)

const numbered = one => `\\u{${one.codePointAt(0).toString(16)}}`

/** JSON that holds the same data and none of these characters. */
export const jsonText = (value, indent) => JSON.stringify(value, null, indent).replace(UNSAFE, one => (one === '\n' ? one : Array.from({ length: one.length }, (_, i) => `\\u${one.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')))

/** Around the codes of colours: no text that comes from elsewhere can hold it. */
const MARK = `\0${randomBytes(12).toString('hex')}\0`

/** Text in a style of `node:util`'s `styleText`. It becomes one on its way out, by `shown` or `coded`. */
export function painted(style, text) {
  const [open, close] = styleText(style, '\0', { validateStream: false }).split('\0')
  return `${MARK}${open}${MARK}${text}${MARK}${close}${MARK}`
}

/** As a terminal may have it: our own colours, and nothing else of the kind. */
export const shown = text => text.split(MARK).map((part, i) => (i % 2 === 1 ? part : visible(part))).join('')

/** As a file or another program has it: to the letter, with our own colours. */
export const coded = text => text.replaceAll(MARK, '')
