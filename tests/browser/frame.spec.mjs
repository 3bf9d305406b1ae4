// The frame: languages, privacy, accessibility, reflow; and pictures of the main states.
import { AxeBuilder, expect, test } from './kit.mjs'
import { CHOOSE, DOWN, MEDICINE, choose, choosePlace, expectNoSidewaysScroll, fillSuzhou, open } from './page.mjs'

// The pictures of the main states are taken below; one more of every test would take longer than the tests.
test.use({ screenshot: 'only-on-failure' })

const PICTURES = new URL('../../www/test-results/', import.meta.url).pathname

/** The main states, each from a freshly opened page. */
const STATES = {
  story: async () => {},
  'story-why': async page => {
    for (const one of await page.locator('.path').last().locator('details.line').all()) await one.evaluate(node => { node.open = true })
  },
  'story-error': async page => page.locator('.path input').first().fill('abc'),
  home: async page => {
    await choose(page, MEDICINE, /您和家庭医生签约了吗|signed with a family/, /^(是|Yes)$/)
    await choose(page, DOWN, /转诊转院单|referral slip/, /^(否|No)$/)
    for (const one of await page.locator(`${MEDICINE} .layer, ${DOWN} .condition`).all()) await one.evaluate(node => { node.open = true })
  },
  refused: async page => {
    await choosePlace(page, 'gaizhou-2021', 'reimbursement')
    const form = page.locator(CHOOSE)
    await form.locator('.form input[type=radio]').first().check()
    for (const one of await form.locator('.form input[inputmode=decimal]').all()) await one.fill('900')
    await expect(form.locator('.refusal')).toBeVisible()
  },
  computed: async page => {
    await choosePlace(page, 'anhui-suzhou-resident')
    const form = page.locator(CHOOSE)
    for (const one of await form.locator('.form fieldset').all()) await one.locator('input[type=radio]').first().check()
    const money = form.locator('.form input[inputmode=decimal]')
    await money.first().fill('20000')
    for (let i = 1; i < 4; i += 1) await money.nth(i).fill('0')
    await expect(form.locator('.answer')).toBeVisible()
    for (const one of await form.locator('.result details').all()) await one.evaluate(node => { node.open = true })
  },
}

test('Chinese by default, English by the button and by the address, and answers stay', async ({ page }) => {
  await open(page)
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(page.getByRole('banner')).toContainText('演示，非政府网站')
  await fillSuzhou(page)
  await page.getByRole('button', { name: 'English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Back from the upper hospital to the township for recovery')
  await expect(page.getByRole('banner')).toContainText('not a government site')
  await expect(page.locator('.story-sentence')).toHaveText('With the example amounts below, going back to the township you spend 1,640.00 yuan less and the insurance pays 2,510.00 yuan less.')
  await expect(page.locator(CHOOSE).locator('.answer')).toContainText('5,525.00 yuan')
  expect(new URL(page.url()).searchParams.get('lang')).toBe('en')
  await expect(page.getByRole('button', { name: '中文' })).toBeFocused()
  // But for the packs' Chinese documents and names nothing Chinese is left among the page's own words.
  await open(page, '/?lang=en')
  const own = await page.locator('h1, h2, h3, h4, label, legend, .emergency, .line-label, .tag').allInnerTexts()
  expect(own.filter(text => /\p{Script=Han}/u.test(text) && !/宿州|自费|乙类先行自付|政策范围内费用|符合基本医疗费用/u.test(text))).toEqual([])
})

test('nothing is asked of the network after loading, nothing of elsewhere, and nothing is kept', async ({ page, baseURL }) => {
  const asked = []
  const said = []
  page.on('request', request => asked.push(request.url()))
  page.on('console', message => said.push(message.text()))
  page.on('pageerror', error => said.push(error.message))
  await open(page)
  await page.waitForLoadState('networkidle')
  const loading = asked.length
  expect(loading).toBeGreaterThan(5)
  expect(asked.filter(url => new URL(url).origin !== new URL(baseURL).origin && !url.startsWith('data:'))).toEqual([])
  await fillSuzhou(page)
  await choosePlace(page, 'gaizhou-2021', 'reimbursement')
  await choose(page, DOWN, '到了恢复期', '是')
  await page.getByRole('button', { name: 'English' }).click()
  await page.locator('.path input').first().fill('nonsense')
  await page.waitForTimeout(900)
  expect(asked.slice(loading)).toEqual([])
  expect(said).toEqual([])
  const kept = await page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length])
  expect(kept).toEqual(['', 0, 0, 0, 0])
})

