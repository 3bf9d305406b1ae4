// The element under the content policies of portals, and with files that are not what was released.

import { expect, test } from './kit.mjs'
import { ELEMENT, FOLDER, PLAN, expectFigure, expectForm, expectNoFigure } from './portal.mjs'
import { NO_WASM, TRUSTED, WASM, serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

const WASM_FILE = '/analysis/yibao_first.wasm'
const JS_FILE = '/portal-js/yibao.js'

/** Serves the portal's folder with the element on a page, and opens it. */
async function opened(page, options, address = '/page.html') {
  const server = await serve(FOLDER, { ...options, pages: { '/page.html': ELEMENT, ...options.pages } })
  const said = []
  page.on('pageerror', error => said.push(error.message))
  page.on('request', request => { if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) said.push(`asked ${request.url()}`) })
  await page.addInitScript(() => {
    window.violated = []
    document.addEventListener('securitypolicyviolation', event => window.violated.push(event.violatedDirective))
  })
  await page.goto(server.url + address)
  return { server, said, violated: () => page.evaluate(() => window.violated) }
}

const POLICIES = {
  "script-src 'self' 'wasm-unsafe-eval'": { policy: WASM, file: WASM_FILE, other: JS_FILE },
  "script-src 'self'": { policy: NO_WASM, file: JS_FILE, other: WASM_FILE },
  'trusted types, with WebAssembly': { policy: TRUSTED, file: WASM_FILE, other: JS_FILE },
  'trusted types, without': { policy: TRUSTED.replace(" 'wasm-unsafe-eval'", ''), file: JS_FILE, other: WASM_FILE },
}

for (const [name, { policy, file, other }] of Object.entries(POLICIES)) {
  test(`a figure under ${name}`, async ({ page }) => {
    const { server, said, violated } = await opened(page, { policy })
    await expectFigure(page)
    expect(server.asked).toContain(file)
    expect(server.asked).not.toContain(other)
    expect(said).toEqual([])
    // Asking whether WebAssembly may be compiled is the one thing that such a policy is asked in vain.
    expect((await violated()).filter(one => !(other === WASM_FILE && one.startsWith('script-src')))).toEqual([])
    await server.close()
  })
}

for (const [what, path] of Object.entries({ 'the list of packs': '/packs/demo.json', 'a pack': '/packs/anhui-suzhou-resident.plan.json', 'the engine': WASM_FILE })) {
  test(`a redirect of ${what} to another origin is not followed`, async ({ page }) => {
    // Without a policy of its own the page would let it through.
    const other = await serve(FOLDER, { policy: '', headers: { 'access-control-allow-origin': '*' } })
    const { server } = await opened(page, { policy: '', change: asked => (asked === path ? { to: other.url + path } : undefined) })
    await expect(page.locator('yibao-check')).toHaveAttribute('data-status', 'error')
    await expectNoFigure(page)
    expect(other.asked).toEqual([])
    await server.close()
    await other.close()
  })
}

test('where WebAssembly is compiled and refused only when it is instantiated, as in WebKit, the engine in JavaScript is taken', async ({ page }) => {
  await page.addInitScript(() => {
    const refused = () => { throw new WebAssembly.CompileError('Refused to create a WebAssembly object') }
    WebAssembly.Instance = function () { refused() }
    WebAssembly.instantiate = async () => refused()
    WebAssembly.instantiateStreaming = async () => refused()
  })
  const { server } = await opened(page, {})
  await expectFigure(page)
  expect(server.asked).toContain(JS_FILE)
  expect(server.asked).not.toContain(WASM_FILE)
  await server.close()
})

test('where no more than 4 KB may be instantiated at once, as before Chromium 115, nothing is missing', async ({ page }) => {
  await page.addInitScript(() => {
    const { Instance, Module } = WebAssembly
    const sizes = new WeakMap()
    const small = bytes => {
      if (bytes.byteLength > 4096) throw new RangeError('WebAssembly.Compile is disallowed on the main thread, if the buffer size is larger than 4KB')
    }
    WebAssembly.Module = function (bytes) {
      small(bytes)
      const module = new Module(bytes)
      sizes.set(module, bytes.byteLength)
      return module
    }
    Object.defineProperty(WebAssembly.Module, Symbol.hasInstance, { value: one => one instanceof Module })
    WebAssembly.Instance = function (module, imports) {
      if (!sizes.has(module)) throw new RangeError('WebAssembly.Instance is disallowed on the main thread')
      return new Instance(module, imports)
    }
    Object.defineProperty(WebAssembly.Instance, Symbol.hasInstance, { value: one => one instanceof Instance })
  })
  const { server, said } = await opened(page, {})
  await expectFigure(page)
  expect(server.asked).toContain(WASM_FILE)
  expect(server.asked).not.toContain(JS_FILE)
  // What takes the part that comes behind.
  await expect.poll(() => page.locator('yibao-check').evaluate(check => check.session.pack.rules.isComplete)).toBe(true)
  expect(said).toEqual([])
  await server.close()
})

test('a browser without WebAssembly takes the engine in JavaScript', async ({ page }) => {
  await page.addInitScript(() => { delete window.WebAssembly })
  const { server } = await opened(page, {})
  await expectFigure(page)
  expect(server.asked).toContain(JS_FILE)
  expect(server.asked).not.toContain(WASM_FILE)
  await server.close()
})

test('a wrong media type for the wasm is only slower', async ({ page }) => {
  const { server } = await opened(page, { change: (path, body) => (path === WASM_FILE ? { body, type: 'application/octet-stream' } : undefined) })
  await expectFigure(page)
  expect(server.asked).not.toContain(JS_FILE)
  await server.close()
})

