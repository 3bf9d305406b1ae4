// The story, against sums done by hand. The example amounts are invented; the 200 and 240 yuan are the text's.
//
//   staying:   18,260 − 12,430 = 5,830
//   going back: 11,850 − 7,940 = 3,910 at the upper hospital; 2,460 − 1,980 = 480 at the township, less 200 = 280
//               3,910 + 280 = 4,190 in all; 7,940 + 1,980 = 9,920 from the fund; 11,850 + 2,460 = 14,310 billed
//   difference: 5,830 − 4,190 = 1,640 for the person; 12,430 − 9,920 = 2,510 for the fund
import { expect, test } from './kit.mjs'
import { amounts, fen, open, path, stay } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })
test.beforeEach(async ({ page }) => open(page))

const stays = page => path(page, '一直住在上级医院')
const goesBack = page => path(page, '病情稳定后转回乡镇卫生院')

test('the story opens with its two ways and their difference', async ({ page }) => {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('从上级医院转回乡镇卫生院康复')
  await expect(page.locator('.story-sentence')).toHaveText('按下面的示例金额，转回乡镇卫生院康复，您自己少花 1,640.00 元，医保少付 2,510.00 元。')
  await expect(stays(page).locator('.path-spend strong')).toHaveText('5,830.00 元')
  await expect(goesBack(page).locator('.path-spend strong')).toHaveText('4,190.00 元')
  await expect(page.locator('.line-input .tag-example')).toHaveText(Array(6).fill('示例金额'))
  await expect(page.locator('.path-spend .tag-example')).toHaveText(['按示例金额', '按示例金额'])
})

test('the subsidy comes after the fund, once for the stay that was transferred down', async ({ page }) => {
  expect(await amounts(stays(page), '政府补贴')).toEqual(['0.00 元'])
  const township = stay(goesBack(page), '再转回乡镇卫生院康复')
  expect(await amounts(township, '个人负担')).toEqual(['480.00 元'])
  expect(await amounts(township, '政府补贴')).toEqual(['200.00 元'])
  expect(await amounts(township, '最后自己花的')).toEqual(['280.00 元'])
  const both = stay(goesBack(page), '两次住院合计')
  expect(await amounts(both, '两次总费用')).toEqual(['14,310.00 元'])
  expect(await amounts(both, '医保一共付')).toEqual(['9,920.00 元'])
  expect(await amounts(both, '自己一共花')).toEqual(['4,190.00 元'])
})

test('employees get 240, and the difference follows', async ({ page }) => {
  await page.getByRole('radio', { name: '职工医保' }).first().check()
  const township = stay(goesBack(page), '再转回乡镇卫生院康复')
  expect(await amounts(township, '政府补贴')).toEqual(['240.00 元'])
  // 5,830 − (3,910 + 480 − 240) = 1,680
  await expect(page.locator('.story-sentence')).toContainText('少花 1,680.00 元')
})

test('a transfer up gives the subsidy on both ways', async ({ page }) => {
  await page.getByText('这样比较的前提（可以改）').click()
  await page.getByRole('radio', { name: '从下级医院转上来的' }).first().check()
  await expect(stays(page).locator('.path-spend strong')).toHaveText('5,630.00 元')
  await expect(goesBack(page).locator('.path-spend strong')).toHaveText('3,990.00 元')
  await expect(page.locator('.story-sentence')).toContainText('少花 1,640.00 元')
  await expect(page.locator('.premise-words')).toContainText('从下级医院转上来的')
})

test('an amount changed changes the result, and is no longer marked as an example', async ({ page }) => {
  const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
  // 1.2万 − 7,940.55 = 4,059.45; with 280 at the township 4,339.45; 5,830 − 4,339.45 = 1,490.55
  await upper.getByLabel('总费用').fill('１．２万')
  await upper.getByLabel('医保已付').fill('7,940.55')
  expect(await amounts(upper, '个人负担')).toEqual(['4,059.45 元'])
  await expect(page.locator('.story-sentence')).toContainText('按您填的金额')
  await expect(page.locator('.story-sentence')).toContainText('少花 1,490.55 元')
  await expect(upper.locator('.echo').first()).toHaveText('一万二千元整')
  await expect(upper.locator('.tag').first()).toHaveText('您填的')
  // The live region says it once the typing stops.
  await expect(page.getByRole('status')).toContainText('1,490.55')
})

