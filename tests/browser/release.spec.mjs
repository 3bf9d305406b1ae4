// The release as a portal gets it: unpacked behind a plain static server with the strict policy, and no other file.

import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpackTo, unpacked } from './archive.mjs'
import { expect, test } from './kit.mjs'
import { STAY, expectFigure, page as html } from './portal.mjs'
import { NO_WASM, WASM, serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

const { version } = JSON.parse(readFileSync(new URL('../../www/package.json', import.meta.url), 'utf8'))
const NAME = `yibao-rules-${version}`
/** `cargo xtask test` says where it wrote it. */
const ARCHIVE = process.env.YIBAO_RELEASE ?? fileURLToPath(new URL(`../../target/${NAME}.zip`, import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'yibao-release-'))
test.beforeAll(() => unpackTo(folder, ARCHIVE))
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the archive is named after its version, its files are in order, and its sums hold', () => {
  const files = unpacked(ARCHIVE)
  const names = files.map(({ name }) => name)
  expect(names.every(name => name.startsWith(`${NAME}/`))).toBe(true)
  expect(names).toEqual([...names].sort())
  for (const wanted of ['index.html', 'guide.html', 'loader.js', 'host.js', 'frame.html', 'index.js', 'analysis/yibao_first.wasm', 'analysis/yibao_rest.wasm', 'portal-js/yibao.js', 'element/yibao-check.js', 'packs/demo.json', 'packs/public.json', 'integrity.json', 'release.json', 'pause.json', 'SHA256SUMS', 'CHANGELOG.md', 'LICENSE-PACKS']) {
    expect(names).toContain(`${NAME}/${wanted}`)
  }
  const bytes = new Map(files.map(one => [one.name.slice(NAME.length + 1), one.bytes]))
  const sums = bytes.get('SHA256SUMS').toString().trimEnd().split('\n').map(line => line.split('  '))
  expect(sums.map(([, name]) => name)).toEqual([...bytes.keys()].filter(name => name !== 'SHA256SUMS'))
  for (const [sum, name] of sums) expect(`${createHash('sha256').update(bytes.get(name)).digest('hex')} ${name}`).toBe(`${sum} ${name}`)
  const sha384 = name => `sha384-${createHash('sha384').update(bytes.get(name)).digest('base64')}`
  for (const [name, hash] of Object.entries(JSON.parse(bytes.get('integrity.json')))) expect(`${name} ${hash}`).toBe(`${name} ${sha384(name)}`)
  const demo = JSON.parse(bytes.get('packs/demo.json'))
  expect(demo.length).toBeGreaterThan(60)
  for (const { id, plan, integrity, cases } of demo) {
    expect(`${id} ${integrity}`).toBe(`${id} ${sha384(`packs/${plan}`)}`)
    expect(`${id} ${cases.integrity}`).toBe(`${id} ${sha384(`packs/${cases.file}`)}`)
  }
  expect(JSON.parse(bytes.get('packs/public.json'))).toEqual([])
  expect(JSON.parse(bytes.get('release.json')).version).toBe(version)
})

test('nothing in it names the machine it was made on', () => {
  for (const { name, bytes } of unpacked(ARCHIVE)) expect(bytes.includes(process.cwd().replace(/\/www$/u, '/')), name).toBe(false)
})

for (const [name, policy] of Object.entries({ 'with WebAssembly': WASM, 'without WebAssembly': NO_WASM })) {
  test(`every page of it works by itself, ${name}`, async ({ page }) => {
    const server = await serve(join(folder, NAME), { policy, pages: { '/portal-page.html': html('<script src="/loader.js" defer data-pack="/packs/demo.json" data-region="341300" data-service="estimate" data-layout="single"></script>') } })
    const said = []
    page.on('console', message => said.push(message.text()))
    page.on('pageerror', error => said.push(error.message))
    page.on('response', response => { if (response.status() !== 200) said.push(`${response.status()} ${response.url()}`) })
    page.on('request', request => { if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) said.push(`asked ${request.url()}`) })
    await page.goto(`${server.url}/`)
    await page.waitForSelector('body[data-ready]')
    await page.getByLabel('地区').selectOption('341300')
    await page.getByLabel('服务').selectOption('estimate')
    await page.getByLabel('排列').selectOption('single')
    await expectFigure(page)
    await expect(page.locator('#version')).toHaveText(`yibao-rules ${version}`)
    await page.goto(`${server.url}/frame.html?pack=packs/demo.json&region=341300&service=estimate&layout=single`)
    await expectFigure(page)
    await page.goto(`${server.url}/guide.html`)
    await page.getByRole('link', { name: '预览和代码' }).click()
    await page.waitForSelector('body[data-ready]')
    await page.goto(`${server.url}/portal-page.html`)
    await expectFigure(page)
    expect(said).toEqual([])
    await server.close()
  })
}

test('one pack is replaced by another revision, and put back', async ({ page }) => {
  const file = 'anhui-suzhou-resident.plan.json'
  const read = name => readFileSync(join(folder, NAME, 'packs', name), 'utf8')
  const plan = JSON.parse(read(file))
  plan.pack.revision = '2099.1.1'
  const text = Buffer.from(JSON.stringify(plan))
  const index = JSON.parse(read('demo.json'))
  Object.assign(index.find(one => one.plan === file), { revision: '2099.1.1', integrity: `sha384-${createHash('sha384').update(text).digest('base64')}` })
  let files = {}
  const body = html('<script src="/loader.js" defer data-pack="/packs/demo.json" data-region="341300" data-service="estimate" data-layout="single"></script>')
  const server = await serve(join(folder, NAME), { change: path => files[path] && { body: files[path] }, pages: { '/page.html': body } })
  const revision = async () => {
    await page.goto(`${server.url}/page.html`)
    await expectFigure(page)
    return page.locator('yibao-check').evaluate(element => element.result.pack.revision)
  }
  const before = await revision()
  expect(before).toBe(JSON.parse(read(file)).pack.revision)
  files = { [`/packs/${file}`]: text, '/packs/demo.json': Buffer.from(JSON.stringify(index)) }
  expect(await revision()).toBe('2099.1.1')
  files = {}
  expect(await revision()).toBe(before)
  await server.close()
})

test('after loading nothing is asked of the network, and nothing is kept', async ({ page, context }) => {
  const server = await serve(join(folder, NAME), {})
  await page.goto(`${server.url}/frame.html?pack=packs/demo.json&region=341300&service=estimate&layout=single`)
  await expectFigure(page)
  const loaded = server.asked.length
  await page.locator('yibao-check').evaluate((element, stay) => { element.answers = { ...stay, total: '30000' } }, STAY)
  await page.waitForTimeout(500)
  expect(server.asked.slice(loaded)).toEqual([])
  expect(await context.cookies()).toEqual([])
  expect(await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length])).toEqual([0, 0, 0, 0])
  await server.close()
})

test('every file of the packs folder is listed', () => {
  const index = JSON.parse(readFileSync(join(folder, NAME, 'packs/demo.json'), 'utf8'))
  const listed = index.flatMap(one => [one.plan, one.cases.file])
  expect(readdirSync(join(folder, NAME, 'packs')).sort()).toEqual([...listed, 'demo.json', 'public.json'].sort())
})
