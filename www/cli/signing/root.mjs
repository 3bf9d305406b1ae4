// Roots: whose signatures count. Each is a file of its own, numbered, and stays beside those that follow it.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { chinaDay, isDay, parseRoot, pinOf, rootFile, rootText } from '../../dist/signatures-node.js'
import { makeFolder, writeWhole } from '../atomic.mjs'
import { misuse } from '../exit.mjs'
import { isFolder, readBytes } from '../files.mjs'
import { refusing } from './refusal.mjs'

const WHAT = { zh: '信任根', en: 'root' }
const HELP = { zh: 'yibao pack root -o 文件夹 --root-key 公钥 --pack-key 公钥 --expires 日期', en: 'yibao pack root -o FOLDER --root-key KEY --pack-key KEY --expires DAY' }

/** The number of the last root of a folder, 0 where there is none. */
const lastOf = folder => Math.max(0, ...(isFolder(folder) ? readdirSync(folder) : []).map(name => Number(/^root\.([1-9]\d{0,8})\.json$/.exec(name)?.[1] ?? 0)))

export const readRoot = file => refusing(file, () => parseRoot(readBytes(file, WHAT)))

/** The root in force in a folder. */
export async function rootOf(folder) {
  const version = lastOf(folder)
  if (version === 0) throw misuse('no-root', { zh: `\`${folder}\` 里还没有信任根（root.1.json）`, en: `there is no root in \`${folder}\` yet (root.1.json)` }, { help: HELP })
  return readRoot(join(folder, rootFile(version)))
}

/** A whole number that goes forward from the former one, or one more. */
export function nextVersion(former, asked, least = former + 1) {
  if (asked === undefined) return former + 1
  const version = /^\d{1,15}$/.test(asked) ? Number(asked) : 0
  if (version >= least) return version
  throw misuse('bad-version', { zh: `--version 要用不小于 ${least} 的整数，给了 \`${asked}\``, en: `--version expects a whole number from ${least}, found \`${asked}\`` })
}

export function expiryOf(asked, today = chinaDay()) {
  if (!isDay(asked)) throw misuse('bad-date', { zh: `--expires 要写成 2027-06-30 这样的日期，给了 \`${asked ?? ''}\``, en: `--expires expects a day such as 2027-06-30, found \`${asked ?? ''}\`` })
  if (asked < today) throw misuse('bad-date', { zh: `--expires ${asked} 已经过去了`, en: `--expires ${asked} is in the past` })
  return asked
}

/** `--root-threshold` and `--pack-threshold`. */
function keySet(keys, asked = '1') {
  const threshold = /^\d{1,2}$/.test(asked) ? Number(asked) : 0
  if (threshold < 1 || threshold > keys.length) throw misuse('bad-threshold', { zh: `要求的签名数从 1 到 ${keys.length}（公钥的个数），给了 \`${asked}\``, en: `a threshold is a number from 1 to ${keys.length}, the number of keys; found \`${asked}\`` })
  return { threshold, keys }
}

/** Writes the next root of a folder; gives its file and pin. */
export async function nextRoot(folder, { rootKeys, packKeys, rootThreshold, packThreshold, version, expires, today }) {
  const own = nextVersion(lastOf(folder), version)
  const text = rootText({ version: own, expires: expiryOf(expires, today), rootKeys: keySet(rootKeys, rootThreshold), packKeys: keySet(packKeys, packThreshold) })
  const file = join(folder, rootFile(own))
  const pin = await refusing(file, () => pinOf(text))
  makeFolder(folder)
  writeWhole(file, text, { exclusive: true })
  return { file, pin, version: own }
}
