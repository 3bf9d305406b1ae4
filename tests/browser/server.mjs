// A plain static server for tests that need a content policy, a media type or a damaged file of their own.

import { createServer } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8', '.wasm': 'application/wasm', '.txt': 'text/plain; charset=utf-8',
}

export const WASM = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
export const NO_WASM = WASM.replace(" 'wasm-unsafe-eval'", '')
export const TRUSTED = `${WASM}; require-trusted-types-for 'script'; trusted-types lit-html`

/** What is asked for; nothing where the address is none. */
function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://x').pathname)
  } catch {
    return undefined
  }
}

/**
 * Serves a folder until `close`. `change(path, body, query)` may give another body, `{ status }`, `{ to }` (a redirect), or a body with a `type`;
 * `pages` are files that are not there. `below`: the address under which the folder stands, all else being absent.
 */
export async function serve(folder, { policy = WASM, change = () => undefined, pages = {}, below = '', headers: more = {} } = {}) {
  const asked = []
  const server = createServer(async (request, response) => {
    const path = pathOf(request.url)
    if (path === undefined) return response.writeHead(400).end('400')
    asked.push(path)
    const file = path.startsWith(below) ? path.slice(below.length).replace(/\/$/u, '/index.html') : '/nothing'
    const headers = { ...(policy && { 'content-security-policy': policy }), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', ...more }
    try {
      const own = pages[path] === undefined ? await readFile(join(folder, normalize(file))) : Buffer.from(pages[path])
      const { to, status = to === undefined ? 200 : 302, body = own, type = TYPES[pages[path] === undefined ? extname(file) : '.html'] ?? 'application/octet-stream' } = change(path, own, request.url.split('?')[1]) ?? {}
      response.writeHead(status, { ...headers, 'content-type': type, ...(to && { location: to }) }).end(status === 200 ? body : '')
    } catch {
      response.writeHead(404, headers).end('404')
    }
  })
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${server.address().port}`, asked, close: () => new Promise(resolve => { server.close(resolve); server.closeAllConnections() }) }
}
