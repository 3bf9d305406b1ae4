import assert from 'node:assert/strict'
import { readFile, readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'

const portalWasm = new URL('../../www/dist/portal/yibao_bg.wasm', import.meta.url)

test('the portal build is a WebAssembly module that this Node accepts', async () => {
  const bytes = await readFile(portalWasm)
  assert.deepEqual([...bytes.subarray(0, 4)], [0x00, 0x61, 0x73, 0x6d])
  assert.ok(WebAssembly.validate(bytes))
})

// What a phone loads beside the engine. The largest is Gaizhou's, 14.9 KB with `gzip -9`; Node's own packs a little worse.
test('no plan weighs more than 15 KB packed', async () => {
  const folder = new URL('../../www/dist/plans/', import.meta.url)
  const plans = (await readdir(folder)).filter(name => name.endsWith('.plan.json'))
  assert.ok(plans.length > 30, `${plans.length} plans`)
  for (const name of plans) {
    const { length } = gzipSync(await readFile(new URL(name, folder)), { level: 9 })
    assert.ok(length <= 15 * 1024, `${name}: ${length}`)
  }
})