/** One byte in the middle changed. */
function flipped(body) {
  const changed = Buffer.from(body)
  changed[changed.length >> 1] ^= 1
  return { body: changed }
}

const truncated = body => ({ body: body.subarray(0, body.length >> 1) })
const missing = () => ({ status: 404 })
const only = (file, change) => ({ change: (path, body) => (path === file ? change(body) : undefined) })

const ENGINES = { 'changed': flipped, 'truncated': truncated, 'missing': missing }
for (const [name, change] of Object.entries(ENGINES)) {
  test(`the wasm is ${name}: the form can be read, and there is no figure`, async ({ page }) => {
    const { server, said } = await opened(page, only(WASM_FILE, change))
    await expectNoFigure(page)
    await expectForm(page)
    expect(server.asked).not.toContain(JS_FILE)
    expect(said).toEqual([])
    await server.close()
  })
}

for (const [name, change] of Object.entries({ truncated, missing })) {
  test(`the engine in JavaScript is ${name}: the form can be read, and there is no figure`, async ({ page }) => {
    const { server } = await opened(page, { policy: NO_WASM, ...only(JS_FILE, change) })
    await expectNoFigure(page)
    await expectForm(page)
    await server.close()
  })
}

test('a plan that is not the one of the index gives no figure', async ({ page }) => {
  // 85% for 80%: a plan as good as any but for the promise that the index made about it.
  const raised = body => {
    const text = body.toString().replaceAll('80%', '85%')
    expect(text).not.toBe(body.toString())
    return { body: Buffer.from(text) }
  }
  const { server, said } = await opened(page, only(PLAN, raised))
  await expectNoFigure(page)
  expect(said).toEqual([])
  await server.close()
})

const DIRECT = ELEMENT.replace('pack="/packs/demo.json" region="341300"', `pack="${PLAN}"`)
const edited = edit => body => {
  const plan = JSON.parse(body)
  edit(plan)
  return { body: Buffer.from(JSON.stringify(plan)) }
}
const PLANS = {
  missing,
  truncated,
  empty: () => ({ body: Buffer.from('') }),
  'a web page': () => ({ body: Buffer.from('<!doctype html><title>登录</title>'), type: 'text/html; charset=utf-8' }),
  'of a later format': edited(plan => { plan.format += 1 }),
  'for another engine': edited(plan => { plan.services[0].program.code[0] = { launch: 1 } }),
  'not sound': edited(plan => { plan.services[0].program.constants = [] }),
}
for (const [name, change] of Object.entries(PLANS)) {
  test(`a plan that is ${name}: said, and no figure`, async ({ page }) => {
    const { server, said } = await opened(page, { ...only(PLAN, change), pages: { '/page.html': DIRECT } })
    await expectNoFigure(page)
    await expect(page.locator('yibao-check')).toContainText('不显示任何金额')
    expect(said).toEqual([])
    await server.close()
  })
}

test('the element by itself, given one plan, has a figure', async ({ page }) => {
  const { server } = await opened(page, { pages: { '/page.html': DIRECT } })
  await expectFigure(page)
  await server.close()
})

test('integrity on the script: the right hash runs, a wrong one does not', async ({ page }) => {
  const hashes = JSON.parse((await import('node:fs')).readFileSync(`${FOLDER}integrity.json`, 'utf8'))
  const held = hash => ELEMENT.replace('src="/element/yibao-check.js"', `src="/element/yibao-check.js" integrity="${hash}"`)
  const right = await opened(page, { pages: { '/page.html': held(hashes['element/yibao-check.js']) } })
  await expectFigure(page)
  await right.server.close()
  const wrong = await opened(page, { pages: { '/page.html': held(hashes['index.js']) } })
  await page.waitForLoadState('networkidle')
  expect(await page.evaluate(() => customElements.get('yibao-check') === undefined)).toBe(true)
  expect(wrong.server.asked).not.toContain('/index.js')
  await wrong.server.close()
})

const PAUSES = { 'says so': '{ "paused": true, "zh": "系统维护", "en": "maintenance" }', 'was broken by hand': '{ "paused": true, }' }
for (const [name, text] of Object.entries(PAUSES)) {
  test(`pause.json ${name}: no figure`, async ({ page }) => {
    const { server } = await opened(page, only('/pause.json', () => ({ body: Buffer.from(text) })))
    await expectNoFigure(page, 'paused')
    await expectForm(page)
    if (text.includes('系统维护')) await expect(page.locator('yibao-check')).toContainText('系统维护')
    await server.close()
  })
}

test('no pause.json is no pause', async ({ page }) => {
  const { server } = await opened(page, only('/pause.json', missing))
  await expectFigure(page)
  await server.close()
})

test('every case of three packs is the same in the browser without WebAssembly', async ({ page }) => {
  const { server } = await opened(page, { policy: NO_WASM })
  const found = await page.evaluate(async () => {
    const { selfTest } = await import('/selftest.js')
    const all = []
    for (const pack of ['anhui-suzhou-resident', 'alliance-deductible-subsidy', 'gaizhou-2021']) all.push(await selfTest({ pack }))
    return all
  })
  expect(found.map(one => one.build)).toEqual(['js', 'js', 'js'])
  for (const { all, same, packs } of found) {
    expect(packs[0].different).toEqual([])
    expect(all).toBeGreaterThan(30)
    expect(same).toBe(all)
  }
  await server.close()
})
