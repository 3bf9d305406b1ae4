// Roots, manifests and their signatures: who may sign, how many have to, what is remembered, and that no damage passes.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MANIFEST, SIGNATURE, YibaoError, chinaDay, checkFile, entryOf, lastText, manifestText, openManifest, openPacks, parseLast, parseManifest, parseRoot, pinOf, planFile, rootFile, rootText, sha256, signatureFile, verify } from '../../www/dist/signatures-node.js'
import { generate, readSecretKey, signed } from '../../www/cli/signing/minisign.mjs'

const TODAY = '2026-12-01'

async function newKey() {
  const pair = generate()
  return { ...await readSecretKey(pair.secretText, 'key'), line: pair.publicText.split('\n')[1] }
}
const [safe, safe2, safe3, clerk, clerk2, thief] = await Promise.all(Array.from({ length: 6 }, newKey))

const sign = (content, keys) => keys.map(key => signed(Buffer.from(content), key, 'v')).join('')
const keySet = (keys, threshold = 1) => ({ threshold, keys: keys.map(({ line }) => line) })

function rootOf(version, { root = [safe], packs = [clerk], rootThreshold = 1, packThreshold = 1, expires = '2028-12-31', by = root, ...more } = {}) {
  const content = rootText({ version, expires, rootKeys: keySet(root, rootThreshold), packKeys: keySet(packs, packThreshold), ...more })
  return { [rootFile(version)]: content, [signatureFile(rootFile(version))]: sign(content, by) }
}

const planOf = (id, note = '', region = '341300') => JSON.stringify({ digest: 'a'.repeat(64), note, pack: { id, revision: '2027.1.1', regionCode: region } })

function setOf({ root = 1, version = 1, expires = '2027-06-30', plans = { p: planOf('p') }, by = [clerk] } = {}) {
  const packs = Object.values(plans).map(plan => entryOf(plan))
  const manifest = manifestText({ root, version, expires, packs })
  return { [MANIFEST]: manifest, [SIGNATURE]: sign(manifest, by), ...Object.fromEntries(Object.entries(plans).map(([id, plan]) => [planFile(id), plan])) }
}
const pin = files => Object.keys(files).filter(name => /^root\.\d+\.json$/.test(name)).map(name => pinOf(files[name]))[0]

const ROOT1 = rootOf(1)
const PIN1 = pin(ROOT1)
const open = (files, more = {}) => openManifest({ read: name => files[name], root: PIN1, today: TODAY, ...more })
const code = expected => error => {
  assert.ok(error instanceof YibaoError, error.stack)
  assert.equal(error.code, expected, error.message)
  return true
}
const lastOf = async (files, more) => {
  const { pin, version, sha256 } = await open(files, more)
  return { pin, version, sha256 }
}

test('a manifest counts that the root’s keys signed, and no other', async () => {
  const { version, signedBy, pin } = await open({ ...ROOT1, ...setOf() })
  assert.deepEqual([version, signedBy, pin], [1, [{ key: clerk.shown, comment: 'v' }], PIN1])
  for (const by of [[thief], [safe], [clerk, thief]]) await assert.rejects(open({ ...ROOT1, ...setOf({ by }) }), code('other-key'))
  await assert.rejects(open({ ...ROOT1, ...setOf({ by: [clerk, clerk] }) }), code('bad-signature'))
  await assert.rejects(open({ ...ROOT1, ...setOf({ by: [] }) }), code('bad-signature'))
  for (const name of [MANIFEST, SIGNATURE, 'root.1.json', 'root.1.json.minisig']) await assert.rejects(open({ ...ROOT1, ...setOf(), [name]: undefined }), code('missing'))
  await assert.rejects(open({ ...rootOf(1, { packs: [thief] }), ...setOf({ by: [thief] }) }), code('other-root'))
  for (const bad of ['', PIN1.slice(2), `${PIN1} `, `0${PIN1}`, undefined]) await assert.rejects(open({ ...ROOT1, ...setOf() }, { root: bad }), code('bad-pin'))
})

