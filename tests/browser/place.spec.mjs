// Another place: a form from the facts the service needs, and its answer at once.
import { expect, test } from './kit.mjs'
import { CHOOSE, amounts, choose, choosePlace, fen, fillSuzhou, open } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })
test.beforeEach(async ({ page }) => open(page))

test('宿州: (20,000 − 700) × 75% = 14,475, and 20,000 − 14,475 = 5,525', async ({ page }) => {
  await fillSuzhou(page, { total: '２万' })
  const result = page.locator(CHOOSE).locator('.result')
  await expect(page.locator(CHOOSE).locator('.echo').first()).toHaveText('二万元整')
  await expect(result.locator('.answer')).toContainText('5,525.00 元')
  await expect(result.locator('.answer')).toContainText('14,475.00 元')
  expect(await amounts(result, '总费用')).toContain('20,000.00 元')
  expect(await amounts(result, '医保基金')).toContain('14,475.00 元')
  const pay = result.locator('details.line').filter({ hasText: '医保基金' }).first()
  await pay.locator('summary').click()
  await expect(pay).toContainText('(20,000.00 − 700.00) × 75%')
  await expect(pay.locator('mark')).toHaveText('三级(市属)医疗机构起付线700元,医保政策范围内报销比例75%')
  await expect(pay).toContainText('读自：http://www.zgfxnews.com/')
  await expect(pay.getByRole('link')).toHaveCount(0)
})

test('宿州 with fen: lines and parts add up', async ({ page }) => {
  await fillSuzhou(page, { total: '12345.67' })
  await page.locator(CHOOSE).getByLabel('医保不管的（自费）').fill('100.10')
  await page.locator(CHOOSE).getByLabel('要自己先付的').fill('20.02')
  const result = page.locator(CHOOSE).locator('.result')
  // 12345.67 − 100.10 − 20.02 = 12225.55; (12225.55 − 700) × 75% = 8644.1625, to the fen 8,644.16
  const [fund] = await amounts(result, '医保基金')
  expect(fund).toBe('8,644.16 元')
  const [share] = await amounts(result, '个人负担')
  expect(fen(share)).toBe(1234567n - 864416n)
  await result.locator('details.line').first().locator('summary').click()
  const parts = await result.locator('.parts li').evaluateAll(all => all.map(one => [one.querySelector('.figure').textContent, one.querySelector('.line-note').textContent.replace('其中自己付 ', '')]))
  const sum = column => parts.reduce((all, one) => all + fen(one[column]), 0n)
  expect(sum(0)).toBe(1234567n)
  expect(sum(1)).toBe(fen(share))
})

test('what is still missing is listed, and leads to its question', async ({ page }) => {
  await choosePlace(page, 'anhui-suzhou-resident')
  await choose(page, CHOOSE, '参保的市里看病', '参保的市里')
  const result = page.locator(CHOOSE).locator('.result')
  await expect(result.locator('.missing')).toContainText('这次一共花了多少钱？')
  await expect(result.locator('.answer')).toHaveCount(0)
  await result.getByRole('button', { name: '这次一共花了多少钱？' }).click()
  await expect(page.locator(CHOOSE).getByLabel('这次一共花了多少钱？')).toBeFocused()
})

test('outside 宿州 it refuses with the clause, and gives no figure of any place', async ({ page }) => {
  await fillSuzhou(page, { place: '外省' })
  const result = page.locator(CHOOSE).locator('.result')
  await expect(result.locator('.refusal')).toContainText('这份答复只写了宿州市域内住院，没有写市外')
  await expect(result.locator('.refusal blockquote')).toContainText('城乡居民参保人员在市域内住院的报销政策如下')
  await expect(result.locator('.refusal')).toContainText('别的地方的数字不能拿来代替')
  await expect(result).not.toContainText(/\d\.\d\d 元/u)
})

