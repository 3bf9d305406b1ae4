// What was accepted is remembered through every failure of the disk and every power cut: no older version ever comes in.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { MANIFEST } from '../../../www/dist/signatures-node.js'
import { Disk } from './disk.mjs'
import { inside, suzhouPack } from './kit.mjs'

const home = realpathSync(mkdtempSync(join(tmpdir(), 'yibao-kept-')))
after(() => rmSync(home, { recursive: true }))

const run = async (...words) => {
  const { status, stdout, stderr } = await inside(home, ['pack', ...words])
  return { status, said: `${stdout}${stderr}` }
}
const ok = async (...words) => {
  const { status, said } = await run(...words)
  assert.equal(status, 0, said)
}

for (const name of ['safe', 'clerk']) await ok('keygen', '-k', `${name}.key`, '--no-password')
await ok('root', '-o', 'v1', '--root-key', 'safe.pub', '--pack-key', 'clerk.pub', '--expires', '2099-12-31')
await ok('sign', 'v1/root.1.json', '-k', 'safe.key')
await ok('build', suzhouPack, '-o', 'v1', '--expires', '2099-01-01')
await ok('sign', 'v1', '-k', 'clerk.key')
cpSync(join(home, 'v1'), join(home, 'v2'), { recursive: true })
await ok('build', suzhouPack, '-o', 'v2', '--expires', '2099-02-01')
await ok('sign', 'v2', '-k', 'clerk.key')

const verify = (set, kept) => run('verify', set, '-r', 'v1/root.1.json', '--kept', kept)
const current = kept => (existsSync(join(home, kept, 'current')) ? readFileSync(join(home, kept, 'current'), 'utf8') : undefined)
/** The set in use; what else lies about is of no account. */
const tree = kept => readdirSync(join(home, kept, current(kept).split(' ')[0])).sort()

async function onDisk(options, work) {
  const disk = new Disk(options)
  try {
    return { disk, ...await work() }
  } finally {
    disk.restore()
  }
}

/** `start`: a kept folder or none. Taking `set` over it fails at each call, and the power goes there. */
async function everyFailure(start, set) {
  const fresh = name => {
    rmSync(join(home, name), { recursive: true, force: true })
    if (start !== undefined) cpSync(join(home, start), join(home, name), { recursive: true })
    return name
  }
  const { disk: { calls }, status, said } = await onDisk({}, () => verify(set, fresh('good')))
  assert.equal(status, 0, said)
  assert.ok(calls > 10, `${calls}`)
  const [wanted, done] = [tree('good'), current('good')]
  for (let at = 1; at <= calls; at++) {
    for (const cut of [false, true]) {
      const kept = fresh('trial')
      const what = `call ${at} of ${calls}${cut ? ', power cut' : ''}`
      const { disk, status, said } = await onDisk({ at, cut }, () => verify(set, kept))
      if (cut) disk.lose()
      assert.ok([0, 2].includes(status), `${what}: ${status} ${said}`)
      assert.doesNotMatch(said, /\n\s+at /)
      // The line is the old one or the new one, or says that nothing was accepted yet; and the set it names is there.
      const line = current(kept)
      assert.ok([start && current(start), done, ...(start === undefined ? ['nothing\n'] : [])].includes(line), `${what}: ${line}`)
      const named = line?.split(' ')[0]
      if (line?.startsWith('v')) assert.ok(existsSync(join(home, kept, named, MANIFEST)), `${what}: ${named}`)
      // What was accepted stays so: the version that was in use is not undercut, whatever happened.
      if (line === done && set === 'v2') assert.equal((await verify('v1', kept)).status, 5, what)
      const again = await verify(set, kept)
      assert.equal(again.status, 0, `${what}: ${again.said}`)
      assert.deepEqual([tree(kept), current(kept)], [wanted, done], what)
      if (set === 'v2') assert.equal((await verify('v1', kept)).status, 5, what)
    }
  }
}

test('the first set is taken, or can be, wherever it was cut off', () => everyFailure(undefined, 'v1'))

test('a newer set replaces the kept one whole, wherever it was cut off', async () => {
  await ok('verify', 'v1', '-r', 'v1/root.1.json', '--kept', 'one')
  await everyFailure('one', 'v2')
})

test('a kept set that was damaged is mended, wherever that was cut off', async () => {
  await ok('verify', 'v2', '-r', 'v1/root.1.json', '--kept', 'hurt')
  const kept = join(home, 'hurt')
  for (const file of readdirSync(join(kept, 'v1.2'))) writeFileSync(join(kept, 'v1.2', file), '')
  const whole = { line: current('hurt') }
  for (let at = 1; at < 40; at++) {
    cpSync(kept, join(home, 'trial'), { recursive: true, force: true })
    const { disk, status } = await onDisk({ at, cut: true }, () => verify('v2', 'trial'))
    disk.lose()
    assert.equal(current('trial'), whole.line)
    assert.equal((await verify('v1', 'trial')).status, 5)
    assert.equal((await verify('v2', 'trial')).status, 0)
    rmSync(join(home, 'trial'), { recursive: true })
    if (status === 0) return
  }
  assert.fail('it never came to an end')
})

test('a folder that holds something and remembers nothing is not begun anew', async () => {
  mkdirSync(join(home, 'odd/v1.7'), { recursive: true })
  const { status, said } = await verify('v1', 'odd')
  assert.equal(status, 5, said)
  assert.match(said, /不见了或已损坏/)
  mkdirSync(join(home, 'empty'))
  writeFileSync(join(home, 'empty/.keep'), '')
  await ok('verify', 'v1', '-r', 'v1/root.1.json', '--kept', 'empty')
})
