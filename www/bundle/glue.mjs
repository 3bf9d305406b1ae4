// The glue of an engine without what only its readers need: `node bundle/glue.mjs FILE`, in place.

import { build } from 'esbuild'

const [file] = process.argv.slice(2)

await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  banner: { js: '/* @ts-self-types="./yibao.d.ts" */' },
  logLevel: 'warning',
})