test('k of n keys: one fewer is too few, and a key counts once', async () => {
  const root = rootOf(1, { root: [safe, safe2, safe3], rootThreshold: 2, by: [safe, safe3], packs: [clerk, clerk2], packThreshold: 2 })
  const at = { root: pin(root) }
  assert.equal((await open({ ...root, ...setOf({ by: [clerk2, clerk] }) }, at)).signedBy.length, 2)
  await assert.rejects(open({ ...root, ...setOf({ by: [clerk] }) }, at), code('too-few'))
  await assert.rejects(open({ ...root, ...setOf({ by: [clerk, clerk] }) }, at), code('bad-signature'))
  const weak = rootOf(1, { root: [safe, safe2, safe3], rootThreshold: 2, by: [safe], packs: [clerk] })
  await assert.rejects(open({ ...weak, ...setOf() }, { root: pin(weak) }), code('too-few'))
})

test('a new root needs the keys of the old one and its own; a key it no longer names is worth nothing', async () => {
  const two = { root: [safe2], packs: [clerk2] }
  const files = { ...ROOT1, ...rootOf(2, { ...two, by: [safe, safe2] }), ...setOf({ root: 2, by: [clerk2] }) }
  assert.equal((await open(files)).root, 2)
  assert.equal((await open(files)).pin, pinOf(files['root.2.json']))
  for (const by of [[safe], [safe2]]) await assert.rejects(open({ ...files, ...rootOf(2, { ...two, by }) }), code('too-few'))
  await assert.rejects(open({ ...files, ...rootOf(2, { ...two, by: [safe, safe2, thief] }) }), code('other-key'))
  await assert.rejects(open({ ...files, ...setOf({ root: 2, by: [clerk] }) }), code('other-key'))
  await assert.rejects(open({ ...files, 'root.2.json': undefined }), code('missing'))
  // What the old key signs under the old root does not come back where the new root is known.
  const last = await lastOf(files)
  await assert.rejects(open({ ...ROOT1, ...setOf({ version: 900 }) }, { last }), code('rolled-back'))
  // Nor does a second root 2 of a thief who has the old root's key by now.
  await assert.rejects(open({ ...ROOT1, ...rootOf(2, { root: [thief], packs: [thief], by: [safe, thief] }), ...setOf({ root: 2, version: 9, by: [thief] }) }, { last }), code('other-root'))
  // A chain of many years, and one that never ends.
  const chain = { ...ROOT1 }
  for (let version = 2; version <= 12; version++) Object.assign(chain, rootOf(version))
  assert.equal((await open({ ...chain, ...setOf({ root: 12 }) })).root, 12)
  await assert.rejects(open({ ...chain, ...setOf({ root: 900_000 }) }), code('bad-manifest'))
})

test('a version that a thief drove up is undone by a new root', async () => {
  const driven = { ...ROOT1, ...setOf({ version: Number.MAX_SAFE_INTEGER, by: [clerk] }) }
  const last = await lastOf(driven)
  await assert.rejects(open({ ...ROOT1, ...setOf({ version: 8 }) }, { last }), code('rolled-back'))
  const mended = { ...ROOT1, ...rootOf(2, { packs: [clerk2] }), ...setOf({ root: 2, version: 8, by: [clerk2] }) }
  const after = await lastOf(mended, { last })
  assert.deepEqual([after.version, after.pin], [8, pinOf(mended['root.2.json'])])
  await assert.rejects(open(driven, { last: after }), code('rolled-back'))
  await assert.rejects(open({ ...mended, ...setOf({ root: 2, version: 7, by: [clerk2] }) }, { last: after }), code('rolled-back'))
})

test('all root keys lost: a root of another line counts once the host names it, and only then', async () => {
  const last = await lastOf({ ...ROOT1, ...setOf({ version: 5 }) })
  const anew = { ...rootOf(2, { root: [safe2], packs: [clerk2] }), ...setOf({ root: 2, by: [clerk2] }) }
  await assert.rejects(open({ ...ROOT1, ...anew }, { last }), code('too-few'))
  assert.equal((await open(anew, { last, root: pin(anew) })).version, 1)
})