test('where going back costs more, the sentence says so', async ({ page }) => {
  const township = stay(goesBack(page), '再转回乡镇卫生院康复')
  await township.getByLabel('总费用').fill('9000')
  // 3,910 + (9,000 − 1,980 − 200) = 10,730; 10,730 − 5,830 = 4,900
  await expect(page.locator('.story-sentence')).toContainText('多花 4,900.00 元')
})

test('a subsidy above the share is shown below zero and explained', async ({ page }) => {
  const township = stay(goesBack(page), '再转回乡镇卫生院康复')
  await township.getByLabel('医保已付').fill('2400')
  expect(await amounts(township, '最后自己花的')).toEqual(['−140.00 元'])
  await expect(township).toContainText('小于零：补贴比个人负担还多')
})

test('every column of lines adds up to the fen', async ({ page }) => {
  const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
  await upper.getByLabel('总费用').fill('11850.37')
  await upper.getByLabel('医保已付').fill('7940.19')
  for (const one of await page.locator('.path .stay').all()) {
    const rows = await one.locator('.line').evaluateAll(lines => lines.map(line => ({
      sign: line.querySelector('.line-sign').textContent,
      text: line.querySelector('.line-row .line-amount')?.textContent ?? `${Number(line.querySelector('input').value).toFixed(2)}`,
    })))
    let left = 0n
    for (const { sign, text } of rows) {
      if (sign === '') left = fen(text)
      else if (sign === '−') left -= fen(text)
      else expect(fen(text), await one.innerText()).toBe(left)
    }
    expect(rows.length).toBeGreaterThan(3)
  }
})

test('为什么 opens to the sum, the clause with its marked phrase, the grade and the assumptions', async ({ page }) => {
  const township = stay(goesBack(page), '再转回乡镇卫生院康复')
  const line = township.locator('details.line').filter({ hasText: '政府补贴' }).first()
  await line.locator('summary').click()
  const why = line.locator('.why-body')
  await expect(why.locator('mark')).toHaveText('居民医保可以在我院领取200元的差价补贴')
  await expect(why.locator('blockquote').first()).toContainText('由基层医疗机构转入我院的患者和从我院下转至基层医疗机构的患者')
  await expect(why).toContainText('《医联体建设管理（精选8篇）之篇2“xxx医院医联体建设汇报材料”》')
  await expect(why).toContainText('二、补贴双向转诊起付费，规范双向转诊流程')
  await expect(why).toContainText('可靠程度：项目收集的资料')
  await expect(why).toContainText('因为参保类型是“城乡居民医保”')
  await expect(why).toContainText('原文没有写每次转诊是否都能领；这里只算一次转诊领一次')
  const share = township.locator('details.line').filter({ hasText: '个人负担' }).first()
  await share.locator('summary').click()
  await expect(share).toContainText('2,460.00 元 − 1,980.00 元 = 480.00 元')
})

test("nonsense is refused at the field, in the engine's words, and nothing is compared", async ({ page }) => {
  const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
  await upper.getByLabel('总费用').fill('一万多')
  await expect(upper.locator('.field-error.there')).toContainText('is not a number')
  await expect(upper.getByLabel('总费用')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.locator('.story-sentence')).toHaveText('前提或金额还没有填全，先不比较。')
  await upper.getByLabel('总费用').fill('100')
  await expect(upper.locator('.field-error.there').first()).toContainText('医保已付的不能超过总费用')
})

test('what a text means is said above every amount, and emergencies come before all', async ({ page }) => {
  const text = await page.locator('main').innerText()
  const at = words => { const found = text.indexOf(words); expect(found, words).toBeGreaterThan(-1); return found }
  expect(at('急症请先就医或拨打120')).toBeLessThan(at('历史政策演示，非现行待遇'))
  expect(at('历史政策演示，非现行待遇')).toBeLessThan(at('1,640.00 元'))
  expect(text).not.toMatch(/特此|红头|国徽/u)
})