test('a plan that does not load leaves no figure', async ({ page }) => {
  await page.route('**/alliance-deductible-subsidy.plan.json', route => route.fulfill({ status: 404, body: '' }))
  await page.goto('/')
  await expect(page.locator('main')).toContainText('测算程序没有打开，所以这里不显示任何金额。')
  await expect(page.locator('main')).toContainText('急症请先就医或拨打120')
  await expect(page.locator('main')).not.toContainText(/\d 元/u)
})

/** Beyond axe's default: text at 7:1, and targets. */
async function expectNoViolations(page) {
  const { violations } = await new AxeBuilder({ page }).options({ rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } }).analyze()
  expect(violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(' | ')}`)).toEqual([])
}

// States that concern different parts of the page are looked at together: axe takes seconds each time.
const TOGETHER = { untouched: [], 'explained and computed': ['story-why', 'home', 'computed'], 'wrong and refused': ['story-error', 'refused'] }

for (const lang of ['zh', 'en']) {
  for (const [name, states] of Object.entries(TOGETHER)) {
    test(`axe finds nothing, nothing scrolls sideways: ${name}, ${lang}`, async ({ page }) => {
      await page.setViewportSize({ width: 360, height: 780 })
      await open(page, `/?lang=${lang}`)
      for (const state of states) await STATES[state](page)
      await expectNoViolations(page)
      await expectNoSidewaysScroll(page)
    })
  }
}

test('axe finds nothing in dark colours', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page)
  for (const state of TOGETHER['explained and computed']) await STATES[state](page)
  await expectNoViolations(page)
  expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(20, 24, 28)')
})

test('320 px, twice the text, wide spacing: nothing scrolls sideways', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 })
  for (const lang of ['zh', 'en']) {
    await open(page, `/?lang=${lang}`)
    await STATES.computed(page)
    await STATES['story-why'](page)
    await expectNoSidewaysScroll(page)
    await page.evaluate(() => { document.documentElement.style.fontSize = '225%' })
    await expectNoSidewaysScroll(page)
    await page.evaluate(() => {
      document.documentElement.style.fontSize = ''
      for (const one of document.querySelectorAll('body *')) Object.assign(one.style, { lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em' })
    })
    await expectNoSidewaysScroll(page)
  }
})

test('what can be touched is 44 px high and wide', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  await open(page)
  await STATES.home(page)
  await STATES.computed(page)
  const small = await page.locator('button, select, input:not([type=radio]), label.option, summary').evaluateAll(all => all
    .filter(one => one.checkVisibility())
    .map(one => ({ what: one.outerHTML.slice(0, 80), width: one.getBoundingClientRect().width, height: one.getBoundingClientRect().height }))
    .filter(({ width, height }) => width < 44 || height < 44))
  expect(small).toEqual([])
})

test('by keyboard alone: a premise, an amount, a reason, the language', async ({ page }) => {
  await open(page)
  await page.keyboard.press('Tab')
  await expect(page.getByRole('link', { name: '跳到正文' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()
  await page.getByRole('radio', { name: '城乡居民医保' }).first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(page.locator('.story-sentence')).toContainText('1,680.00')
  const line = page.locator('.path').first().locator('details.line').filter({ hasText: '政府补贴' }).locator('summary')
  await line.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('.path').first().locator('mark').first()).toBeVisible()
  const ring = await line.evaluate(node => getComputedStyle(node).outlineStyle)
  expect(ring).toBe('solid')
})

test('what the reader opened stays open when an amount changes', async ({ page }) => {
  await open(page)
  const line = page.locator('.path').first().locator('details.line').filter({ hasText: '政府补贴' })
  await line.locator('summary').click()
  await page.locator('.path').first().getByLabel('总费用').fill('19000')
  await expect(line).toHaveAttribute('open', '')
})

test('the foot names packs, revisions and digests', async ({ page }) => {
  await open(page)
  const foot = page.getByRole('contentinfo')
  await expect(foot).toContainText('您的填写只在这台设备上，未发送。')
  await expect(foot).toContainText('以医院和医保经办机构结算为准。')
  await expect(foot).toContainText('alliance-deductible-subsidy')
  await expect(foot.locator('.digest').first()).toHaveText(/^[0-9a-f]{64}$/)
  await expect(foot).toContainText('未核验')
})

test('forced colours keep every border that carries meaning', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await open(page)
  await STATES.home(page)
  await expect(page.locator('.bar-fund').first()).toBeVisible()
  await page.screenshot({ path: `${PICTURES}forced-colours.png`, fullPage: true })
})

for (const [name, go] of Object.entries(STATES)) {
  test(`pictures of ${name}`, async ({ page }) => {
    await open(page)
    await go(page)
    await page.evaluate(() => document.activeElement?.blur())
    for (const width of [360, 1024]) {
      await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
      await page.screenshot({ path: `${PICTURES}${name}-${width}.png`, fullPage: true })
    }
  })
}