test('the last day ends at midnight in China, for a manifest and for a root', async () => {
  const [before, after] = ['2027-06-30T15:59:59.999Z', '2027-06-30T16:00:00.000Z'].map(time => chinaDay(Date.parse(time)))
  assert.deepEqual([before, after], ['2027-06-30', '2027-07-01'])
  const files = { ...ROOT1, ...setOf() }
  assert.equal((await open(files, { today: before })).expires, '2027-06-30')
  await assert.rejects(open(files, { today: after }), code('expired'))
  const root = rootOf(1, { expires: '2027-06-29' })
  await assert.rejects(open({ ...root, ...setOf() }, { root: pin(root), today: before }), code('expired'))
  // An old root may have expired, where a new one stands.
  const renewed = { ...root, ...rootOf(2), ...setOf({ root: 2 }) }
  assert.equal((await open(renewed, { root: pin(root), today: before })).root, 2)
  await assert.rejects(open(files, { today: '2027-02-30' }), code('wrong-type'))
})

test('no older version, and no second one of the same number', async () => {
  const last = await lastOf({ ...ROOT1, ...setOf({ version: 3 }) })
  assert.equal((await open({ ...ROOT1, ...setOf({ version: 3 }) }, { last })).version, 3)
  assert.equal((await open({ ...ROOT1, ...setOf({ version: 4 }) }, { last })).version, 4)
  for (const version of [1, 2]) await assert.rejects(open({ ...ROOT1, ...setOf({ version }) }, { last }), code('rolled-back'))
  await assert.rejects(open({ ...ROOT1, ...setOf({ version: 3, expires: '2027-07-01' }) }, { last }), code('rolled-back'))
  assert.deepEqual(parseLast(lastText(last)), last)
  const line = lastText(last)
  for (const text of ['', line.trim(), `${line} `, line.replace(' 3 ', ' 03 '), line.replace(' 3 ', ' 9999999999999999 '), line.replace(':', ';'), 'null', line.toUpperCase()]) assert.throws(() => parseLast(text), code('memory-lost'), text)
})

test('every bit of a root, a manifest and their signatures counts', async () => {
  const files = { ...rootOf(1, { root: [safe, safe2], rootThreshold: 2 }), ...rootOf(2, { root: [safe, safe2, safe3], rootThreshold: 2, by: [safe, safe2, safe3], packs: [clerk, clerk2] }), ...setOf({ root: 2, by: [clerk, clerk2] }) }
  const root = pinOf(files['root.1.json'])
  assert.equal((await open(files, { root })).signedBy.length, 2)
  const names = new Set()
  let tried = 0
  for (const name of Object.keys(files).filter(name => !name.endsWith('.plan.json'))) {
    const bytes = Buffer.from(files[name])
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [bytes[at] ^ 1, bytes[at] ^ 0x20, bytes[at] ^ 0x80, 0]) {
        if (change === bytes[at]) continue
        const damaged = Buffer.from(bytes)
        damaged[at] = change
        await assert.rejects(open({ ...files, [name]: damaged }, { root }), error => {
          assert.ok(error instanceof YibaoError, `${name} ${at}: ${error.stack}`)
          names.add(error.code)
          return true
        }, `${name}: byte ${at} as ${change}`)
        tried += 1
      }
    }
    for (const other of [Buffer.concat([bytes, Buffer.from('\n')]), Buffer.concat([bytes, Buffer.from([0])]), Buffer.concat([Buffer.from('\ufeff'), bytes]), bytes.subarray(0, -1), bytes.subarray(1), Buffer.from(bytes.toString().replaceAll('\n', '\r\n')), Buffer.alloc(0)]) {
      await assert.rejects(open({ ...files, [name]: other }, { root }), error => error instanceof YibaoError, name)
    }
  }
  assert.ok(tried > 5_000, `${tried}`)
  // Each by its name, and nothing by another.
  assert.deepEqual([...names].sort(), ['altered', 'altered-comment', 'bad-manifest', 'bad-root', 'bad-signature', 'missing', 'other-key', 'other-root', 'rolled-back', 'too-few'].filter(name => names.has(name)))
  assert.ok(names.size >= 7, [...names].join(' '))
})

