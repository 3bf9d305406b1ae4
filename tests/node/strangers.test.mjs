// What a caller hands in may run programs of theirs while it is read: getters that free what is in use, shrink a buffer
// or call again. And bytes may come from another realm.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { openBatch } from '../../www/dist/batch-node.js'
import { YibaoError, loadPlan } from '../../www/dist/node.js'
import { keyId, sha256 } from '../../www/dist/signatures-node.js'
import { loadPack } from '../../www/dist/authoring-node.js'
import { file, suzhou } from './kit.mjs'

const text = file('www/dist/plans/anhui-suzhou-resident.plan.json').toString()
const others = { ...suzhou, total: undefined }
const opened = () => openBatch(loadPlan(text), 'inpatient', { outputs: ['patient'] })

function refused(call, code, message = /./) {
  assert.throws(call, error => error instanceof YibaoError && error.code === code && message.test(error.message))
}

/** An object whose key `total` does something before it answers. */
const slyly = (work, value, rest = {}) => Object.defineProperty({ ...rest }, 'total', { enumerable: true, get() { work(); return value } })

test('a batch that is freed while its cases are read says so', () => {
  const ways = {
    run: (batch, free) => batch.run(slyly(free, Float64Array.of(1, 2))),
    same: (batch, free) => batch.run({ out_of_scope: Float64Array.of(1) }, { same: slyly(free, '1') }),
    runRows: (batch, free) => batch.runRows([slyly(free, 1)]),
    runCases: (batch, free) => batch.runCases([slyly(free, '1', others)]),
  }
  for (const way of Object.values(ways)) {
    const batch = opened()
    refused(() => way(batch, () => batch.free()), 'freed', /freed/)
    refused(() => batch.run({ total: Float64Array.of(1) }), 'freed')
  }
})

test('rules that are freed while a case is read say so', () => {
  for (const ask of ['evaluate', 'explain']) {
    const rules = loadPlan(text)
    refused(() => rules[ask]('inpatient', slyly(() => rules.free(), '20000', others)), 'freed')
    const warm = loadPlan(text)
    warm.evaluate('inpatient', suzhou)
    refused(() => warm[ask]('inpatient', slyly(() => warm.free(), '20000', others)), 'freed')
  }
})

test('a batch called from a getter of its own call refuses the inner call, and the outer one is right', () => {
  const batch = opened()
  const inner = () => refused(() => batch.run({ total: Float64Array.of(5) }), 'batch-request', /while it reads/)
  const alone = batch.runRows([{ total: 2_000_000 }])
  assert.deepEqual(batch.runRows([slyly(inner, 2_000_000)]), alone)
  assert.deepEqual(batch.run(slyly(inner, Float64Array.of(2_000_000))), batch.run({ total: Float64Array.of(2_000_000) }))
})

test('a column whose buffer shrinks while the next one is read is no column, and no bill of the run before', () => {
  const batch = opened()
  batch.run({ total: Float64Array.of(2_000_000, 2_000_000), first_pay: Float64Array.of(0, 0) })
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 })
  for (const total of [new Float64Array(buffer), new Float64Array(buffer, 0, 2)]) {
    buffer.resize(16)
    const sly = { total, get first_pay() { buffer.resize(8); return Float64Array.of(0, 0) } }
    refused(() => batch.run(sly), 'batch-request', /`total` shrank/)
  }
  assert.equal(batch.run({ total: Float64Array.of(1), first_pay: Float64Array.of(0) }).length, 1)
})

test('a result to be written over must be one, and stay one', () => {
  const batch = opened()
  const total = Float64Array.of(1, 2)
  const whole = batch.run({ total })
  for (const into of [{ length: 2 }, { ...whole, outcomes: [0, 0] }, { ...whole, values: {} }, { ...whole, values: { patient: new Float64Array(3) } }]) {
    refused(() => batch.run({ total }, { into }), 'batch-request', /none of this batch/)
  }
  const buffer = new ArrayBuffer(16, { maxByteLength: 16 })
  const into = { length: 2, outcomes: new Uint8Array(2), values: { ...whole.values, patient: new Float64Array(buffer) } }
  refused(() => batch.runRows([slyly(() => buffer.resize(8), 1), { total: 1 }], { into }), 'batch-request', /shrank/)
  assert.equal(batch.run({ total }, { into: whole }), whole)
})

test('bytes and columns of another realm are bytes and columns', () => {
  const there = (type, values) => runInNewContext(`${type}.from(values)`, { values })
  const bytes = there('Uint8Array', [...Buffer.from(text)])
  assert.ok(!(bytes instanceof Uint8Array))
  assert.equal(loadPlan(bytes).pack.id, 'anhui-suzhou-resident')
  assert.equal(sha256(there('Uint8Array', [97, 98, 99])), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  refused(() => keyId(there('Float64Array', [1])), 'wrong-type')
  assert.throws(() => loadPack(there('Uint8Array', [0x70, 0x61])), YibaoError)
  const batch = opened()
  assert.deepEqual(batch.run({ total: there('Float64Array', [1, 2]) }), batch.run({ total: Float64Array.of(1, 2) }))
  // What only says that it is one is none.
  const liar = { [Symbol.toStringTag]: 'Uint8Array', length: 2, buffer: new ArrayBuffer(2), byteOffset: 0 }
  refused(() => batch.run({ total: liar }), 'wrong-type', /no column/)
})

test('names that nobody knows take time in proportion to their number', () => {
  // As many as a case may have. Each held against all before it would be 18,000,000,000 comparisons of texts.
  const facts = Object.fromEntries(Array.from({ length: 190_000 }, (_, i) => [`nobody_knows_${i}`, '1']))
  assert.throws(() => loadPlan(text).evaluate('inpatient', facts), error => {
    assert.equal(error.diagnostics.length, 201)
    assert.match(error.diagnostics.at(-1).message, /189800 more problems/)
    return error.code === 'unknown-fact'
  })
})

test('a long name above many answers is not written out for each of them', () => {
  // 100,000 characters above 100,000 records: 10 GB of paths.
  const facts = { ['x'.repeat(100_000)]: Array.from({ length: 100_000 }, () => '1') }
  refused(() => loadPlan(text).evaluate('inpatient', facts), 'unknown-fact')
})
