// `yibao serve` is asked what no browser asks: every request ends in a status, and the server goes on.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { test } from 'node:test'
import { bin, ok, plainEnv, workshop } from './kit.mjs'

const { yibao, folder } = workshop('strangers')
ok(yibao('init', 'demo'))

/** The status line that comes back for these bytes; nothing where the connection just ends. */
function asked(port, bytes, { leave = false } = {}) {
  return new Promise(resolve => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes)
      if (leave) socket.resetAndDestroy()
    })
    socket.on('data', part => (answer += part.toString('latin1')))
    socket.on('error', () => {})
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])))
  })
}

test('any request ends in a status, and none ends the server', async () => {
  const child = spawn(process.execPath, [bin, 'serve', 'demo', '--port', '0', '--lang', 'en'], { cwd: folder, env: plainEnv })
  let [said, complained] = ['', '']
  child.stdout.on('data', part => (said += part))
  child.stderr.on('data', part => (complained += part))
  const ended = new Promise(done => child.on('exit', code => done(code)))
  try {
    while (!/:\d+\//.test(said)) await new Promise(done => setTimeout(done, 20))
    const port = Number(/:(\d+)\//.exec(said)[1])
    const get = (path, host = 'localhost', more = '') => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n${more}\r\n`
    for (const host of ['', '[', '[::', 'a:b:c', 'localhost:99999999', 'local host', '%', '\u00ff', 'localhost@evil.example', 'evil.example', '127.0.0.1.evil.example']) {
      assert.equal(await asked(port, get('/', host)), 403, JSON.stringify(host))
    }
    const paths = {
      '/': 200, '/%': 400, '/%zz': 400, '/%ff': 400, '//[': 400, 'http://[': 400, '/\\..\\..': 200, '/yibao/%00': 404, '/yibao/%2e%2e%2fpackage.json': 404,
      [`/yibao/${'a'.repeat(5000)}`]: 404, '/yibao/.hidden': 404, '/pack/%F0%9F%98%80': 404, '*': 404,
    }
    for (const [path, status] of Object.entries(paths)) assert.equal(await asked(port, get(path)), status, path.slice(0, 40))
    assert.equal(await asked(port, get('/', 'localhost', `A: ${'a'.repeat(100_000)}\r\n`)), 431)
    assert.equal(await asked(port, get('/', 'localhost', 'Expect: a miracle\r\n')), 417)
    assert.equal(await asked(port, get('/', 'localhost', 'Connection: upgrade\r\nUpgrade: websocket\r\n')), 405)
    for (const bytes of ['CONNECT evil.example:80 HTTP/1.1\r\nHost: localhost\r\n\r\n', 'POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n']) assert.equal(await asked(port, bytes), 405)
    for (const bytes of ['\r\n\r\nnonsense\r\n\r\n', Buffer.from([0, 255, 254, 13, 10, 13, 10]), 'GET / HTTP/9.9\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n']) {
      assert.ok([400, 403, 505].includes(await asked(port, bytes)), JSON.stringify(String(bytes)))
    }
    // Visitors who go away in the middle, of a page and of what would tell them of changes.
    for (const path of ['/', '/-/changes', '/pack/demo']) for (let i = 0; i < 5; i++) await asked(port, get(path), { leave: true })
    assert.equal(await asked(port, get('/')), 200)
    assert.equal(complained, '')
  } finally {
    child.kill('SIGINT')
  }
  assert.equal(await ended, 130)
})
