// Memory does not grow: a million evaluations, a thousand plans, and handles freed in each of the three ways.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { YibaoError } from '../../www/dist/node.js'
import { file, openEngine, suzhou } from './kit.mjs'

// As `node --expose-gc` has it.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

const text = file('www/dist/plans/anhui-suzhou-resident.plan.json').toString()
const { loadPlan, memory: wasm } = openEngine()
const turn = () => new Promise(resolve => setImmediate(resolve))

/** Bytes in use. A weak reference holds its object to the end of the turn it was made in, and finalizers run between turns. */
async function heap() {
  for (let turns = 0; turns < 3; turns++) {
    await turn()
    collect()
  }
  return process.memoryUsage().heapUsed
}

/** What stays for good is far below this; a byte an evaluation would be above it. */
const NOISE = 1_000_000

/** Runs `work` often, after it has run enough for every buffer and every compiled function to be there. */
async function assertFlat(work, warm, many) {
  for (let i = 1; i <= warm; i++) work(i)
  const [used, before] = [await heap(), wasm()]
  for (let i = 1; i <= many; i++) {
    work(i)
    if (i % 100 === 0) await turn()
  }
  assert.equal(wasm(), before)
  const grown = (await heap()) - used
  assert.ok(grown < NOISE, `${grown} bytes more on the heap`)
}

test('1,000,000 evaluations leave both memories as they were', async () => {
  const rules = loadPlan(text)
  let read = 0
  await assertFlat(i => { read += rules.evaluate('inpatient', { ...suzhou, total: String(i) }).amounts.patient.text.length }, 20_000, 1_000_000)
  assert.ok(read > 1_000_000)
  rules.free()
})

const LOADS = 1_000

/** Ways of getting rid of loaded rules. */
const WAYS = {
  free: rules => rules.free(),
  'Symbol.dispose': rules => rules[Symbol.dispose](),
}

for (const [way, letGo] of Object.entries(WAYS)) {
  test(`1,000 plans, each let go by ${way}, leave both memories as they were`, async () => {
    await assertFlat(i => {
      const rules = loadPlan(text)
      assert.equal(rules.evaluate('inpatient', { ...suzhou, total: String(i) }).outcome, 'computed')
      letGo(rules)
      if (i % 100 === 0) assert.throws(() => rules.evaluate('inpatient', suzhou), error => error instanceof YibaoError && error.code === 'freed')
    }, 100, LOADS)
  })
}

test('1,000 plans that nobody lets go are freed by the collector', async () => {
  const load = async many => {
    for (let i = 0; i < many; i++) loadPlan(text).evaluate('inpatient', suzhou)
    await heap()
  }
  await load(100)
  const [used, before] = [await heap(), wasm()]
  for (let i = 0; i < LOADS / 100; i++) await load(100)
  assert.equal(wasm(), before)
  assert.ok((await heap()) - used < NOISE)
  // The same number held on to needs more, or this test could not fail.
  const held = Array.from({ length: LOADS }, () => loadPlan(text))
  assert.ok(wasm() > before)
  for (const rules of held) rules.free()
})
