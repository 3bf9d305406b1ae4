// What a host page relies on: attributes, properties, events, a form around the element, and being moved about.
import { expect, test } from './kit.mjs'
import { fillSuzhou, put } from './page.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

const FACTS = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }

test('methods before the element is ready do no harm, and answers given early count', async ({ page }) => {
  await put(page, {}, { wait: false, head: '' })
  await page.evaluate(facts => {
    const early = document.createElement('yibao-check')
    early.id = 'early'
    early.setAttribute('pack', '/yibao/packs/anhui-suzhou-resident.plan.json')
    early.answers = facts
    document.querySelector('main').append(early)
    window.before = [early.result, early.explain?.('basic'), early.exportCase?.(), early.status]
    early.reset?.()
    early.answers = facts
  }, FACTS)
  await expect(page.locator('#early .answer')).toContainText('5,525.00 元')
  await expect.poll(() => page.evaluate(() => document.getElementById('early').explain('basic'))).not.toBeNull()
  const told = await page.evaluate(() => {
    const early = document.getElementById('early')
    return { result: early.result.amounts.patient.text, explained: early.explain('basic'), kept: JSON.parse(early.exportCase()), value: early.value.digest, answers: early.answers }
  })
  expect(told.result).toBe('5525.00')
  expect(told.explained).toContain('(20000.00 − 700.00) × 75%')
  expect(told.kept.facts).toMatchObject({ total: '20000', out_of_scope: '0', level: 'city_third' })
  expect(told.kept.receipt.digest).toBe(told.value)
  expect(told.answers).toEqual(FACTS)
})

test('answers of a host that are nonsense are named, each with the way to its question', async ({ page }) => {
  const wrong = { ...FACTS, total: 'x', level: 'palace', scheme: 5, unheard: { of: true } }
  for (const layout of ['single', 'steps']) {
    const check = await put(page, { layout })
    await check.evaluate((one, facts) => { one.answers = facts; one.view.phase = 'result'; one.requestUpdate() }, wrong)
    await expect(check.locator('#errors').getByRole('link')).toHaveCount(3)
    await expect(check.locator('.answer')).toHaveCount(0)
    await check.locator('#errors').getByRole('link', { name: '这次一共花了多少钱？' }).click()
    await expect(check.getByLabel('这次一共花了多少钱？')).toBeFocused()
    await expect(check.locator('.field-error').first()).toBeVisible()
  }
})

test('events say what happens, and no answer unless the host asks for it', async ({ page }) => {
  const check = await put(page)
  await page.evaluate(() => {
    window.heard = []
    for (const name of ['ready', 'question', 'result', 'unsupported', 'pack', 'error']) document.addEventListener(`yibao-${name}`, event => window.heard.push([event.type, event.detail, event.composed]))
  })
  await fillSuzhou(check)
  await expect.poll(() => page.evaluate(() => window.heard.length)).toBeGreaterThan(3)
  const heard = await page.evaluate(() => window.heard)
  expect(new Set(heard.map(([type]) => type))).toEqual(new Set(['yibao-result']))
  expect(heard.at(-1)).toEqual(['yibao-result', { pack: 'anhui-suzhou-resident', service: 'inpatient', outcome: 'computed' }, true])
  expect(JSON.stringify(heard)).not.toMatch(/20000|in_city|scheme|answers/u)
  await page.evaluate(() => { document.getElementById('check').exposeAnswers = true })
  await check.getByLabel('这次一共花了多少钱？').fill('10000')
  const [, detail] = await page.evaluate(() => window.heard.at(-1))
  expect(detail.answers.total).toBe('10000')
  expect(detail.decision.amounts.patient.text).toBe('3025.00')
})

test('ready, pack, question and unsupported', async ({ page }) => {
  await page.addInitScript(() => {
    window.heard = []
    for (const name of ['ready', 'question', 'result', 'unsupported', 'pack', 'error']) document.addEventListener(`yibao-${name}`, event => window.heard.push([event.type, event.detail]))
  })
  const check = await put(page, { layout: 'steps' })
  await check.getByLabel('参保的市里', { exact: true }).check()
  await check.getByRole('button', { name: '继续' }).click()
  await check.evaluate(one => { one.setAttribute('pack', '/yibao/packs/demo.json'); one.setAttribute('region', '火星') })
  await expect(check).toHaveAttribute('data-status', 'unsupported')
  const heard = await page.evaluate(() => window.heard)
  expect(heard[0]).toEqual(['yibao-pack', { id: 'anhui-suzhou-resident', revision: expect.any(String), digest: expect.stringMatching(/^[0-9a-f]{64}$/u), status: 'dated' }])
  expect(heard.map(([type]) => type)).toEqual(expect.arrayContaining(['yibao-ready', 'yibao-question', 'yibao-unsupported']))
  expect(heard.at(-1)).toEqual(['yibao-unsupported', { region: '火星', service: null }])
})