test('a manifest is written one way: nothing stands twice, unseen, half or outside its folder', async () => {
  const good = setOf()[MANIFEST]
  const entry = parseManifest(good).packs[0]
  const doc = { root: 1, version: 1, expires: '2027-06-30', packs: [entry] }
  const bad = [
    good.replace('"version":1', '"version":1,"version":2'), good.replace('"version":1', '"version":1.0'), good.replace('"version":1', '"version": 1'), good.replace('"root":1', '"root":1,"more":0'),
    good.replace('"p"', '"\\u0070"'), good.replace('"2027.1.1"', '"\\ud800"'), good.replace('"2027.1.1"', '"1\u202e"'), good.replace('"2027.1.1"', '"1\\u001b[2J"'), good.replace('"2027.1.1"', '"1\u200b"'), `${good}{}`, `\ufeff${good}`, 'null', '[]', '"x"', '',
    ...['../p', 'a/b', '.p', 'c:p', 'P', '', 'p\0', 'x'.repeat(61), 'p\n'].map(id => manifestText({ ...doc, packs: [{ ...entry, id }] })),
    ...['34130', '３41300', 341300, null].map(region => manifestText({ ...doc, packs: [{ ...entry, region }] })),
    manifestText({ ...doc, packs: [entry, entry] }), manifestText({ ...doc, packs: [{ ...entry, id: 'q' }, entry] }), manifestText({ ...doc, packs: [{ ...entry, bytes: -1 }] }),
    manifestText({ ...doc, version: 0 }), manifestText({ ...doc, version: 1.5 }), manifestText({ ...doc, version: 2 ** 60 }), good.replace('"version":1', '"version":"1"'), manifestText({ ...doc, expires: '2027-13-01' }), manifestText({ ...doc, expires: '2027-02-30' }), manifestText({ ...doc, root: 0 }),
    ' '.repeat(5_000_000),
  ]
  for (const text of bad) {
    await assert.rejects(open({ ...ROOT1, [MANIFEST]: text, [SIGNATURE]: sign(text, [clerk]) }), code('bad-manifest'), text.slice(0, 300))
    assert.throws(() => parseManifest(text), error => !/[\x1b\u202e]/.test(error.message))
  }
})

test('a root names no key twice, under whatever id, and demands no more than it can have', () => {
  const good = ROOT1['root.1.json']
  const raw = Buffer.from(safe.line, 'base64')
  // Another id for the same key; and another key under the same id.
  const renamed = Buffer.concat([raw.subarray(0, 2), Buffer.alloc(8, 7), raw.subarray(10)]).toString('base64')
  const collides = Buffer.concat([raw.subarray(0, 10), Buffer.from(thief.line, 'base64').subarray(10)]).toString('base64')
  const doc = parseRoot(good)
  const twins = [[safe.line, safe.line], [safe.line, renamed], [safe.line, collides]].map(keys => ({ ...doc, rootKeys: { threshold: 1, keys } }))
  const bad = [...twins, { ...doc, packKeys: doc.rootKeys }, { ...doc, packKeys: { threshold: 1, keys: [renamed] } }, { ...doc, rootKeys: { threshold: 2, keys: [safe.line] } }, { ...doc, rootKeys: { threshold: 0, keys: [safe.line] } }, { ...doc, rootKeys: { threshold: 1, keys: [] } }, { ...doc, rootKeys: { threshold: 1, keys: [safe.line.slice(1)] } }, { ...doc, version: 0 }, { ...doc, expires: 'never' }]
  for (const root of bad) assert.throws(() => parseRoot(rootText(root)), code('bad-root'), rootText(root))
  for (const text of [good.replace('"version"', '"version": 1,\n "version"'), `${good}\n`, good.trim(), '{}', 'null']) assert.throws(() => parseRoot(text), code('bad-root'), text)
})

