// Random packs for the second reader: `node random_packs.mjs FOLDER COUNT SEED` writes COUNT packs that compile, each with
// its plan.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { YibaoError, loadPack } from '../../www/dist/authoring-node.js'
import { random } from '../node/kit.mjs'
import { randomPack } from '../node/packs.mjs'

const [folder, count, seed] = process.argv.slice(2)
const below = random(Number(seed))
mkdirSync(folder, { recursive: true })

/** The plan of a pack, or nothing where it does not compile: not every random formula keeps its units and bounds. */
function planOf(text) {
  try {
    const rules = loadPack(text)
    const plan = rules.planJson()
    rules.free()
    return plan
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return undefined
  }
}

for (let made = 0, tried = 0; made < Number(count); tried++) {
  if (tried > 50 * Number(count)) throw new Error(`only ${made} of ${tried} random packs compile`)
  const text = randomPack(below)
  const plan = planOf(text)
  if (plan === undefined) continue
  writeFileSync(join(folder, `random-${made}.pack.yaml`), text)
  writeFileSync(join(folder, `random-${made}.plan.json`), plan)
  made += 1
}
