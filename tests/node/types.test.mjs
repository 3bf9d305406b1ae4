// The declarations hold for somebody who uses the package in TypeScript.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './kit.mjs'

test('a consumer compiles under strict settings', () => {
  const tsc = join(root, 'www/node_modules/typescript/bin/tsc')
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(root, 'tests/node/types')], { encoding: 'utf8' })
  assert.equal(stdout, '')
  assert.equal(status, 0)
})
