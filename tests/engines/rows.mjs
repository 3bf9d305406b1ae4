// The browsers that the flow is run in, one a row: where the program is, how it opens an address, and which build of the
// engine it is expected to run where the policy allows WebAssembly.

import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

const here = createRequire(new URL('package.json', import.meta.url))
const UNPACKED = fileURLToPath(new URL('../../target/engines/', import.meta.url))

const found = (...paths) => paths.filter(Boolean).find(path => existsSync(path))
const onPath = name => found(...(process.env.PATH ?? '').split(':').map(folder => join(folder, name)))

const CHROMIUM = ['--headless', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--hide-scrollbars', '--window-size=400,900']
// Chromium's sandbox does not start as root.
const SANDBOX = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const chromium = (profile, url) => [...CHROMIUM, ...SANDBOX, `--user-data-dir=${profile}`, '--remote-debugging-port=0', url]

/** A headless Chromium that lies packed in an npm package. */
function packed(name) {
  const program = join(UNPACKED, name, 'chromium')
  if (existsSync(program)) return program
  const archive = join(here.resolve.paths(name).map(folder => join(folder, name)).find(existsSync) ?? '', 'bin/chromium.br')
  if (!existsSync(archive)) return undefined
  mkdirSync(dirname(program), { recursive: true })
  writeFileSync(`${program}.part`, brotliDecompressSync(readFileSync(archive)))
  chmodSync(`${program}.part`, 0o755)
  renameSync(`${program}.part`, program)
  return program
}

export const ROWS = [
  { name: 'Chromium', program: () => found(process.env.CHROMIUM_PATH) ?? onPath('chromium') ?? onPath('google-chrome'), args: chromium, build: 'wasm' },
  { name: 'Chromium 80', program: () => packed('chromium-80'), args: chromium, build: 'js' },
  { name: 'Chromium 109', program: () => packed('chromium-109'), args: chromium, build: 'wasm' },
  {
    name: 'Firefox ESR', program: () => onPath('firefox-esr') ?? onPath('firefox'), build: 'wasm',
    args: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url],
  },
  {
    // WebKit's own browser for tests; it needs a display.
    name: 'WebKitGTK', build: 'wasm', display: true,
    program: () => found('/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '/usr/libexec/webkit2gtk-4.1/MiniBrowser'),
    args: (profile, url) => ['--private', url],
  },
]

/** A display for those that need one: the number of a server that runs until the process ends. */
export const displayServer = () => onPath('Xvfb')

export function versionOf(row, program) {
  try {
    return /\d+(?:\.\d+)*/u.exec(execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))?.[0]
  } catch {
    return undefined
  }
}
