// The cases as files that every language reads, what they must give, and our plan of the rule.

import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadPack } from '../../www/dist/authoring-node.js'
import { COUNT, caseAt, generate, write } from '../peers/cases.mjs'
import { exact } from '../peers/exact.mjs'

export const path = relative => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
export const folder = path('target/performance')

/** Basic and critical-illness amounts of every case, one after the other, in fen. */
export const expected = new Float64Array(2 * COUNT)

export function makeData() {
  const columns = generate()
  write(folder, columns)
  for (let i = 0; i < COUNT; i++) {
    const { basic, critical } = exact(caseAt(columns, i))
    expected[2 * i] = basic
    expected[2 * i + 1] = critical
  }
  const pack = readFileSync(path('benches/rich.pack.yaml'))
  writeFileSync(`${folder}/rich.pack.yaml`, pack)
  writeFileSync(`${folder}/rich.plan.json`, loadPack(pack).planJson())
}
