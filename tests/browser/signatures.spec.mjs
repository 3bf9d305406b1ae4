// Signatures in a page under the strict content policy: the same module as in Node, loaded when asked for.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { MANIFEST, SIGNATURE, entryOf, manifestText, pinOf, planFile, rootText } from '../../www/dist/signatures-node.js'
import { generate, readSecretKey, signed } from '../../www/cli/signing/minisign.mjs'
import { expect, test } from './kit.mjs'
import { demoIndex } from './page.mjs'
import { FOLDER, expectFigure, expectForm, expectNoFigure, page as html } from './portal.mjs'
import { NO_WASM, serve } from './server.mjs'

/** The package as a page without a bundler serves it. */
const PACKAGE = fileURLToPath(new URL('../../www/dist', import.meta.url))

test.use({ screenshot: 'off' })

// A vector of minisign's author.
const KEY = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3'
const VECTOR = `untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
`

test('a page verifies what minisign signed, and loads nothing of it before', async ({ page }) => {
  const loaded = []
  page.on('request', request => loaded.push(new URL(request.url()).pathname))
  const server = await serve(PACKAGE, { pages: { '/page.html': html('') } })
  await page.goto(`${server.url}/page.html`)
  await page.evaluate(async () => (await import('/analysis.js')).init())
  expect(loaded.some(path => path.endsWith('/analysis/yibao_first.wasm'))).toBe(true)
  expect(loaded.filter(path => path.includes('signatures'))).toEqual([])
  const answers = await page.evaluate(async ([key, signature]) => {
    const { init, sha256, verify } = await import('/signatures.js')
    await init()
    const refused = (...args) => {
      try {
        return verify(...args)
      } catch (error) {
        return error.code
      }
    }
    return [verify('test', signature, key), refused('Test', signature, key), refused('test', signature.replace('file:test', 'file:best'), key), sha256('abc')]
  }, [KEY, VECTOR])
  expect(answers).toEqual([
    { key: 'E7620F1842B4E81F', comment: 'timestamp:1633700835\tfile:test\tprehashed' }, 'altered', 'altered-comment',
    // FIPS 180-2, appendix B.1
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ])
  expect(loaded.filter(path => path.endsWith('/signatures/yibao_bg.wasm'))).toHaveLength(1)
  await server.close()
})

for (const [entry, file] of [['signatures', '/signatures/yibao_bg.wasm'], ['authoring', '/authoring/yibao_bg.wasm']]) {
  test(`${entry}: what checks is not fetched from where a redirect leads`, async ({ page }) => {
    // Without a policy of its own the page would let it through.
    const other = await serve(PACKAGE, { policy: '', headers: { 'access-control-allow-origin': '*' } })
    const server = await serve(PACKAGE, { policy: '', pages: { '/page.html': html('') }, change: path => (path === file ? { to: other.url + file } : undefined) })
    await page.goto(`${server.url}/page.html`)
    const code = await page.evaluate(async name => (await import(`/${name}.js`)).init().then(() => 'started', error => error.code), entry)
    expect(code).toBe('wasm-load')
    expect(other.asked).toEqual([])
    await server.close()
    await other.close()
  })
}

// ── the element under a root ───────────────────────────────────────────────

const [SUZHOU, OTHER] = ['anhui-suzhou-resident', 'minhang-long-prescription'].map(id => readFileSync(new URL(`../../www/dist/plans/${planFile(id)}`, import.meta.url)))
const newKey = async () => {
  const pair = generate()
  return { ...await readSecretKey(pair.secretText, 'key'), line: pair.publicText.split('\n')[1] }
}
const [safe, clerk, thief] = await Promise.all([newKey(), newKey(), newKey()])
const sign = (text, ...keys) => keys.map(key => signed(Buffer.from(text), key, 'v')).join('')

const rootOf = (version, pack = clerk) => rootText({ version, expires: '2098-12-31', rootKeys: { threshold: 1, keys: [safe.line] }, packKeys: { threshold: 1, keys: [pack.line] } })
const ROOT = rootOf(1)
const PIN = pinOf(ROOT)

function release({ root = 1, version = 5, expires = '2098-06-30', by = clerk, entries = [entryOf(SUZHOU)] } = {}) {
  const manifest = manifestText({ root, version, expires, packs: entries })
  return Object.fromEntries(Object.entries({
    'root.1.json': ROOT, 'root.1.json.minisig': sign(ROOT, safe), [MANIFEST]: manifest, [SIGNATURE]: sign(manifest, by), [planFile('anhui-suzhou-resident')]: SUZHOU,
  }).map(([name, content]) => [`/release/${name}`, content]))
}

const element = (attributes = '') => html(`
  <script type="module" src="/element/yibao-check.js"></script>
  <yibao-check pack="/release/anhui-suzhou-resident.plan.json" service="estimate" layout="single" ${attributes}></yibao-check>`)
const UNDER = `pack-root="${PIN}"`

/** A portal with these files of a release; `give` changes them later. */
async function portal(files, { body = element(UNDER), policy } = {}) {
  const pages = { ...files, '/page.html': body }
  const server = await serve(FOLDER, { pages, policy })
  return { ...server, give: more => Object.assign(pages, more) }
}

async function expectRefused(page, server, code, words, foot) {
  await page.addInitScript(() => { addEventListener('yibao-error', event => { globalThis.told = event.detail.code }) })
  await page.goto(`${server.url}/page.html`)
  await expectNoFigure(page)
  await expectForm(page)
  expect(await page.evaluate(() => globalThis.told)).toBe(code)
  await expect(page.locator('.trouble')).toContainText(words)
  await expect(page.locator('.foot')).toContainText(foot)
}

