// Compiled packs in a folder, and the manifest that lists them.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MANIFEST, parseManifest, sha256 } from '../../dist/signatures-node.js'
import { inside, makeFolder, writeTogether } from '../atomic.mjs'
import { misuse } from '../exit.mjs'
import { readBytes } from '../files.mjs'

const WHAT = { zh: '清单', en: 'manifest' }

/** What the folder's manifest says; undefined where there is none yet. */
function formerManifest(folder) {
  const file = join(folder, MANIFEST)
  if (!existsSync(file)) return undefined
  try {
    return parseManifest(readBytes(file, WHAT))
  } catch (error) {
    if (error.text) throw error
    throw misuse('bad-manifest', { zh: `\`${file}\` 不是清单：${error.message}`, en: `\`${file}\` is no manifest: ${error.message}` }, { cause: error })
  }
}

/** The version that comes next, or the one asked for if it goes forward. */
function nextVersion(former, asked) {
  const least = (former?.version ?? 0) + 1
  if (asked === undefined) return least
  const version = /^\d{1,15}$/.test(asked) ? Number(asked) : 0
  if (version >= least) return version
  throw misuse('bad-version', { zh: `--version 要用不小于 ${least} 的整数，给了 \`${asked}\``, en: `--version expects a whole number from ${least}, found \`${asked}\`` })
}

function expiryOf(asked, today) {
  if (!/^\d{4}-\d\d-\d\d$/.test(asked ?? '') || new Date(asked).toISOString().slice(0, 10) !== asked) throw misuse('bad-date', { zh: `--expires 要写成 2027-06-30 这样的日期，给了 \`${asked ?? ''}\``, en: `--expires expects a day such as 2027-06-30, found \`${asked ?? ''}\`` })
  if (asked < today) throw misuse('bad-date', { zh: `--expires ${asked} 已经过去了`, en: `--expires ${asked} is in the past` })
  return asked
}

/** The text of a manifest: keys in one order, one line a pack, so that two of them can be compared line by line. */
function manifestText({ version, expires, packs }) {
  return `{"manifest":1,"version":${version},"expires":${JSON.stringify(expires)},"packs":[\n${packs.map(pack => JSON.stringify(pack)).join(',\n')}\n]}\n`
}

/** Writes plans and manifest; gives what it lists. `rules` are loaded packs. */
export function buildSet(folder, rules, { version, expires, today }) {
  const [own, until] = [nextVersion(formerManifest(folder), version), expiryOf(expires, today)]
  const plans = rules.map(one => {
    const plan = one.planJson()
    const { digest, pack } = JSON.parse(plan)
    const bytes = Buffer.from(plan)
    return { bytes, entry: { id: pack.id, revision: pack.revision, digest, file: `${pack.id}.plan.json`, bytes: bytes.length, sha256: sha256(bytes) } }
  })
  const twice = plans.find(({ entry }, i) => plans.findIndex(other => other.entry.id === entry.id) !== i)
  if (twice !== undefined) throw misuse('twice', { zh: `政策包 \`${twice.entry.id}\` 给了两次`, en: `the pack \`${twice.entry.id}\` was given twice` })
  plans.sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1))
  const packs = plans.map(({ entry }) => entry)
  const files = plans.map(({ bytes, entry }) => [inside(folder, entry.file), bytes])
  makeFolder(folder)
  // The manifest last: it never lists what is not there yet.
  writeTogether([...files, [join(folder, MANIFEST), manifestText({ version: own, expires: until, packs })]])
  return { version: own, expires: until, packs }
}