test('in a form its value is the receipt, and a reset clears it', async ({ page }) => {
  const check = await put(page, { name: 'receipt' }, { before: '<form id="form"></form>' })
  await page.evaluate(() => document.getElementById('form').append(document.getElementById('check')))
  await fillSuzhou(check)
  const sent = () => page.evaluate(() => new FormData(document.getElementById('form')).get('receipt'))
  expect(JSON.parse(await sent())).toMatchObject({ pack: 'anhui-suzhou-resident', service: 'inpatient' })
  expect(await sent()).not.toMatch(/20000/u)
  await page.evaluate(() => document.getElementById('form').reset())
  expect(await sent()).toBeNull()
  await expect(check.locator('.invitation')).toBeVisible()
})

test('moved in its page it keeps its answers, its focus order and its listeners', async ({ page }) => {
  const check = await put(page, {}, { before: '<section id="elsewhere"></section>' })
  await fillSuzhou(check)
  await page.evaluate(() => document.getElementById('elsewhere').append(document.getElementById('check')))
  await expect(check.locator('.answer')).toContainText('5,525.00 元')
  await check.getByLabel('这次一共花了多少钱？').fill('10000')
  await expect(check.locator('.answer')).toContainText('3,025.00 元')
})

test('two elements on one page do not know of each other', async ({ page }) => {
  const check = await put(page)
  await page.evaluate(() => {
    const second = document.createElement('yibao-check')
    second.id = 'second'
    second.setAttribute('pack', '/yibao/packs/anhui-suzhou-resident.plan.json')
    document.querySelector('main').append(second)
  })
  const second = page.locator('#second')
  await expect(second).toHaveAttribute('data-status', 'ready')
  await fillSuzhou(check)
  await fillSuzhou(second, { total: '10000', level: '一级及以下' })
  // (10,000 − 200) × 85% = 8,330; 10,000 − 8,330 = 1,670
  await expect(second.locator('.answer')).toContainText('1,670.00 元')
  await expect(check.locator('.answer')).toContainText('5,525.00 元')
})

test('back from another page the answers are still there', async ({ page }) => {
  const check = await put(page, { name: 'receipt' })
  await fillSuzhou(check)
  await expect(check.locator('.answer')).toContainText('5,525.00 元')
  await page.goto('/yibao/index.js')
  await page.goBack()
  await expect(page.locator('#check .answer')).toContainText('5,525.00 元')
})

test('an engine that traps is replaced and the answers stay', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await page.evaluate(() => {
    window.heard = []
    document.addEventListener('yibao-error', event => window.heard.push(event.detail.code))
    // As the package does after a trap: it throws once, and the next call finds a new instance.
    const { rules } = document.getElementById('check').session.pack
    const { evaluate } = rules
    const proto = Object.getPrototypeOf(rules)
    proto.evaluate = function () {
      proto.evaluate = evaluate
      throw Object.assign(new Error('trap'), { code: 'engine-trap', diagnostics: [{ code: 'engine-trap', severity: 'error', message: 'the engine stopped' }] })
    }
  })
  await check.getByLabel('这次一共花了多少钱？').fill('10000')
  await expect(check.locator('.answer')).toContainText('3,025.00 元')
  expect(await page.evaluate(() => window.heard)).toEqual(['engine-trap'])
  await expect(check.getByLabel('三级（市属）', { exact: true })).toBeChecked()
})

test('as-of answers the day and it is not asked', async ({ page }) => {
  const check = await put(page, { 'as-of': '2023-06-20' })
  await expect(check.getByLabel('哪一天住进医院的？')).toHaveCount(0)
  await fillSuzhou(check)
  expect(await check.evaluate(one => one.result.asOf)).toBe('2023-06-20')
})

test('slots are shown; what stands without script is hidden once the element works', async ({ page }) => {
  const check = await put(page, {}, { body: '<p id="without">no script</p><p slot="intro">intro</p><p slot="help">12393</p><p slot="footer">foot</p>' })
  await expect(page.locator('#without')).toBeHidden()
  for (const text of ['intro', '12393', 'foot']) await expect(check.getByText(text, { exact: true })).toBeVisible()
})

test('features are an allow-list; sharing and keeping are off by default', async ({ page }) => {
  const check = await put(page, { storage: 'device' })
  await fillSuzhou(check)
  await expect(check.getByText('分享', { exact: true })).toHaveCount(0)
  await expect(check.getByRole('button', { name: '存在本机' })).toHaveCount(0)
  await check.evaluate(one => one.setAttribute('features', ''))
  await expect(check.getByRole('button', { name: '打印，带这张纸去窗口' })).toHaveCount(0)
  await expect(check.getByText('费用变化图')).toHaveCount(0)
  await expect(check.locator('.answer')).toBeVisible()
})

