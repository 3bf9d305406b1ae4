import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

const portalWasm = new URL('../../www/dist/portal/yibao_bg.wasm', import.meta.url)

test('the portal build is a WebAssembly module that this Node accepts', async () => {
  const bytes = await readFile(portalWasm)
  assert.deepEqual([...bytes.subarray(0, 4)], [0x00, 0x61, 0x73, 0x6d])
  assert.ok(WebAssembly.validate(bytes))
})
