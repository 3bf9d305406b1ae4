// Compiled packs in a folder, and the manifest that lists them.

import { join } from 'node:path'
import { MANIFEST, entryOf, manifestText, parseManifest, planFile } from '../../dist/signatures-node.js'
import { inside, makeFolder, writeTogether } from '../atomic.mjs'
import { misuse } from '../exit.mjs'
import { readBytes } from '../files.mjs'
import { isThere } from './folder.mjs'
import { refusing } from './refusal.mjs'
import { expiryOf, nextVersion, rootOf } from './root.mjs'

const WHAT = { zh: '清单', en: 'manifest' }

/** What the folder's manifest says; undefined where there is none yet. */
async function formerManifest(folder) {
  const file = join(folder, MANIFEST)
  return isThere(file) ? refusing(file, () => parseManifest(readBytes(file, WHAT))) : undefined
}

/** Writes plans and manifest; gives what it lists. `rules` are loaded packs. */
export async function buildSet(folder, rules, { version, expires, today }) {
  const root = await rootOf(folder)
  const until = expiryOf(expires, today)
  const former = await formerManifest(folder)
  // Under a new root versions may begin anew.
  const own = nextVersion(former?.version ?? 0, version, former?.root === root.version ? undefined : 1)
  const plans = rules.map(one => {
    const bytes = Buffer.from(one.planJson())
    return { bytes, entry: entryOf(bytes) }
  })
  plans.sort((a, b) => (a.entry.id < b.entry.id ? -1 : 1))
  const twice = plans.find(({ entry }, i) => plans[i + 1]?.entry.id === entry.id)
  if (twice !== undefined) throw misuse('twice', { zh: `政策包 \`${twice.entry.id}\` 给了两次`, en: `the pack \`${twice.entry.id}\` was given twice` })
  const packs = plans.map(({ entry }) => entry)
  const manifest = manifestText({ root: root.version, version: own, expires: until, packs })
  // What those who verify would refuse is not written.
  await refusing(join(folder, MANIFEST), () => parseManifest(manifest))
  const files = plans.map(({ bytes, entry }) => [inside(folder, planFile(entry.id)), bytes])
  makeFolder(folder)
  // The manifest last: it never lists what is not there yet.
  writeTogether([...files, [join(folder, MANIFEST), manifest]])
  return { root: root.version, version: own, expires: until, packs }
}