test('two roots may not give one id to two keys', async () => {
  const raw = Buffer.from(safe.line, 'base64')
  const twin = { ...thief, id: safe.id, shown: safe.shown, line: Buffer.concat([raw.subarray(0, 10), Buffer.from(thief.line, 'base64').subarray(10)]).toString('base64') }
  await assert.rejects(open({ ...ROOT1, ...rootOf(2, { root: [twin], by: [safe] }), ...setOf({ root: 2 }) }), code('bad-root'))
})

test('a plan is the one that the manifest means: bytes, pack, place and revision', async () => {
  const plan = planOf('p')
  const manifest = await open({ ...ROOT1, ...setOf() })
  assert.equal(checkFile(manifest, planFile('p'), plan).id, 'p')
  assert.throws(() => checkFile(manifest, planFile('q'), plan), code('unlisted'))
  assert.throws(() => checkFile(manifest, planFile('p'), plan.replace('2027.1.1', '2027.1.2')), code('altered'))
  assert.throws(() => checkFile(manifest, planFile('p'), `${plan} `), code('altered'))
  for (const claim of [{ id: 'q' }, { region: '340800' }, { revision: '2' }, { digest: 'b'.repeat(64) }]) {
    const entry = { ...entryOf(plan), ...claim }
    assert.throws(() => checkFile({ packs: [entry] }, planFile(entry.id), plan), code('other-plan'))
  }
  const none = 'no plan'
  assert.throws(() => checkFile({ packs: [{ ...entryOf(plan), bytes: none.length, sha256: sha256(none) }] }, planFile('p'), none), code('other-plan'))
})

test('a service holds the last good set in whatever it has', async () => {
  const store = { held: undefined, puts: 0, get() { return this.held }, put(set) { this.held = set; this.puts += 1 } }
  const offer = (version, note) => ({ ...ROOT1, ...setOf({ version, plans: { p: planOf('p', note) } }) })
  const use = (files, more) => openPacks({ read: name => files[name], kept: store, root: PIN1, today: TODAY, ...more })
  const noteOf = ({ files }) => JSON.parse(new TextDecoder().decode(files.get(planFile('p')))).note
  assert.equal(noteOf(await use(offer(3, 'three'))), 'three')
  const older = await use(offer(2, 'two'))
  assert.deepEqual([noteOf(older), older.problem.code], ['three', 'rolled-back'])
  const altered = await use({ ...offer(4, 'four'), [planFile('p')]: planOf('p', 'fuor') })
  assert.deepEqual([altered.manifest.version, altered.problem.code], [3, 'altered'])
  const gone = await use({})
  assert.deepEqual([gone.manifest.version, gone.problem.code], [3, 'missing'])
  assert.equal((await use(offer(3, 'three'))).problem, undefined)
  assert.equal(store.puts, 1)
  // Of the kept files all are damaged: the version still counts, and the same set again mends them.
  for (const name of [...store.held.files.keys()]) {
    store.held = { ...store.held, files: new Map([...store.held.files, [name, 'damaged']]) }
    await assert.rejects(use(offer(2, 'two')), code('rolled-back'))
    assert.equal((await use(offer(3, 'three'))).problem, undefined)
  }
  assert.equal((await use(offer(4, 'four'))).problem, undefined)
  // Too late for what is kept as well as for what is offered.
  await assert.rejects(use(offer(5, 'five'), { today: '2027-07-01' }), code('expired'))
  // A store that cannot be written to is an error of its own, and no reason to go on as if all were well.
  await assert.rejects(use(offer(5, 'five'), { kept: { get: () => store.held, put() { throw new Error('full') } } }), /full/)
  await assert.rejects(use(offer(5, 'five'), { kept: { get() { return { last: parseLast(''), files: new Map() } } } }), code('memory-lost'))
  assert.throws(() => verify('x', setOf()[SIGNATURE], []), { code: 'other-key' })
})
