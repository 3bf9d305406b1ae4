// What a page downloads, packed by gzip -9: our files as a page has them, the peers bundled and minified.

import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { path } from './data.mjs'

const packed = bytes => gzipSync(bytes, { level: 9 }).length
const esbuild = createRequire(path('www/package.json'))('esbuild')
/** Glue is part of a page's one module there, and minified with it. */
const shipped = name => (name.endsWith('/yibao.js') ? esbuild.transformSync(readFileSync(path(`www/dist/${name}`), 'utf8'), { minify: true, format: 'esm', legalComments: 'none' }).code : readFileSync(path(`www/dist/${name}`)))
const files = (...names) => names.reduce((sum, name) => sum + packed(shipped(name)), 0)

function largestPlan() {
  const plans = readdirSync(path('www/dist/plans')).filter(name => name.endsWith('.plan.json'))
  return plans.map(name => ({ name: name.replace('.plan.json', ''), bytes: files(`plans/${name}`) })).reduce((a, b) => (b.bytes > a.bytes ? b : a))
}

const BUNDLED = {
  'json-logic-js': 'json-logic-js', 'json-logic-engine': 'json-logic-engine', 'json-rules-engine': 'json-rules-engine',
  publicodes: 'publicodes', feelin: 'feelin', 'decimal.js': 'decimal.js',
}

/** A peer's library for browsers, without rules, as esbuild makes it; null where that fails. */
async function bundled(name, failures) {
  const contents = `import * as peer from '${name}'; globalThis.peer = peer`
  try {
    const { outputFiles: [{ contents: bytes }] } = await esbuild.build({
      stdin: { contents, resolveDir: path('benches/peers') }, bundle: true, minify: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent',
    })
    return packed(bytes)
  } catch (error) {
    failures.push(`${name} could not be bundled to see its size: ${error.message.split('\n')[0]}`)
    return null
  }
}

export async function sizes(failures) {
  const peers = []
  for (const [title, name] of Object.entries(BUNDLED)) peers.push({ title, bytes: await bundled(name, failures) })
  return {
    ours: [
      { title: 'analysis build, both parts: Wasm + glue (decides, explains; curve, bounds, compare)', bytes: files('analysis/yibao_first.wasm', 'analysis/yibao_rest.wasm', 'analysis/yibao.js'), target: 61_440, stretch: 40_960 },
      { title: 'of that, before the first decision', bytes: files('analysis/yibao_first.wasm', 'analysis/yibao.js') },
      { title: 'portal build, both parts: Wasm + glue (decides, explains)', bytes: files('portal/yibao_first.wasm', 'portal/yibao_rest.wasm', 'portal/yibao.js') },
      { title: 'portal build, before the first decision', bytes: files('portal/yibao_first.wasm', 'portal/yibao.js'), target: 81_920 },
      { title: 'JavaScript build', bytes: files('portal-js/yibao.js'), target: 92_160 },
      { title: 'batch module', bytes: files('batch/yibao_batch.wasm') },
    ],
    plan: { ...largestPlan(), target: 15_360 },
    peers,
  }
}