test('盖州 reimbursement: the plan has no rate, and the clause says why', async ({ page }) => {
  await choosePlace(page, 'gaizhou-2021', 'reimbursement')
  await choose(page, CHOOSE, '在哪里看的病', '基层医疗卫生机构')
  await page.locator(CHOOSE).getByLabel('这次一共花了多少钱？').fill('1000')
  await page.locator(CHOOSE).getByLabel('符合基本医疗费用').fill('900')
  const refusal = page.locator(CHOOSE).locator('.refusal')
  await expect(refusal).toContainText('方案没有写报销比例')
  await expect(refusal.locator('blockquote')).toContainText('合理拉开基层医疗卫生机构、市级医院和城市大医院间报销水平差距')
  await expect(refusal).toContainText('盖政办发〔2021〕12号')
  await expect(page.locator(CHOOSE).locator('.result')).not.toContainText(/\d\.\d\d 元/u)
})

test("nonsense stands at its field in the engine's own words", async ({ page }) => {
  await fillSuzhou(page)
  const form = page.locator(CHOOSE)
  await form.getByLabel('这次一共花了多少钱？').fill('很多')
  const field = form.locator('.question').filter({ hasText: '这次一共花了多少钱' })
  await expect(field.locator('.field-error')).toContainText('total: 很多 is not a number, expected a decimal such as 12.5')
  await expect(form.locator('.answer')).toHaveCount(0)
  await form.locator('.errors').getByRole('button').click()
  await expect(form.getByLabel('这次一共花了多少钱？')).toBeFocused()
  await form.getByLabel('这次一共花了多少钱？').fill('1.234')
  await expect(field.locator('.field-error')).toContainText('more decimals than it can have')
  await form.getByLabel('这次一共花了多少钱？').fill('100')
  await form.getByLabel('医保不管的（自费）').fill('200')
  await expect(form.locator('.field-error.there').first()).toContainText('不能超过总费用')
  await form.getByLabel('医保不管的（自费）').fill('0')
  await expect(form.locator('.field-error.there')).toHaveCount(0)
  await expect(form.locator('.answer')).toHaveCount(1)
})

test('what no place stands behind cannot be chosen', async ({ page }) => {
  const offered = await page.locator(CHOOSE).getByLabel('地方').locator('option').evaluateAll(all => all.map(one => one.value))
  expect(offered).toContain('anhui-suzhou-resident')
  expect(offered).toContain('gaizhou-2021')
  // Anonymous, national, press, another system.
  for (const id of ['alliance-deductible-subsidy', 'cn-long-prescription', 'minhang-long-prescription', 'kaiser', 'nhs', 'guizhou-telehealth', 'zhejiang-proposal']) expect(offered).not.toContain(id)
  await page.getByText(/份资料不能当作地方来选/).click()
  await expect(page.locator(CHOOSE)).toContainText('没有写明地方')
})

test('龙岗: a list of hospitals, 200 + 300 = 500', async ({ page }) => {
  await choosePlace(page, 'longgang-separate', 'transfers')
  const form = page.locator(CHOOSE)
  await form.getByRole('group', { name: '第 1 条' }).getByLabel('市内二级医院').check()
  await form.getByRole('button', { name: '再加一条' }).click()
  await form.getByRole('group', { name: '第 2 条' }).getByLabel('市内三级医院').check()
  await expect(form.locator('.result .line-last').first()).toContainText('500.00 元')
  await form.getByRole('button', { name: '删去这一条' }).first().click()
  await expect(form.locator('.result .line-last').first()).toContainText('300.00 元')
})

test('every service of every place opens and answers without an error', async ({ page }) => {
  const place = page.locator(CHOOSE).getByLabel('地方')
  const thrown = []
  page.on('pageerror', error => thrown.push(error.message))
  let opened = 0
  for (const pack of await place.locator('option').evaluateAll(all => all.map(one => one.value))) {
    await place.selectOption(pack)
    const service = page.locator(CHOOSE).getByLabel('要问的事')
    for (const id of await service.locator('option').evaluateAll(all => all.map(one => one.value))) {
      await service.selectOption(id)
      await expect(page.locator(CHOOSE).locator('.errors'), `${pack}/${id}`).toHaveCount(0)
      await expect(page.locator(CHOOSE).locator('.evidence').first()).toBeVisible()
      expect(thrown, `${pack}/${id}`).toEqual([])
      opened += 1
    }
  }
  expect(opened).toBeGreaterThan(20)
})
