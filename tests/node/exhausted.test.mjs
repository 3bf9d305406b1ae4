// The instance's memory runs out: the call that it happens in throws `engine-trap`, the instance is replaced, every loaded
// plan goes on, and the same call works again.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Engine, YibaoError, loadPlan as loadInto } from '../../www/dist/core.js'
import { file, suzhou } from './kit.mjs'

const PAGES = 65_536
const text = file('www/dist/plans/anhui-suzhou-resident.plan.json').toString()

/** An instance of its own: what one call left of its memory is no room for the next. */
async function begun(name) {
  const engine = new Engine(await import(`../../www/dist/portal/yibao.js?${name}`))
  engine.initSync(file('www/dist/portal/yibao_bg.wasm'))
  return engine
}

/** Takes all the memory that the instance may have, so that its allocator gets no more. */
function exhaust({ memory }) {
  memory.grow(PAGES - memory.buffer.byteLength / 65_536)
  return memory
}

/** Calls that need more than an instance has at hand. */
const FACTS = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, 'x'.repeat(90_000)]))
const plan = JSON.parse(text)
plan.pack.caveats = Array.from({ length: 100_000 }, () => ({ zh: '这是为测试写的', en: 'this is written for a test of memory that runs out' }))
const calls = {
  'a decision': rules => rules.evaluate('inpatient', { facts: FACTS }),
  'a load': (rules, engine) => loadInto(engine, plan).free(),
}

for (const [name, call] of Object.entries(calls)) {
  test(`${name} without memory stops, and nothing else does`, async () => {
    const engine = await begun(encodeURIComponent(name))
    const [one, two] = [loadInto(engine, text), loadInto(engine, text)]
    const answer = JSON.stringify(one.evaluate('inpatient', suzhou))
    const memory = exhaust(engine)
    assert.throws(() => call(one, engine), error => error instanceof YibaoError && error.code === 'engine-trap')
    assert.notEqual(engine.memory, memory)
    for (const rules of [one, two]) assert.equal(JSON.stringify(rules.evaluate('inpatient', suzhou)), answer)
    // With memory again, the call is answered as it always is.
    if (name === 'a load') call(one, engine)
    else assert.throws(() => call(one, engine), error => error instanceof YibaoError && error.code === 'unknown-fact')
    one.free()
    two.free()
  })
}
