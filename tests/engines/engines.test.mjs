// Every browser that this machine has goes through the same flow, under the plain and under the strict policy. A browser
// that is missing is a failure with its name: a row without a test says so in `docs/hosts.md`, and not otherwise.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { NO_WASM, WASM, serve } from '../browser/server.mjs'
import { ROWS, displayServer } from './rows.mjs'

const SITE = fileURLToPath(new URL('../../www/dist/site/', import.meta.url))
const FLOW = readFileSync(new URL('flow.js', import.meta.url), 'utf8')
const STEPS = ['story', 'estimate', 'why', 'chart', 'comparison', 'year', 'share', 'elder', 'selftest']
const POLICIES = { plain: WASM, strict: NO_WASM }
const LIMIT = 240_000

const page = (title, body) => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"></head><body>${body}</body></html>`
const check = mode => page('check', `<yibao-check pack="/yibao/packs/demo.json" region="341300" service="estimate" layout="single" mode="${mode}" features="chart compare year print share speech export"></yibao-check><script type="module" src="/yibao/element/yibao-check.js"></script>`)
const PAGES = { '/flow/': page('flow', '<script type="module" src="/flow/flow.js"></script>'), '/flow/flow.js': FLOW, '/flow/check.html': '' }

function site(policy) {
  return serve(SITE, {
    policy, pages: PAGES,
    change(path, body, query) {
      if (path.endsWith('.js')) return { body, type: 'text/javascript; charset=utf-8' }
      return path === '/flow/check.html' ? { body: Buffer.from(check(query === 'elder' ? 'elder' : 'standard')) } : undefined
    },
  })
}

/** What the flow said, in order, until its end. */
const said = asked => asked.filter(path => path.startsWith('/said/')).map(path => JSON.parse(path.slice('/said/'.length)))

async function flown(program, args, env, asked) {
  const child = spawn(program, args, { stdio: 'ignore', detached: true, env: { ...process.env, ...env } })
  let ended
  const gone = new Promise(resolve => child.on('exit', code => resolve(ended = code ?? 'killed')))
  const end = Date.now() + LIMIT
  try {
    while (!said(asked).some(({ step }) => step === 'end') && Date.now() < end && ended === undefined) await new Promise(resolve => setTimeout(resolve, 100))
  } finally {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It went by itself.
    }
  }
  await gone
  return said(asked)
}

/** Some of a browser's processes outlive it for a moment, and write. What cannot be removed is the system's to clear. */
const cleared = folder => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => {})

let display
/** A screen for those that need one. Number from the process, so that two runs do not meet. */
async function screen() {
  if (display === undefined) {
    const number = 100 + (process.pid % 400)
    const program = displayServer()
    assert.ok(program, 'Xvfb is not installed')
    const child = spawn(program, [`:${number}`, '-screen', '0', '1000x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' })
    process.on('exit', () => child.kill())
    await new Promise(resolve => setTimeout(resolve, 1000))
    display = { DISPLAY: `:${number}`, stop: () => child.kill() }
  }
  return display
}

const results = {}
for (const row of ROWS) {
  for (const [policy, text] of Object.entries(POLICIES)) {
    test(`${row.name}, ${policy} policy: ${STEPS.join(', ')}`, async () => {
      const program = row.program()
      assert.ok(program, `${row.name} is not installed: not tested`)
      const profile = mkdtempSync(join(tmpdir(), 'yibao-engine-'))
      const server = await site(text)
      try {
        const { DISPLAY } = row.display ? await screen() : {}
        const steps = await flown(program, row.args(profile, `${server.url}/flow/`), DISPLAY && { DISPLAY }, server.asked)
        assert.deepEqual(steps.filter(({ error }) => error !== undefined).map(({ step, error }) => `${step}: ${error}`), [])
        assert.deepEqual(steps.map(({ step }) => step), [...STEPS, 'end'])
        const { build, packs, cases, same } = steps.find(({ step }) => step === 'selftest')
        assert.equal(build, policy === 'strict' ? 'js' : row.build)
        assert.ok(packs > 60 && cases > 1000, `${cases} cases of ${packs} packs`)
        assert.equal(same, cases)
        const { agent } = steps.find(({ step }) => step === 'end')
        ;(results[row.name] ??= { agent })[policy] = { build, cases }
      } finally {
        await server.close()
        await cleared(profile)
      }
    })
  }
}

test('what was run is written down', () => {
  display?.stop()
  if (process.env.YIBAO_ENGINES) writeFileSync(process.env.YIBAO_ENGINES, `${JSON.stringify(results, null, 2)}\n`)
  assert.deepEqual(Object.keys(results), ROWS.map(({ name }) => name))
  // The table that people read says what ran.
  const names = { wasm: 'WebAssembly', js: 'JavaScript' }
  const table = readFileSync(new URL('../../docs/hosts.md', import.meta.url), 'utf8').split('\n').filter(line => line.startsWith('|')).map(line => line.split('|').map(cell => cell.trim()))
  for (const [name, { plain, strict }] of Object.entries(results)) {
    const [row] = table.filter(cells => cells[1] === name)
    assert.deepEqual(row?.slice(3, 5), [names[plain?.build], names[strict?.build]], name)
  }
})
