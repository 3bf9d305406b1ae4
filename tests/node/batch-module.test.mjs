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