test('a host colour that cannot be read is darkened, with a note; one that can is used', async ({ page }) => {
  const notes = []
  page.on('console', message => notes.push(message.text()))
  const check = await put(page, {}, { head: '<link rel="stylesheet" href="/host.css">' , wait: false })
  await page.route('**/host.css', route => route.fulfill({ contentType: 'text/css', body: 'yibao-check { --yibao-primary: #1879d2; --yibao-danger: #c20000 }' }))
  await page.reload()
  await expect(check).toHaveAttribute('data-status', 'ready')
  const ratio = await check.evaluate(one => {
    const button = one.shadowRoot.querySelector('.tools .button')
    const channels = text => text.match(/[\d.]+/gu).slice(0, 3).map(Number)
    const light = rgb => { const [r, g, b] = rgb.map(v => v / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
    const [a, b] = [light(channels(getComputedStyle(button).color)), light([255, 255, 255])].sort((x, y) => y - x)
    return { ratio: (a + 0.05) / (b + 0.05), red: getComputedStyle(one.shadowRoot.querySelector('.root')).getPropertyValue('--red').trim() }
  })
  expect(ratio.ratio).toBeGreaterThanOrEqual(4.5)
  expect(ratio.ratio).toBeLessThan(5)
  expect(ratio.red).toBe('#c20000')
  expect(notes.join('\n')).toContain('--yibao-primary #1879d2')
  expect(notes.join('\n')).not.toContain('--yibao-danger')
})

test('the form is painted before the engine is there', async ({ page }) => {
  let release
  const held = new Promise(resolve => { release = resolve })
  await page.route('**/yibao_first.wasm', async route => { await held; await route.continue() })
  const check = await put(page, {}, { wait: false })
  await expect(check.getByLabel('这次一共花了多少钱？')).toBeVisible()
  await check.getByLabel('这次一共花了多少钱？').fill('20000')
  await expect(check.locator('.result')).toHaveCount(0)
  release()
  await expect(check).toHaveAttribute('data-status', 'ready')
  await expect(check.getByLabel('这次一共花了多少钱？')).toHaveValue('20000')
  await expect(check.locator('.missing')).toBeVisible()
})

test('figures do not wait for years and curves, which come behind them', async ({ page }) => {
  let release
  const held = new Promise(resolve => { release = resolve })
  await page.route('**/yibao_rest.wasm', async route => { await held; await route.continue() })
  const check = await put(page, { layout: 'single' }, { wait: false })
  await fillSuzhou(check)
  await expect(check.locator('.result')).toContainText('5,525.00')
  const later = check.getByText('费用变化图')
  await expect(later).toHaveCount(0)
  expect(await check.evaluate(one => [one.status, one.explain('basic')])).toEqual(['ready', null])
  await check.evaluate(one => { window.heard = new Promise(resolve => { one.addEventListener('yibao-ready', () => resolve(typeof one.explain('basic')), { once: true }) }) })
  release()
  expect(await page.evaluate(() => window.heard)).toBe('string')
  await expect(later).toBeVisible()
})

test('where the rest cannot be had the figures stand, and nothing is offered that needs it', async ({ page }) => {
  await page.route('**/yibao_rest.wasm', route => route.abort())
  const check = await put(page, { layout: 'single' }, { wait: false })
  await fillSuzhou(check)
  await expect(check.locator('.result')).toContainText('5,525.00')
  await expect(check.getByText('费用变化图')).toHaveCount(0)
})

test('answers that take the whole engine wait for it, and say so where it does not come', async ({ page }) => {
  let release
  const held = new Promise(resolve => { release = resolve })
  await page.route('**/yibao_rest.wasm', async route => { await held; await route.continue() })
  const gaizhou = { pack: '/yibao/packs/gaizhou-2021.plan.json', service: 'membership', layout: 'single' }
  const check = await put(page, gaizhou, { wait: false })
  await check.getByLabel('是哪一家医院或卫生院？').selectOption({ index: 1 })
  await expect(check.locator('.result')).toContainText('正在打开')
  release()
  await expect(check.locator('.verdict')).toContainText('符合所列条件')
  await page.unroute('**/yibao_rest.wasm')
  await page.route('**/yibao_rest.wasm', route => route.abort())
  const again = await put(page, gaizhou)
  await again.getByLabel('是哪一家医院或卫生院？').selectOption({ index: 1 })
  await expect(again.locator('.result')).toContainText('测算程序没有打开')
})
