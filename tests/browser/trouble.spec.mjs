// Where no figure may be shown: the form stays readable, the reason is said, and nothing of another place steps in.
import { expect, test } from './kit.mjs'
import { fillSuzhou, plan, put } from './page.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

const PACK = '/yibao/packs/anhui-suzhou-resident.plan.json'
const AMOUNT = /\d\.\d\d 元/u

async function expectNoFigure(page, check, words) {
  await expect(check.locator('.trouble')).toContainText(words)
  await expect(check).not.toContainText(AMOUNT)
  expect(await check.evaluate(one => one.result)).toBeNull()
}

const answered = (page, body) => page.route(`**${PACK}`, route => route.fulfill({ contentType: 'application/json', body }))

test('an unsupported place: said clearly, with the hotline', async ({ page }) => {
  const check = await put(page, { pack: '/yibao/packs/demo.json', region: '拉萨' }, { wait: false, body: '<p slot="help">12393</p>' })
  await expect(check).toHaveAttribute('data-status', 'unsupported')
  await expectNoFigure(page, check, '这里没有“拉萨”的依据')
  await expect(check).toContainText('别的地方的数字不能拿来代替')
  await expect(page.getByText('12393')).toBeVisible()
})

test('press, anonymous, national, proposed and foreign packs are no places, and say why', async ({ page }) => {
  const check = await put(page, { pack: '/yibao/packs/demo.json' }, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'choosing')
  const offered = await check.getByLabel('地方').locator('option').allInnerTexts()
  expect(offered.filter(text => /未具名|全国|英国|美国|贵州|浙江|闵行/u.test(text))).toEqual([])
  expect(offered.join()).toContain('宿州')
  await check.getByText(/份资料不能当作地方来选/).click()
  for (const why of ['没有写明地方', '另一种制度', '建议或预告', '报刊转述', '全国规定']) await expect(check.locator('.trouble, details')).toContainText([why].map(text => new RegExp(text, 'u')))
  for (const region of ['000000', '100000', '英国', '1', '市', '340000x']) {
    await check.evaluate((one, region) => one.setAttribute('region', region), region)
    await expect(check).toHaveAttribute('data-status', 'unsupported')
  }
})

test('a province stands for none of its places: they are offered, not chosen', async ({ page }) => {
  const check = await put(page, { pack: '/yibao/packs/demo.json', region: '340000' }, { wait: false })
  for (const region of ['340000', '安徽']) {
    await check.evaluate((one, region) => one.setAttribute('region', region), region)
    await expect(check).toHaveAttribute('data-status', 'choosing')
    const offered = await check.getByLabel('地方').locator('option:not([disabled])').allInnerTexts()
    expect(offered.length).toBeGreaterThan(1)
    expect(offered.filter(text => !text.startsWith('安徽'))).toEqual([])
  }
  for (const region of ['宿州', '宿州市', '安徽省宿州市', '341300']) {
    await check.evaluate((one, region) => one.setAttribute('region', region), region)
    await expect(check.locator('.head-place')).toContainText('宿州')
    await expect(check.getByLabel('地方')).toHaveCount(0)
  }
})

test('a pack that is missing', async ({ page }) => {
  await page.route(`**${PACK}`, route => route.fulfill({ status: 404, body: '' }))
  const check = await put(page, {}, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await expectNoFigure(page, check, '规则包没有取到')
})

test('a pack that is cut short', async ({ page }) => {
  await answered(page, JSON.stringify(plan('anhui-suzhou-resident')).slice(0, 4000))
  const check = await put(page, {}, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await expectNoFigure(page, check, '规则包不完整')
})

test('a pack of a later format', async ({ page }) => {
  await answered(page, JSON.stringify({ ...plan('anhui-suzhou-resident'), format: 2 }))
  const check = await put(page, {}, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await expectNoFigure(page, check, '规则包比这个页面新')
})

test('a pack that the engine does not pass: the form can be read', async ({ page }) => {
  const changed = plan('anhui-suzhou-resident')
  changed.services[0].program.tables[0].rows.pop()
  await answered(page, JSON.stringify(changed))
  const check = await put(page, {}, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await fillSuzhou(check)
  await expectNoFigure(page, check, '规则包没有通过核对')
  await expect(check.locator('.foot')).toContainText('校验失败')
})

test('a pack of an index that is not what the index promised', async ({ page }) => {
  const changed = plan('anhui-suzhou-resident')
  const text = JSON.stringify(changed).replaceAll('700元', '600元')
  await answered(page, text)
  const check = await put(page, { pack: '/yibao/packs/demo.json', region: '341300' }, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await expectNoFigure(page, check, '规则包没有通过核对')
})

test('an engine that cannot be had: the form can be read', async ({ page }) => {
  await page.route('**/yibao/index.js', route => route.fulfill({ status: 404, body: '' }))
  const check = await put(page, {}, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'error')
  await fillSuzhou(check)
  await expectNoFigure(page, check, '测算程序没有打开')
})

test('paused by the host: no figure, and again when it goes on', async ({ page }) => {
  const check = await put(page, { paused: true }, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'paused')
  await fillSuzhou(check)
  await expectNoFigure(page, check, '测算暂停')
  await check.evaluate(one => one.removeAttribute('paused'))
  await expect(check.locator('.answer')).toContainText('5,525.00 元')
})

test('a pack without rates offers what it can answer, and says why not the rest; no page opens on a refusal', async ({ page }) => {
  const check = await put(page, { pack: '/yibao/packs/demo.json', region: '盖州', service: 'estimate' })
  await expect(check.locator('.shut')).toContainText('这里不能答“报销费用测算”：方案没有写报销比例')
  await expect(check.locator('.refusal')).toHaveCount(0)
  await expect(check.locator('form fieldset, form select').first()).toBeVisible()
})

test('every service of every place opens without an error, and none on a refusal', async ({ page }) => {
  test.setTimeout(120_000)
  const check = await put(page, { pack: '/yibao/packs/demo.json' }, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'choosing')
  const thrown = []
  page.on('pageerror', error => thrown.push(error.message))
  let opened = 0
  const places = await check.getByLabel('地方').locator('option:not([disabled])').evaluateAll(all => all.map(one => one.value))
  for (const place of places) {
    await check.getByLabel('地方').selectOption(place)
    await expect(check).toHaveAttribute('data-status', 'ready')
    await expect(check.locator('.refusal')).toHaveCount(0)
    const service = check.getByLabel('要问的事')
    const count = (await service.count()) === 0 ? 0 : await service.locator('option:not([disabled])').count()
    for (let i = 0; i < Math.max(count, 1); i += 1) {
      if (count > 0) await service.selectOption(String(i))
      await expect(check).toHaveAttribute('data-status', 'ready')
      await expect(check.locator('.errors')).toHaveCount(0)
      await expect(check.locator('.evidence')).toBeVisible()
      opened += 1
    }
    expect(thrown, place).toEqual([])
  }
  expect(places.length).toBeGreaterThan(5)
  expect(opened).toBeGreaterThan(20)
})
