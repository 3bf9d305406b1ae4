// The engine for the second reader: a case a line in, its answer a line out. `node engine.mjs PLANS`, the folder of plans.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { YibaoError, loadPlan } from '../../www/dist/node.js'

const [folder] = process.argv.slice(2)
const loaded = new Map()

function rules(pack) {
  if (!loaded.has(pack)) loaded.set(pack, loadPlan(readFileSync(join(folder, `${pack}.plan.json`))))
  return loaded.get(pack)
}

for await (const line of createInterface({ input: process.stdin })) {
  const { pack, service, input } = JSON.parse(line)
  let answer
  try {
    const decision = rules(pack).evaluate(service, input)
    answer = { ...JSON.parse(JSON.stringify(decision)) }
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    answer = { error: error.diagnostics.map(({ code, message }) => ({ code, message })) }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
