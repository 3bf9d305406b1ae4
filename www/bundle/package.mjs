// The entries of the package, each a module over one that they share: `node bundle/package.mjs SRC DIST INTEGRITY`.
// Node takes half a millisecond to load a module, however small.

import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { build } from 'esbuild'

const [source, dist, integrity] = process.argv.slice(2).map(path => resolve(path))
const SHARED = 'core.js'
const { exports } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8'))
/** What the package exports of `dist` itself, and the switch that `portal.mjs` adds to a page. */
const files = Object.values(exports).flatMap(found => (typeof found === 'string' ? [] : Object.values(found)))
const entries = new Set(['pause.js', ...files.flatMap(file => /^\.\/dist\/([^/]+\.js)$/u.exec(file)?.[1] ?? [])])

// Names stay: they stand in what a developer is shown.
const common = { bundle: true, external: ['node:*'], format: 'esm', minifyWhitespace: true, minifySyntax: true, charset: 'utf8', target: 'es2022', legalComments: 'none', logLevel: 'warning' }

// Node prints the line that an error comes from. The entries have long lines: cut off in the middle of an address, one
// would hide it from bundlers.
const { metafile } = await build({ ...common, lineLimit: 140, entryPoints: [join(source, SHARED)], outfile: join(dist, SHARED), metafile: true })
const shared = new Set(Object.keys(metafile.inputs).map(file => resolve(file)))

/** Replaces what stands exactly once; anything else means that wasm-bindgen now writes otherwise. */
function replaced(text, from, to) {
  const parts = text.split(from)
  if (parts.length !== 2) throw new Error(`the glue has ${from} ${parts.length - 1} times where once is expected`)
  return parts.join(to)
}

const parts = {
  name: 'parts',
  setup(build) {
    build.onResolve({ filter: /^\.\// }, ({ path, importer, kind }) => {
      if (path === './integrity.js') return { path: integrity }
      // The engine in JavaScript is fetched only where WebAssembly is refused.
      if (kind === 'dynamic-import') return { path, external: true }
      if (path.endsWith('/yibao.js')) return { path: join(dist, path) }
      return shared.has(resolve(dirname(importer), path)) ? { path: `./${SHARED}`, external: true } : undefined
    })
    // An entry says itself where its Wasm lies. The glue's own idea of it is another file, once the two are one module.
    build.onLoad({ filter: /[/\\]yibao\.js$/ }, async ({ path }) => ({
      contents: replaced(await readFile(path, 'utf8'), /^ +module_or_path = new URL\('yibao_bg\.wasm', import\.meta\.url\);$/mu, ''), loader: 'js',
    }))
  },
}

await Promise.all([...entries].map(name => build({ ...common, entryPoints: [join(source, name)], outfile: join(dist, name), plugins: [parts] })))
