// Range, chart and comparison. Expected values by hand from 宿州's rates: 200/85%, 500/80%, 700/75%, 1000/70%.
import { expect, test } from './kit.mjs'
import { fillSuzhou, put, unfold } from './page.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

test('without the level: from 3,170 to 6,700, and the question that settles it', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await check.getByLabel('不清楚').nth(2).check()
  const range = check.locator('.range')
  // 20,000 − (20,000 − 200) × 85% = 3,170; 20,000 − (20,000 − 1,000) × 70% = 6,700
  await expect(range).toContainText('3,170.00 元 至 6,700.00 元')
  await expect(range).toContainText('就能算出准数')
  await range.getByRole('button', { name: '住的是哪一类医院？' }).click()
  await expect(check.getByLabel('不清楚').nth(2)).toBeFocused()
})

test('a bound that is not reached is no range', async ({ page }) => {
  const check = await put(page)
  await check.getByLabel('这次一共花了多少钱？').fill('20000')
  await check.getByLabel('参保的市里', { exact: true }).check()
  await expect(check.locator('.missing')).toBeVisible()
  await expect(check.locator('.range')).toHaveCount(0)
  await expect(check).not.toContainText('−')
})

test('the chart: a sentence, the knot at the deductible, points by keyboard, a table', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await unfold(check, '费用变化图')
  await expect(check.locator('.chart-sentence')).toHaveText('总费用 20,000.00 元 时，您付 5,525.00 元。从这里起，总费用每多 100 元，您多付 25 元。')
  await expect(check.locator('svg.chart')).toContainText('您在这里')
  await expect(check.locator('.axis-x')).toHaveText('总费用（万元）')
  const slider = check.getByRole('slider')
  await slider.focus()
  await page.keyboard.press('Home')
  await expect(check.locator('.chart-point')).toContainText('总费用 0.00 元，您付 0.00 元')
  await page.keyboard.press('ArrowRight')
  await expect(check.locator('.chart-point')).toHaveText('总费用 700.00 元，您付 700.00 元。这里开始变：本次起付金额。')
  expect(await slider.getAttribute('aria-valuetext')).toContain('700.00')
  await page.keyboard.press('ArrowRight')
  await expect(check.locator('.chart-point')).toContainText('您在这里：总费用 20,000.00 元，您付 5,525.00 元')
  await check.getByText('用表格看').click()
  const rows = await check.locator('table tbody tr').evaluateAll(all => all.map(row => [...row.cells].map(cell => cell.textContent.trim())))
  expect(rows).toEqual([['0.00', '0.00', ''], ['700.00', '700.00', '本次起付金额'], ['20,000.00', '5,525.00', '您在这里'], ['40,000.00', '10,525.00', '']])
})

test('the ways by care level, the lowest marked, differences in words, the doctor decides', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await unfold(check, '不同就医路径费用对照')
  const ways = check.locator('.way')
  await expect(ways.locator('h4')).toHaveText([/^一级及以下\s+其中您付得最少$/, /^二级和县级/, /^三级（市属）\s+您现在选的$/, /^三级（省属）/])
  await expect(ways.locator('.way-figure')).toHaveText(['3,170.00 元', '4,400.00 元', '5,525.00 元', '6,700.00 元'])
  await expect(check.locator('.section-body')).toContainText('不同在：起付线、报销比例。')
  await expect(check.locator('.doctor')).toContainText('由医生根据病情决定')
  await expect(check.locator('.section-body')).not.toContainText(/推荐|建议您|最划算/u)
  await check.getByLabel('按什么对照').selectOption({ label: '就医地' })
  await expect(check.locator('.section-body')).toContainText('外省：这份依据答不了')
})

test('own scenarios stand side by side, three at most, and the second line is drawn', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await unfold(check, '不同就医路径费用对照')
  const keep = check.getByRole('button', { name: '把现在的填法留作一栏' })
  await keep.click()
  await check.getByLabel('二级和县级', { exact: true }).check()
  await expect(check.locator('.way').filter({ hasText: '打算 1' }).locator('.way-figure')).toHaveText('5,525.00 元')
  await expect(check.locator('.way').filter({ hasText: '现在的填法' }).locator('.way-figure')).toHaveText('4,400.00 元')
  await unfold(check, '费用变化图')
  await expect(check.locator('svg.chart .curve-second')).toHaveCount(1)
  await keep.click()
  await keep.click()
  await expect(keep).toHaveCount(0)
  await check.getByRole('button', { name: '删去这一栏' }).first().click()
  await expect(keep).toHaveCount(1)
})
