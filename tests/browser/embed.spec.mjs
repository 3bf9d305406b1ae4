// The embed page: what is previewed is what the copied code gives.

import { AxeBuilder, expect, test } from './kit.mjs'
import { expectNoSidewaysScroll } from './page.mjs'
import { FOLDER, expectFigure, page as html } from './portal.mjs'
import { NO_WASM, WASM, serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

/** Where the copied code expects the folder. */
const WHERE = '/yibao-rules'

async function open(page, { address = '/', ...options } = {}) {
  const server = await serve(FOLDER, options)
  await page.goto(server.url + address)
  await page.waitForSelector('body[data-ready]')
  return server
}

const snippet = (page, title) => page.getByRole('region', { name: title }).innerText()

test('options change the preview and the code', async ({ page }) => {
  const server = await open(page)
  await expect(page.locator('#index-note')).toContainText(/^\d+ 个规则包，\d+ 个可以选作地区；都是演示/)
  await page.getByLabel('地区').selectOption('341300')
  await page.getByLabel('服务').selectOption('estimate')
  await page.getByLabel('排列').selectOption('single')
  await expectFigure(page)
  expect(await snippet(page, /一行代码/)).toBe(`<script src="${WHERE}/loader.js" defer data-pack="${WHERE}/packs/demo.json" data-region="341300" data-service="estimate" data-layout="single"></script>`)
  await page.getByLabel('语言').selectOption('en')
  await expect(page.locator('#preview yibao-check')).toHaveAttribute('lang', 'en')
  await server.close()
})

for (const title of ['元素 Element', '一行代码 Loader', '框架 Iframe']) {
  test(`the copied code works on a page of its own: ${title}`, async ({ page }) => {
    const server = await open(page)
    await page.getByLabel('地区').selectOption('341300')
    await page.getByLabel('服务').selectOption('estimate')
    await page.getByLabel('写上完整性校验值').check()
    await expect.poll(() => snippet(page, title)).toMatch(/integrity="sha384-[\w+/]{64}"/)
    const code = await snippet(page, title)
    await server.close()
    const portal = await serve(FOLDER, { pages: { '/page.html': html(code) }, below: WHERE })
    await page.goto(`${portal.url}/page.html`)
    const check = title.startsWith('框架') ? page.frameLocator('iframe').locator('yibao-check') : page.locator('yibao-check')
    await expect.poll(() => check.evaluate(element => element.status ?? 'loading')).toBe('ready')
    expect(await check.evaluate(element => element.getAttribute('region'))).toBe('341300')
    await portal.close()
  })
}

test('an empty index is explained, and nothing is offered', async ({ page }) => {
  const server = await open(page)
  await page.getByLabel('目录').selectOption('public.json')
  await expect(page.locator('#index-note')).toContainText('这个目录是空的')
  await expect(page.getByLabel('地区').locator('option')).toHaveCount(1)
  await expect.poll(() => page.locator('#preview yibao-check').evaluate(element => element.status)).toBe('unsupported')
  expect(await snippet(page, /一行代码/)).toBe(`<script src="${WHERE}/loader.js" defer></script>`)
  await server.close()
})

test('copying puts the code on the clipboard, or selects it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const server = await open(page)
  await page.getByRole('button', { name: '复制' }).nth(1).click()
  await expect(page.locator('#copied')).toContainText('已复制')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await snippet(page, /一行代码/))
  await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  await page.getByRole('button', { name: '复制' }).nth(1).click()
  await expect(page.locator('#copied')).toContainText('Ctrl-C')
  expect(await page.evaluate(() => getSelection().toString())).toBe(await snippet(page, /一行代码/))
  await server.close()
})

for (const [name, policy, build] of [['WebAssembly', WASM, 'WebAssembly'], ['JavaScript', NO_WASM, 'JavaScript']]) {
  test(`?selftest runs every case of every pack in ${name} and says how many`, async ({ page }) => {
    test.setTimeout(90_000)
    const server = await open(page, { address: '/?selftest', policy })
    const box = page.locator('.yibao-selftest')
    await expect(box).toHaveAttribute('data-outcome', 'passed', { timeout: 60_000 })
    const [, packs, all, same] = /(\d+) 个规则包的 (\d+) 个例子，(\d+) 个与发布时逐字相同/.exec(await box.innerText())
    expect(Number(packs)).toBeGreaterThan(60)
    expect(Number(all)).toBeGreaterThan(1000)
    expect(same).toBe(all)
    await expect(box).toContainText(build)
    await server.close()
  })
}

test('the self-test can fail: a changed answer, a changed plan', async ({ page }) => {
  const cases = '/packs/anhui-suzhou-resident.cases.json'
  const index = '/packs/demo.json'
  // The index no longer promises anything, and one check sum is another.
  const lax = (path, body) => {
    if (path === cases) return { body: Buffer.from(body.toString().replace(/"sum":\d+/u, '"sum":1')) }
    if (path === index) return { body: Buffer.from(JSON.stringify(JSON.parse(body).filter(one => one.id === 'anhui-suzhou-resident').map(one => ({ ...one, cases: { ...one.cases, integrity: '' } })))) }
    return undefined
  }
  const server = await open(page, { address: '/?selftest', change: lax })
  const box = page.locator('.yibao-selftest')
  await expect(box).toHaveAttribute('data-outcome', 'failed')
  await expect(box).toContainText('请不要使用这里的金额')
  await expect(box.locator('li')).toHaveText(/^anhui-suzhou-resident \S+: \S+$/)
  await server.close()
  const changed = await open(page, { address: '/?selftest', change: (path, body) => (path === cases ? { body: Buffer.from(`${body} `) } : undefined) })
  await expect(box).toHaveAttribute('data-outcome', 'broken')
  await changed.close()
})

test('?selftest on a page with the one-line script', async ({ page }) => {
  const server = await serve(FOLDER, { pages: { '/page.html': html('<script src="/loader.js" defer data-pack="/packs/demo.json"></script>') } })
  await page.goto(`${server.url}/page.html?selftest`)
  await expect(page.locator('yibao-check + .yibao-selftest')).toHaveAttribute('data-outcome', 'passed', { timeout: 20_000 })
  await page.goto(`${server.url}/page.html?selftester=1`)
  await expect(page.locator('yibao-check')).toHaveCount(1)
  await expect(page.locator('.yibao-selftest')).toHaveCount(0)
  await server.close()
})

for (const scheme of ['light', 'dark']) {
  test(`axe finds nothing, nothing scrolls sideways, targets are large: ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width: 320, height: 780 })
    const server = await open(page)
    for (const address of ['/', '/guide.html']) {
      await page.goto(server.url + address)
      if (address === '/') await page.waitForSelector('body[data-ready]')
      const { violations } = await new AxeBuilder({ page }).options({ rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } }).analyze()
      expect(violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' | ')}`)).toEqual([])
      await expectNoSidewaysScroll(page)
      const small = await page.locator('body > :not(footer) button, select, label.line, input:not([type=checkbox])').evaluateAll(all => all
        .filter(one => one.checkVisibility() && one.getRootNode() === document)
        .filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML.slice(0, 80)))
      expect(small).toEqual([])
    }
    await server.close()
  })
}
