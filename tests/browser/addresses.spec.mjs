// Nobody who writes an address, leaves a file on the site or makes it lead elsewhere has a program run or a figure shown.

import { expect, test } from './kit.mjs'
import { ELEMENT, FOLDER, expectNoFigure, page as html } from './portal.mjs'
import { NO_WASM, WASM, serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

/** Where the release stands; beside it visitors may leave files. */
const WHERE = '/yibao-rules'
/** What a visitor left: a program that says so, under every name by which the package fetches one. */
const LEFT = Object.fromEntries(['index.js', 'selftest.js', 'element/yibao-check.js', 'answer.js', 'portal-js/yibao.js']
  .map(name => [`/uploads/me/${name}`, 'document.documentElement.dataset.taken = "yes"; export const init = () => {}']))
const POLICIES = { 'no policy': '', 'the policy with WebAssembly': WASM, 'the strict policy': NO_WASM }

const scripts = path => (path.startsWith('/uploads/') ? { type: 'text/javascript' } : undefined)
const portal = policy => serve(FOLDER, { below: WHERE, policy, pages: LEFT, change: scripts })
const taken = page => page.evaluate(() => document.documentElement.dataset.taken)

for (const [name, policy] of Object.entries(POLICIES)) {
  test(`no program comes from the address bar, under ${name}`, async ({ page }) => {
    const server = await portal(policy)
    for (const at of ['frame.html', 'index.html', 'guide.html']) {
      await page.goto(`${server.url}${WHERE}/${at}?assets=/uploads/me/&src=/uploads/me/index.js&base=/uploads/me/&region=341300`)
      await page.waitForLoadState('networkidle')
      expect(await taken(page)).toBeUndefined()
    }
    expect(server.asked.filter(path => path.startsWith('/uploads/'))).toEqual([])
    await server.close()
  })
}

test('what a visitor left would run where a host names it: the files above are programs', async ({ page }) => {
  const server = await serve(FOLDER, { below: WHERE, policy: '', change: scripts, pages: { ...LEFT, '/page.html': html('<script type="module" src="/uploads/me/index.js"></script>') } })
  await page.goto(`${server.url}/page.html`)
  await expect.poll(() => taken(page)).toBe('yes')
  await server.close()
})

/** A site whose one address leads to the same file of another site, which lets everybody read it. */
async function leadingAway(path, { policy = '', pages = {}, body } = {}) {
  const other = await serve(FOLDER, { policy: '', headers: { 'access-control-allow-origin': '*' }, change: (_, own) => ({ body: body ?? own }) })
  const server = await serve(FOLDER, { policy, pages, change: asked => (asked === path ? { to: other.url + path } : undefined) })
  return { server, other, close: () => Promise.all([server.close(), other.close()]) }
}

test('a switch whose address leads away pauses, and is not asked there', async ({ page }) => {
  const { server, other, close } = await leadingAway('/pause.json', { pages: { '/page.html': ELEMENT }, body: Buffer.from('{ "paused": false }') })
  await page.goto(`${server.url}/page.html`)
  await expectNoFigure(page, 'paused')
  expect(other.asked).toEqual([])
  await close()
})

test('the self-test does not compare with cases of another site', async ({ page }) => {
  const { server, other, close } = await leadingAway('/packs/demo.json', { pages: { '/page.html': ELEMENT } })
  await page.goto(`${server.url}/index.html`)
  const said = await page.evaluate(() => import('/selftest.js').then(test => test.selfTest()).then(() => 'passed', error => error.name))
  expect(said).toBe('TypeError')
  expect(other.asked).toEqual([])
  await close()
})
