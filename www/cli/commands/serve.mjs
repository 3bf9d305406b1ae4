// yibao serve: a preview on this machine that reloads when a file changes.

import { createServer } from 'node:http'
import { EXIT, misuse } from '../exit.mjs'
import { Preview } from '../preview.mjs'
import { countOf } from '../shape.mjs'
import { complaint, failure } from '../report.mjs'
import { onChange } from '../watch.mjs'

/** Tried first, so that the address stays the same from run to run. */
const USUAL_PORT = 8418
/** Pages need their own scripts and styles; the engine compiles Wasm. Nothing comes from elsewhere. */
const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export const name = 'serve'
export const summary = { zh: '在本机预览，文件一改就刷新', en: 'preview on this machine, reloaded when a file changes' }
export const usage = ['PACK...']
export const options = {
  port: { type: 'string', short: 'p', value: 'PORT', help: { zh: `端口（默认 ${USUAL_PORT}，占用时另选）`, en: `port (${USUAL_PORT}, or another where it is taken)` } },
}

export async function run(context) {
  if (context.args.length === 0) throw misuse('wrong-arguments', { zh: '这里要 PACK', en: 'expected a PACK' })
  const port = countOf(context.options.port, '--port', 65_535)
  const preview = new Preview(context, context.args)
  const { folders } = preview
  await preview.read()
  const readers = new Set()
  const server = serverOf(context, preview, readers)
  const at = await listening(server, port)
  context.out({ zh: `预览在 http://127.0.0.1:${at}/（Ctrl-C 结束）`, en: `the preview is at http://127.0.0.1:${at}/ (Ctrl-C ends it)` })
  let reading = Promise.resolve()
  const stop = onChange(folders, () => {
    reading = reading.then(async () => {
      await preview.read()
      for (const reader of readers) reader.write('data: changed\n\n')
    }).catch(error => failure(context, complaint(error)))
  })
  await new Promise(done => context.ended.addEventListener('abort', done, { once: true }))
  stop()
  server.close()
  server.closeAllConnections()
  return EXIT.INTERRUPTED
}

function listening(server, port) {
  return new Promise((resolve, reject) => {
    server.on('error', error => {
      if (port === undefined && error.code === 'EADDRINUSE' && !server.tried) {
        server.tried = true
        server.listen(0, '127.0.0.1')
      } else reject(misuse('no-port', { zh: `端口 ${port} 用不了：${error.code}`, en: `port ${port} cannot be had: ${error.code}` }, { cause: error }))
    })
    server.on('listening', () => resolve(server.address().port))
    server.listen(port ?? USUAL_PORT, '127.0.0.1')
  })
}

/** Whatever a stranger asks ends in a status: nothing that comes in ends the server. */
function serverOf(context, preview, readers) {
  const server = createServer((request, response) => {
    // A visitor who goes away in the middle is no reason to stop.
    response.on('error', () => readers.delete(response))
    try {
      respond(preview, readers, request, response)
    } catch (error) {
      context.note(`${request.method} ${request.url}: ${error.message}`)
      if (response.headersSent) response.destroy()
      else done(response, 500, 'text/plain', 'a fault of the preview')
    }
  })
  for (const event of ['connect', 'upgrade']) {
    server.on(event, (request, socket) => {
      socket.on('error', () => socket.destroy())
      socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
    })
  }
  return server
}

/** The names of this machine. Another site's page may call this address by a name of its own. */
const OWN = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i

function respond(preview, readers, request, response) {
  if (!OWN.test(request.headers.host ?? '')) return done(response, 403, 'text/plain', 'only this machine')
  if (request.method !== 'GET' && request.method !== 'HEAD') return done(response, 405, 'text/plain', 'GET only')
  const path = pathOf(request.url)
  if (path === '/-/changes') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }).write('\n')
    readers.add(response)
    response.on('close', () => readers.delete(response))
    return undefined
  }
  if (path === undefined) return done(response, 400, 'text/plain', 'no address')
  const found = preview.answer(path)
  if (found === undefined) return done(response, 404, 'text/plain', 'no such page')
  return done(response, 200, found.type, request.method === 'HEAD' ? '' : found.body)
}

function pathOf(url) {
  try {
    return decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname)
  } catch {
    return undefined
  }
}

function done(response, status, type, body) {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' }).end(body)
}
