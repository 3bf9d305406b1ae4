// The module for columns as any host meets it: it asks for nothing, and offers what its documentation says.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { file } from './kit.mjs'

const module = new WebAssembly.Module(readFileSync(new URL('../../www/dist/batch/yibao_batch.wasm', import.meta.url)))

test('the module imports nothing', () => {
  assert.deepEqual(WebAssembly.Module.imports(module), [])
})

test('the module exports what is documented, and nothing else that can be called', () => {
  const rows = file('batch/src/lib.rs').toString().match(/^\/\/! \| `.*$/gm).map(row => row.split('|')[1])
  const documented = rows.flatMap(cell => [...cell.matchAll(/`(\w+)(\(.*?\))?`/g)].map(([, name, call]) => `${call ? 'function' : 'memory'} ${name}`))
  const exported = WebAssembly.Module.exports(module)
  // Two addresses that the linker leaves are no functions.
  const linker = ['__data_end', '__heap_base']
  assert.deepEqual(exported.filter(({ kind }) => kind === 'global').map(({ name }) => name).sort(), linker)
  assert.deepEqual(exported.filter(({ kind }) => kind !== 'global').map(({ kind, name }) => `${kind} ${name}`).sort(), documented.sort())
})

test('an instance made with nothing loads a plan, and says what is wrong with one that is none', () => {
  const { memory, text_room, load, reply_at, reply_len } = new WebAssembly.Instance(module).exports
  const say = text => {
    const bytes = new TextEncoder().encode(text)
    const at = text_room(bytes.length)
    new Uint8Array(memory.buffer, at, bytes.length).set(bytes)
  }
  say('{}')
  assert.equal(load(), 0)
  const reply = () => new TextDecoder().decode(new Uint8Array(memory.buffer, reply_at(), reply_len()))
  assert.equal(JSON.parse(reply())[0].code, 'bad-plan')
  say(file('www/dist/plans/anhui-suzhou-resident.plan.json').toString())
  assert.equal(load(), 1)
  assert.equal(reply(), '')
})

test('any host that compiles WebAssembly can run a service compiled, and have the rest decided', () => {
  const { memory, text_room, load, open, rest, reply_at, reply_len } = new WebAssembly.Instance(module).exports
  const bytes = () => new Uint8Array(memory.buffer)
  const say = text => {
    const encoded = new TextEncoder().encode(text)
    const at = text_room(encoded.length)
    bytes().set(encoded, at)
  }
  say(file('www/dist/plans/anhui-suzhou-resident.plan.json').toString())
  assert.equal(load(), 1)
  const names = { total: 'i64', out_of_scope: 'f64', over_limit: 'f64', first_pay: 'f64', admission_date: 'i32', scheme: 'u8', place: 'u8', level: 'u8' }
  say(JSON.stringify({ service: 'inpatient', cases: 3, inputs: names, outputs: ['patient'], compiled: true }))
  assert.equal(open(), 1)
  const { inputs, outcomes, outputs: [patient], compiled } = JSON.parse(new TextDecoder().decode(bytes().subarray(reply_at(), reply_at() + reply_len())))
  const made = new WebAssembly.Module(bytes().slice(compiled.at, compiled.at + compiled.length))
  assert.deepEqual(WebAssembly.Module.imports(made), [{ module: 'batch', name: 'memory', kind: 'memory' }])
  assert.deepEqual(WebAssembly.Module.exports(made), [{ name: 'run', kind: 'function' }])
  const { run } = new WebAssembly.Instance(made, { batch: { memory } }).exports
  const arrays = { f64: Float64Array, i64: BigInt64Array, i32: Int32Array, u8: Uint8Array }
  // In a county hospital: 20,000 yuan, not answered, 500 yuan; (700 − 500) × 20 % and the deductible is 540.
  const answers = { total: [2_000_000n, -(2n ** 63n), 50_000n], admission_date: [19_524, 19_524, 19_524], level: [1, 1, 1] }
  for (const { name, at, numbers } of inputs) new arrays[numbers](memory.buffer, at, 3).set(answers[name] ?? [0, 0, 0])
  assert.notEqual(run(3), 0)
  assert.equal(rest(3), 1)
  const found = () => [Array.from(new Uint8Array(memory.buffer, outcomes, 3)), Array.from(new Float64Array(memory.buffer, patient.at, 3))]
  assert.deepEqual(found(), [[0, 1, 0], [440_000, NaN, 50_000]])
  const place = ({ at, numbers }) => new arrays[numbers](memory.buffer, at, 3)
  place(inputs.find(({ name }) => name === 'total'))[1] = 70_000n
  place(inputs.find(({ name }) => name === 'scheme'))[2] = 1
  // A refusal is certain: nothing is left.
  assert.equal(run(3), 0)
  assert.deepEqual(found(), [[0, 0, 2], [440_000, 54_000, NaN]])
})