test('under a root: a signed plan is used and said to be so; without one nothing of it is loaded', async ({ page }) => {
  const server = await portal(release())
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  await expect(page.locator('.foot')).toContainText('已核验签名：清单第 5 版，有效到 2098-06-30')
  expect(server.asked.filter(path => path.endsWith('/signatures/yibao_bg.wasm'))).toHaveLength(1)
  // Nothing is stored unless the host allows it.
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  server.asked.length = 0
  server.give({ '/page.html': element() })
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  expect(server.asked.filter(path => /signatures|signed|root\.|manifest|minisig/u.test(path))).toEqual([])
  await expect(page.locator('.foot')).not.toContainText('已核验签名')
  await server.close()
})

const MANY = sign(release()[`/release/${MANIFEST}`], clerk, clerk)
const changed = (name, from, to) => ({ [`/release/${name}`]: String(release()[`/release/${name}`]).replace(from, to) })
for (const [what, files, code, words, foot] of [
  ['a plan that was changed', { [`/release/${planFile('anhui-suzhou-resident')}`]: `${SUZHOU} ` }, 'altered', '没有通过核对', '校验失败'],
  ['another plan under its name', { [`/release/${planFile('anhui-suzhou-resident')}`]: String(SUZHOU).replaceAll('341300', '340100') }, 'altered', '没有通过核对', '校验失败'],
  ['a manifest that was changed', changed(MANIFEST, '2098-06-30', '2098-07-30'), 'altered', '没有通过核对', '校验失败'],
  ['a manifest that another key signed', release({ by: thief }), 'other-key', '没有通过核对', '校验失败'],
  ['a signature that stands twice', { [`/release/${SIGNATURE}`]: MANY }, 'bad-signature', '没有通过核对', '校验失败'],
  ['no signature', { [`/release/${SIGNATURE}`]: undefined }, 'missing', '没有取到规则包的签名', '未核验'],
  ['no root', { '/release/root.1.json': undefined }, 'missing', '没有取到规则包的签名', '未核验'],
  ['another root', changed('root.1.json', '2098-12-31', '2099-12-31'), 'other-root', '信任根不是这个网站指定的', '校验失败'],
  ['a manifest without the plan', release({ entries: [entryOf(OTHER)] }), 'unlisted', '没有通过核对', '校验失败'],
  ['a manifest that gives the plan to another place', release({ entries: [{ ...entryOf(SUZHOU), region: '340100' }] }), 'other-plan', '没有通过核对', '校验失败'],
  ['a manifest that has expired', release({ expires: '2026-06-30' }), 'expired', '签名已过期', '已过期'],
]) {
  test(`under a root: ${what} is no figure, and says so`, async ({ page }) => {
    await page.clock.setFixedTime('2027-01-01T00:00:00Z')
    const server = await portal({ ...release(), ...files })
    await expectRefused(page, server, code, words, foot)
    await server.close()
  })
}

test('under a root: an address that names none is refused, and so is an index that sends one place’s plan to another', async ({ page }) => {
  const index = [{ ...demoIndex().find(({ id }) => id === 'anhui-suzhou-resident'), regionCode: '340100', region: { zh: '安徽省合肥市', en: 'Hefei' }, integrity: undefined }]
  const server = await portal({ ...release(), '/release/index.json': JSON.stringify({ packs: index }) }, { body: element('pack-root=""') })
  await expectRefused(page, server, 'bad-pin', '没有通过核对', '校验失败')
  server.give({ '/page.html': html(`<script type="module" src="/element/yibao-check.js"></script><yibao-check pack="/release/index.json" region="340100" service="estimate" layout="single" ${UNDER}></yibao-check>`) })
  await expectRefused(page, server, 'other-plan', '没有通过核对', '校验失败')
  await server.close()
})

test('the last day ends at midnight in China, whatever the visitor’s clock calls it', async ({ page }) => {
  const server = await portal(release({ expires: '2027-06-30' }))
  await page.clock.setFixedTime('2027-06-30T15:59:59Z')
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  await page.clock.setFixedTime('2027-06-30T16:00:00Z')
  await expectRefused(page, server, 'expired', '签名已过期', '已过期')
  await server.close()
})

test('an older version is refused where the host allows memory, a new root is followed, and a damaged memory is none', async ({ page }) => {
  const server = await portal(release(), { body: element(`${UNDER} storage="device"`) })
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  server.give(release({ version: 4 }))
  await expectRefused(page, server, 'rolled-back', '比以前核对过的旧', '校验失败')
  const next = rootOf(2, thief)
  server.give({ ...release({ root: 2, version: 1, by: thief }), '/release/root.2.json': next, '/release/root.2.json.minisig': sign(next, safe) })
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  server.give(release({ version: 900 }))
  await expectRefused(page, server, 'rolled-back', '比以前核对过的旧', '校验失败')
  await page.evaluate(() => { for (const key of Object.keys(localStorage)) localStorage[key] = '' })
  await expectRefused(page, server, 'memory-lost', '版本记录坏了', '校验失败')
  // Without memory the older version of an office comes in until it expires: documented, and why days are short.
  server.give({ ...release({ version: 4 }), '/page.html': element(UNDER) })
  await page.goto(`${server.url}/page.html`)
  await expectFigure(page)
  await server.close()
})

test('where WebAssembly is refused nothing can be checked, and nothing is shown', async ({ page }) => {
  const server = await portal(release(), { policy: NO_WASM })
  await expectRefused(page, server, 'engine', '测算程序没有打开', '校验失败')
  await server.close()
})
