// From what wasm2js wrote to one module: `node bundle/engine.mjs TRANSLATED GLUE OUT`.
//
// The glue of wasm-bindgen stays as it was made. It only ever asks `WebAssembly` for a module and for an instance of it,
// and here that name stands for the translated engine.

import { readFile } from 'node:fs/promises'
import { build } from 'esbuild'

const [translated, glue, out] = process.argv.slice(2)
const TARGET = 'es2020'

/** Replaces what stands exactly once; anything else means that wasm2js now writes otherwise. */
function replaced(text, from, to) {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`wasm2js wrote ${JSON.stringify(from)} ${parts.length - 1} times where once is expected`)
  return parts.join(to)
}

/** The translated engine as a function from imports to exports. */
function engine(text) {
  text = replaced(text, /^import \* as \S+ from '\.\/yibao_bg\.js';$/mu, '')
  const end = text.indexOf('\nvar retasmFunc = ')
  if (end === -1) throw new Error('wasm2js wrote no end that is known')
  text = `${text.slice(0, end)}\nexport { asmFunc as instantiate }\n`
  text = replaced(text, "throw new Error('abort')", "throw new Trap('unreachable')")
  // A memory that grows leaves its old buffer empty, and views on it with no length. Callers rely on that.
  text = replaced(text, '\n   buffer = newBuffer;', '\n   detach(buffer);\n   buffer = newBuffer;')
  return `import { Trap, detach } from 'stand-in'\n${asText(text)}`
}

/**
 * What the memory begins with as text, a byte a letter, where wasm2js writes base64: most of it is words, and words that
 * can be read pack better.
 */
function asText(text) {
  const begin = text.indexOf('  var base64ReverseLookup')
  const end = text.indexOf('function initActiveSegments')
  if (begin === -1 || end < begin) throw new Error('wasm2js now writes the beginning of the memory otherwise')
  const put = 'function put(at, text) { for (var i = 0; i < text.length; i++) bufferView[at + i] = text.charCodeAt(i) }\n'
  return (text.slice(0, begin) + put + text.slice(end))
    .replace(/base64DecodeToExistingUint8Array\(bufferView, (\d+), "([A-Za-z0-9+/=]*)"\)/gu, (_, at, base64) => (
      `put(${at}, ${JSON.stringify(Buffer.from(base64, 'base64').toString('latin1'))})`
    ))
}

const STAND_IN = `
/** What a trap throws, as WebAssembly.RuntimeError elsewhere. */
export class Trap extends Error {}

export function detach(buffer) {
  const { port1 } = new MessageChannel()
  port1.postMessage(undefined, [buffer])
  port1.close()
}
`

const ENTRY = `
import { instantiate } from 'engine'
import { Trap } from 'stand-in'
const WebAssembly = {
  Module: class {},
  Instance: class {
    constructor(module, imports) {
      this.exports = instantiate(imports)
      // The glue calls it when an instance is renewed, yet without reference types there is none.
      this.exports.__wbindgen_start ??= () => {}
    }
  },
}
export { Trap }
`

const modules = {
  engine: engine(await readFile(translated, 'utf8')),
  'stand-in': STAND_IN,
  entry: ENTRY + replaced(await readFile(glue, 'utf8'), /^export \{ initSync, \S+ as default \};$/mu, 'export { initSync }'),
}

const given = {
  name: 'given',
  setup(build) {
    build.onResolve({ filter: /^(engine|stand-in|entry)$/ }, ({ path }) => ({ path, namespace: 'given' }))
    build.onLoad({ filter: /./, namespace: 'given' }, ({ path }) => ({ contents: modules[path], loader: 'js' }))
  },
}

await build({
  entryPoints: ['entry'],
  outfile: out,
  bundle: true,
  format: 'esm',
  minify: true,
  charset: 'utf8',
  target: TARGET,
  legalComments: 'none',
  banner: { js: '// yibao-rules, MIT OR Apache-2.0. The engine in JavaScript, translated from the WebAssembly build.' },
  plugins: [given],
  logLevel: 'warning',
})
