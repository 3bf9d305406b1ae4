// The one-line script and the iframe page, on pages of a portal with a strict policy.

import { AxeBuilder, expect, test } from './kit.mjs'
import { FOLDER, expectFigure, page as html } from './portal.mjs'
import { NO_WASM, TRUSTED, WASM, serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

const LINE = '<p id="before">前</p><script src="/loader.js" defer data-pack="/packs/demo.json" data-region="341300" data-service="estimate" data-layout="single"></script><p id="after">后</p>'

for (const [name, policy] of Object.entries({ 'with WebAssembly': WASM, without: NO_WASM, 'with trusted types': TRUSTED })) {
  test(`one line puts the element where it stands and gives a figure, ${name}`, async ({ page }) => {
    const server = await serve(FOLDER, { policy, pages: { '/page.html': html(LINE) } })
    const wrong = []
    page.on('pageerror', error => wrong.push(error.message))
    await page.goto(`${server.url}/page.html`)
    await expectFigure(page)
    expect(await page.locator('yibao-check').evaluate(element => element.previousElementSibling.id)).toBe('before')
    expect(wrong).toEqual([])
    await server.close()
  })
}

test('the element goes where data-target says, and a target that is not there is said', async ({ page }) => {
  const line = target => `<div id="here"></div><script src="/loader.js" defer data-target="${target}" data-pack="/packs/demo.json"></script>`
  const server = await serve(FOLDER, { pages: { '/page.html': html(line('#here')), '/nowhere.html': html(line('#there')) } })
  await page.goto(`${server.url}/page.html`)
  await expect(page.locator('#here > yibao-check')).toHaveAttribute('pack', '/packs/demo.json')
  await expect(page.locator('yibao-check')).not.toHaveAttribute('target')
  const said = page.waitForEvent('console', message => message.type() === 'error')
  await page.goto(`${server.url}/nowhere.html`)
  expect((await said).text()).toBe('yibao-rules: there is no #there on this page')
  await expect(page.locator('yibao-check')).toHaveCount(0)
  await server.close()
})

test('an element that does not load leaves words', async ({ page }) => {
  const server = await serve(FOLDER, { change: path => (path.startsWith('/element/') ? { status: 404 } : undefined), pages: { '/page.html': html(LINE) } })
  await page.goto(`${server.url}/page.html`)
  await expect(page.locator('yibao-check')).toHaveText(/测算工具没有打开/)
  await server.close()
})

test('the line makes an iframe that is as high as what is in it', async ({ page }) => {
  const line = '<script src="/loader.js" defer data-frame="200" data-pack="packs/demo.json" data-region="341300" data-service="estimate" data-layout="single"></script>'
  const server = await serve(FOLDER, { pages: { '/page.html': html(line) } })
  await page.setViewportSize({ width: 800, height: 700 })
  await page.goto(`${server.url}/page.html`)
  const frame = page.frameLocator('iframe')
  await expect(frame.locator('yibao-check fieldset, yibao-check input').first()).toBeVisible()
  await expectNoScroll(page)
  await frame.locator('yibao-check').evaluate(element => { element.answers = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' } })
  await expect(frame.locator('yibao-check')).toContainText('4,400.00')
  await expectNoScroll(page)
  expect(await page.locator('iframe').evaluate(one => one.title)).toBe('医保测算')
  await server.close()
})

/** The frame shows all that is in it. */
async function expectNoScroll(page) {
  await expect.poll(() => page.locator('iframe').evaluate(frame => {
    const inside = frame.contentDocument.documentElement
    return Math.abs(frame.clientHeight - inside.getBoundingClientRect().height)
  })).toBeLessThan(2)
}

test('the helper believes the frame alone, and only heights', async ({ page }) => {
  const body = `<iframe data-yibao src="/frame.html?pack=packs/demo.json" title="医保测算" height="321"></iframe>
    <iframe id="stranger" src="/quiet.html" title="x"></iframe><script type="module" src="/host.js"></script>`
  const server = await serve(FOLDER, { pages: { '/page.html': html(body), '/quiet.html': html('') }, policy: WASM.replace("frame-src 'self'", 'frame-src http:') })
  const other = await serve(FOLDER, { policy: 'frame-ancestors *', pages: { '/quiet.html': html('') } })
  await page.goto(`${server.url}/page.html`)
  const frame = page.locator('iframe[data-yibao]')
  const height = () => frame.evaluate(one => one.style.height)
  // The element inside has come to rest: its height no longer changes by itself.
  await expect(page.frameLocator('iframe[data-yibao]').locator('yibao-check[data-status]')).toBeVisible()
  let last = ''
  await expect.poll(async () => {
    const now = await height()
    const still = now !== '' && now === last
    last = now
    return still
  }, { intervals: [400] }).toBe(true)
  const before = await height()
  // The same message from the page itself, from another frame of this origin, and with other contents.
  await page.evaluate(() => postMessage({ yibao: 'height', height: 777 }, '*'))
  await page.frames().find(one => one.url().endsWith('/quiet.html')).evaluate(() => parent.postMessage({ yibao: 'height', height: 777 }, '*'))
  const inside = page.frames().find(one => one.url().includes('/frame.html'))
  for (const data of [{ yibao: 'height', height: 'calc(1px)' }, { yibao: 'height', height: NaN }, { yibao: 'width', height: 777 }, { height: 777 }, null, 'height']) {
    await inside.evaluate(given => parent.postMessage(given, '*'), data)
  }
  await page.waitForTimeout(200)
  expect(await height()).toBe(before)
  // From that window with another origin in it.
  await frame.evaluate((one, url) => { one.contentWindow.location.href = url }, `${other.url}/quiet.html`)
  const elsewhere = () => page.frames().find(one => one.url().startsWith(other.url))
  await expect.poll(() => elsewhere() !== undefined).toBe(true)
  await elsewhere().evaluate(() => parent.postMessage({ yibao: 'height', height: 777 }, '*'))
  await page.waitForTimeout(200)
  expect(await height()).toBe(before)
  await server.close()
  await other.close()
})

test('whatever the frame says, its height stays between bounds', async ({ page }) => {
  const server = await serve(FOLDER, { pages: { '/page.html': html('<iframe data-yibao src="/quiet.html" title="x"></iframe><script type="module" src="/host.js"></script>'), '/quiet.html': html('') } })
  await page.goto(`${server.url}/page.html`)
  const inside = page.frames().find(one => one.url().endsWith('/quiet.html'))
  for (const [said, shown] of [[1e9, '20000px'], [-5, '120px'], [640.2, '641px']]) {
    await inside.evaluate(height => parent.postMessage({ yibao: 'height', height }, '*'), said)
    await expect.poll(() => page.locator('iframe').evaluate(one => one.style.height)).toBe(shown)
  }
  await server.close()
})

test('the frame runs no program and reads no pack but those of its own folder, whatever its address says', async ({ page }) => {
  // Where a visitor may leave a file: a program in place of the engine, and a pack of their own.
  const mine = "window.stranger = true; export const init = () => {}; export const loadPlan = () => {}"
  const server = await serve(FOLDER, {
    below: '/yibao', change: path => (path.startsWith('/uploads/') ? { status: 200, body: path.endsWith('.js') ? mine : '{}', type: path.endsWith('.js') ? 'text/javascript' : 'application/json' } : undefined),
    pages: { '/uploads/me/index.js': mine, '/uploads/me/x.json': '{}' },
  })
  const opened = async asked => {
    await page.goto(`${server.url}/yibao/frame.html?${new URLSearchParams(asked)}`)
    await expect(page.locator('yibao-check[data-status]')).toBeAttached()
    return page.locator('yibao-check').evaluate(element => Object.fromEntries(Array.from(element.attributes, one => [one.name, one.value])))
  }
  const names = await opened({ assets: '/uploads/me/', region: '341300', onclick: 'alert(1)', 'expose-answers': '', lang: 'en' })
  expect(names.region).toBe('341300')
  expect(names.assets).toBe(`${server.url}/yibao/`)
  for (const name of ['onclick', 'expose-answers']) expect(names).not.toHaveProperty(name)
  for (const pack of [
    'https://example.org/packs/x.json', '//example.org/packs/x.json', '/uploads/me/x.json', 'packs/../../uploads/me/x.json', 'packs/..%2f..%2fuploads%2fme%2fx.json',
    'packs/%2e%2e/%2e%2e/uploads/me/x.json', 'packs\\..\\..\\uploads\\me\\x.json', 'packs/demo.json?x', 'data:application/json,{}', 'http://[',
  ]) {
    expect(await opened({ pack }), pack).not.toHaveProperty('pack')
  }
  expect(await opened({ pack: '/yibao/packs/demo.json' })).toHaveProperty('pack')
  expect(await page.evaluate(() => window.stranger)).toBeUndefined()
  expect(server.asked.filter(path => path.startsWith('/uploads/'))).toEqual([])
  await server.close()
})

test('axe finds nothing on the frame page', async ({ page }) => {
  const server = await serve(FOLDER, {})
  await page.goto(`${server.url}/frame.html?pack=packs/demo.json&region=341300`)
  await expect(page.locator('yibao-check fieldset').first()).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).disableRules(['page-has-heading-one']).analyze()
  expect(violations.map(one => one.id)).toEqual([])
  await server.close()
})

test('the loader and the helper are small', async () => {
  const { readFileSync } = await import('node:fs')
  const { gzipSync } = await import('node:zlib')
  const packed = file => gzipSync(readFileSync(FOLDER + file), { level: 9 }).length
  expect(packed('loader.js')).toBeLessThanOrEqual(2048)
  expect(readFileSync(`${FOLDER}host.js`).length).toBeLessThan(1024)
})
