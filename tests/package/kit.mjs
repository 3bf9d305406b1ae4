// The package as npm packs it, installed into fresh projects.

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const www = join(root, 'www')
/** Tools of this folder, and of www. */
export const tool = createRequire(new URL('package.json', import.meta.url))
export const wwwTool = createRequire(join(www, 'package.json'))

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'yibao-package-')))
after(() => rmSync(folder, { recursive: true, force: true }))
export const at = path => join(folder, path)

export function write(path, content) {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), content)
}

const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm'
export function npm(cwd, ...args) {
  return execFileSync(NPM, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, npm_config_update_notifier: 'false' } })
}

let tarball
/** The tarball, packed once: its path and the files in it. */
export function packed() {
  if (tarball === undefined) {
    const [made] = JSON.parse(npm(www, 'pack', '--json', '--pack-destination', folder))
    tarball = { path: at(made.filename), files: made.files.map(({ path }) => path), size: made.size }
  }
  return tarball
}

/** A fresh project that has installed the tarball. */
export function project(name, files = {}) {
  write(`${name}/package.json`, JSON.stringify({ name, private: true, type: 'module' }))
  npm(at(name), 'install', packed().path, '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts')
  for (const [path, text] of Object.entries(files)) write(`${name}/${path}`, text)
  return at(name)
}

export function run(program, args, options) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, ...options })
  return { status, stdout, stderr }
}

export function ok(result) {
  assert.equal(result.status, 0, `${result.stdout}${result.stderr}`)
  return result.stdout
}

const TYPES = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', json: 'application/json' }
function pathOf(folder, url) {
  try {
    const { pathname } = new URL(url, 'http://x')
    return pathname.includes('%00') ? undefined : join(folder, decodeURIComponent(pathname).replace(/\/$/, '/index.html'))
  } catch {
    return undefined
  }
}

/** Serves a folder on loopback with the policy of a careful portal; calls back with the address. */
export async function served(folder, work) {
  const { createReadStream, statSync } = await import('node:fs')
  const server = createServer((request, response) => {
    const path = pathOf(folder, request.url)
    if (path === undefined) return response.writeHead(400).end()
    if (!path.startsWith(folder) || !statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': TYPES[path.split('.').at(-1)] ?? 'application/octet-stream', 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'" })
    return createReadStream(path).pipe(response)
  })
  await new Promise(done => server.listen(0, '127.0.0.1', done))
  try {
    return await work(`http://127.0.0.1:${server.address().port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

let browser
after(() => browser?.close())

/** Opens a page in Chromium and gives the text of its body once it has one, with what the console complained of. */
export async function shown(address) {
  if (browser === undefined) {
    const { chromium } = wwwTool('playwright')
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH || undefined, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  }
  const page = await browser.newPage()
  const complaints = []
  page.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(address)
  await page.waitForFunction(() => document.body.dataset.done !== undefined, undefined, { timeout: 60_000 }).catch(error => assert.fail(`${error.message}\n${complaints.join('\n')}`))
  const text = await page.evaluate(() => document.body.dataset.done)
  await page.close()
  return { text, complaints: complaints.filter(one => !one.includes('favicon')) }
}

export { cpSync, readdirSync }
