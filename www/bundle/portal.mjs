// The package as one module for a portal: `node bundle/portal.mjs DIST OUT`. Rewritten for browsers that are some years
// old; the engine's own two files stay apart and are fetched when the engine starts.

import { join } from 'node:path'
import { build } from 'esbuild'
import { SYNTAX } from './floor.mjs'

const [dist, out] = process.argv.slice(2)

/** The package, and a switch beside it that the portal's staff can set. */
const ENTRY = `
import { init as open } from './analysis.js'
import { demandRunning } from './pause.js'
export * from './analysis.js'
export async function init(options) {
  await demandRunning(new URL('pause.json', import.meta.url))
  return open(options)
}
`

const common = {
  bundle: true,
  format: 'esm',
  minify: true,
  ...SYNTAX,
  external: ['./portal-js/yibao.js'],
  legalComments: 'none',
  banner: { js: '// yibao-rules, MIT OR Apache-2.0' },
  logLevel: 'warning',
}

await build({ ...common, stdin: { contents: ENTRY, resolveDir: dist, sourcefile: 'page.js' }, outfile: join(out, 'index.js') })
// Fetched only by those who verify.
await build({ ...common, entryPoints: [join(dist, 'signatures.js')], outfile: join(out, 'signatures.js') })
