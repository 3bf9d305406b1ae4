// Bundles the element: `node element/build.mjs OUT` writes to OUT (www/dist/element unless said otherwise).
// The form comes first; the answer comes with the engine, English words and the QR encoder when they are wanted.

import { readFile, writeFile, mkdir, rm, copyFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { build, transform } from 'esbuild'
import { SYNTAX } from '../bundle/floor.mjs'

const HERE = import.meta.dirname
const OUT = process.argv[2] ?? join(HERE, '../dist/element')
/** Bytes, gzip -9, until the form is painted, lit included. */
const BUDGET = 30_000
/** What that takes. The answer comes in a file of its own, with the engine that it needs anyway. */
const FIRST = ['yibao-check.js', 'chunk.js']

/** Style sheets become minified text; the element makes constructable sheets of them, which no content policy forbids. */
const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: ['chrome88', 'safari15', 'firefox101'] })
      return { contents: code, loader: 'text' }
    })
  },
}

/**
 * Templates carry line breaks and indentation for their readers; a page needs neither. Private members are names that
 * the bundler shortens: what the oldest browsers have in their place, a map for each, would be a tenth of the element.
 */
const templates = {
  name: 'templates',
  setup(build) {
    build.onLoad({ filter: /element[/\\].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      return { contents: unprivate(text).replace(/>\s*\n\s*</gu, '><').replace(/\n\s+/gu, '\n'), loader: 'js' }
    })
  },
}

/** `#name` after a point, and where a line of a class begins with it. */
const unprivate = text => text.replace(/\.#(\w+)/gu, '._own_$1').replace(/^(\s+(?:(?:static|async|get|set) )*)#(?=\w)/gmu, '$1_own_')

await rm(OUT, { recursive: true, force: true })
await mkdir(OUT, { recursive: true })
const { metafile } = await build({
  entryPoints: { 'yibao-check': join(HERE, 'index.js') },
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  ...SYNTAX,
  mangleProps: /^_own_/,
  legalComments: 'none',
  chunkNames: '[name]',
  banner: { js: '// MIT OR Apache-2.0; lit: BSD-3-Clause, Google LLC' },
  plugins: [styles, templates],
  metafile: true,
})
for (const file of ['yibao-check.d.ts', 'custom-elements.json']) await copyFile(join(HERE, file), join(OUT, file))

let first = 0
for (const file of Object.keys(metafile.outputs).sort()) {
  const bytes = await readFile(file)
  const packed = gzipSync(bytes, { level: 9 }).length
  const name = file.slice(file.lastIndexOf('/') + 1)
  console.log(`element/${name}`.padEnd(36), String(bytes.length).padStart(8), String(packed).padStart(8))
  if (FIRST.includes(name)) first += packed
}
await writeFile(join(OUT, 'package.json'), '{ "type": "module" }\n')
console.log('element until the form is painted'.padEnd(45), String(first).padStart(8))
if (first > BUDGET) {
  console.error(`the form is over its budget of ${BUDGET} bytes (gzip)`)
  process.exitCode = 1
}
