// The story the demo page opens on, against sums done by hand. The example amounts are invented; the 200 and 240 yuan
// are the text's.
//
//   staying:   18,260 − 12,430 = 5,830
//   going back: 11,850 − 7,940 = 3,910 at the upper hospital; 2,460 − 1,980 = 480 at the township, less 200 = 280
//               3,910 + 280 = 4,190 in all; 7,940 + 1,980 = 9,920 from the fund; 11,850 + 2,460 = 14,310 billed
//   difference: 5,830 − 4,190 = 1,640 for the person; 12,430 − 9,920 = 2,510 for the fund
import { expect, test } from './kit.mjs'
import { amounts, fen, put } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })

const story = page => page.locator('#story')
const way = (page, title) => story(page).locator('.path').filter({ has: page.getByRole('heading', { name: title, exact: true }) })
const stays = page => way(page, '一直住在上级医院')
const goesBack = page => way(page, '病情稳定后转回乡镇卫生院')
const stay = (within, title) => within.locator('.stay').filter({ hasText: title })
const sentence = page => story(page).locator('.year-sentence')

test.describe('on the demo page', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/')
    await expect(sentence(page)).toBeVisible()
  })

  test('it opens with its two ways and their difference', async ({ page }) => {
    await expect(story(page).getByRole('heading', { level: 2 })).toHaveText('从上级医院转回乡镇卫生院康复')
    await expect(sentence(page)).toHaveText('按下面的示例金额，走“病情稳定后转回乡镇卫生院”这条路，您自己少花 1,640.00 元，医保少付 2,510.00 元。')
    await expect(stays(page).locator('.path-spend strong')).toHaveText('5,830.00 元')
    await expect(goesBack(page).locator('.path-spend strong')).toHaveText('4,190.00 元')
    await expect(story(page).locator('.amount .tag-example')).toHaveText(Array(6).fill('示例金额'))
    await expect(story(page).locator('.path-spend .tag-example')).toHaveText(['按示例金额', '按示例金额'])
  })

  test('the subsidy comes after the fund, once for the stay that was transferred down', async ({ page }) => {
    expect(await amounts(stays(page), '政府补贴')).toEqual(['0.00 元'])
    const township = stay(goesBack(page), '再转回乡镇卫生院康复')
    expect(await amounts(township, '个人负担')).toEqual(['480.00 元'])
    expect(await amounts(township, '政府补贴')).toEqual(['200.00 元'])
    expect(await amounts(township, '最后自己花的')).toEqual(['280.00 元'])
    const both = stay(goesBack(page), '合计')
    expect(await amounts(both, '总费用合计')).toEqual(['14,310.00 元'])
    expect(await amounts(both, '医保一共付')).toEqual(['9,920.00 元'])
    expect(await amounts(both, '自己一共花')).toEqual(['4,190.00 元'])
  })

  test('employees get 240, and the difference follows', async ({ page }) => {
    await story(page).getByRole('radio', { name: '职工医保' }).check()
    // 5,830 − (3,910 + 480 − 240) = 1,680
    await expect(sentence(page)).toContainText('少花 1,680.00 元')
  })

  test('a transfer up gives the subsidy too', async ({ page }) => {
    await stays(page).getByText('这次的情况').click()
    await stays(page).getByRole('radio', { name: '从下级医院转上来的' }).check()
    await expect(stays(page).locator('.path-spend strong')).toHaveText('5,630.00 元')
    await expect(sentence(page)).toContainText('少花 1,440.00 元')
  })

  test('an amount changed changes the result, is heard, and is no longer marked as an example', async ({ page }) => {
    const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
    // 1.2万 − 7,940.55 = 4,059.45; with 280 at the township 4,339.45; 5,830 − 4,339.45 = 1,490.55
    await upper.getByLabel('总费用').fill('１．２万')
    await upper.getByLabel('医保已付').fill('7,940.55')
    expect(await amounts(upper, '个人负担')).toEqual(['4,059.45 元'])
    await expect(sentence(page)).toContainText('按您填的金额')
    await expect(sentence(page)).toContainText('少花 1,490.55 元')
    await expect(upper.locator('.echo').first()).toContainText('一万二千元整')
    await expect(upper.locator('.tag').first()).toHaveText('您填的')
    await expect(story(page).getByRole('status')).toContainText('1,490.55')
  })

  test('where going back costs more, the sentence says so; a subsidy above the share is shown below zero', async ({ page }) => {
    const township = stay(goesBack(page), '再转回乡镇卫生院康复')
    await township.getByLabel('总费用').fill('9000')
    // 3,910 + (9,000 − 1,980 − 200) = 10,730; 10,730 − 5,830 = 4,900
    await expect(sentence(page)).toContainText('多花 4,900.00 元')
    await township.getByLabel('总费用').fill('2460')
    await township.getByLabel('医保已付').fill('2400')
    expect(await amounts(township, '最后自己花的')).toEqual(['−140.00 元'])
    await expect(township).toContainText('小于零：补贴比个人负担还多')
  })

  test('every column of lines adds up to the fen', async ({ page }) => {
    const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
    await upper.getByLabel('总费用').fill('11850.37')
    await upper.getByLabel('医保已付').fill('7940.19')
    for (const one of await story(page).locator('.path .lines').all()) {
      const rows = await one.locator('.line').evaluateAll(lines => lines.map(line => ({ sign: line.querySelector('.line-sign').textContent, text: line.querySelector('.line-row > .line-amount').textContent })))
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
    await line.locator('> summary').click()
    await expect(line.locator('mark')).toHaveText('居民医保可以在我院领取200元的差价补贴')
    await expect(line).toContainText('《医联体建设管理（精选8篇）之篇2“xxx医院医联体建设汇报材料”》')
    await expect(line).toContainText('可靠程度：项目收集的资料')
    await expect(line).toContainText('因为参保类型是“城乡居民医保”')
    await expect(line).toContainText('原文没有写每次转诊是否都能领；这里只算一次转诊领一次')
    const share = township.locator('details.line-sum').first()
    await share.locator('> summary').click()
    await expect(share).toContainText('2,460.00 元 − 1,980.00 元 = 480.00 元')
  })

  test('nonsense is refused at the field and nothing is compared', async ({ page }) => {
    const upper = stay(goesBack(page), '先在上级医院，住到病情稳定')
    await upper.getByLabel('总费用').fill('一万多')
    await expect(upper.locator('.field-error')).toContainText('请填数字')
    await expect(upper.getByLabel('总费用')).toHaveAttribute('aria-invalid', 'true')
    await expect(sentence(page)).toHaveText('两边还没有都填全，先不比较。')
    await upper.getByLabel('总费用').fill('100')
    await expect(upper.locator('.field-error').first()).toContainText('医保已付的不能超过总费用')
  })

  test('what the text means stands above every amount, and emergencies before all', async ({ page }) => {
    const text = await page.evaluate(() => document.getElementById('story').shadowRoot.querySelector('.root').innerText)
    const at = words => { const found = text.indexOf(words); expect(found, words).toBeGreaterThan(-1); return found }
    expect(at('急症请先就医或拨打120')).toBeLessThan(at('1,640.00 元'))
    expect(at('历史政策演示，非现行待遇')).toBeLessThan(at('1,640.00 元'))
    await expect(page.getByRole('banner').first()).toContainText('演示，非政府网站')
    expect(await page.locator('body').innerText()).not.toMatch(/特此|红头|国徽/u)
  })

  test('English by the button and by the address, and answers stay', async ({ page }) => {
    await stay(goesBack(page), '再转回乡镇卫生院康复').getByLabel('总费用').fill('2500')
    await page.getByRole('button', { name: 'English' }).click()
    await expect(page.locator('html')).toHaveAttribute('lang', 'en')
    // 5,830 − (3,910 + 2,500 − 1,980 − 200) = 1,600
    await expect(sentence(page)).toHaveText('With your amounts, on the way “Back to the township once stable” you spend 1,600.00 yuan less and the insurance pays 2,510.00 yuan less.')
    await expect(page.getByRole('button', { name: '中文' })).toBeFocused()
    await page.reload()
    await expect(sentence(page)).toContainText('With the example amounts below')
  })

  test('from the story to one stay, and to the other services of the same text', async ({ page }) => {
    await story(page).getByRole('button', { name: '只算一次住院' }).click()
    await expect(story(page).getByLabel('要问的事')).toBeVisible()
    await story(page).getByLabel('要问的事').selectOption('3')
    await expect(story(page).locator('.emergency')).toBeVisible()
  })
})

test('a year of one’s own begins with the present answers, and a stay can be added', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 900 })
  const check = await put(page)
  await check.evaluate(one => { one.answers = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' } })
  await check.locator('details.section > summary').filter({ hasText: '一年住几次' }).click()
  await check.getByRole('button', { name: '用现在的回答开始' }).click()
  const [first, second] = [check.locator('.path').first(), check.locator('.path').last()]
  await expect(first.locator('.path-spend strong')).toHaveText('5,525.00 元')
  await second.getByText('这次的情况').click()
  await second.getByLabel('二级和县级', { exact: true }).check()
  // (20,000 − 500) × 80% = 15,600; 20,000 − 15,600 = 4,400; 5,525 − 4,400 = 1,125
  await expect(check.locator('.year-sentence')).toContainText('少花 1,125.00 元')
  await second.getByRole('button', { name: '再加一次住院' }).click()
  // Twice 4,400.
  await expect(second.locator('.path-spend strong')).toHaveText('8,800.00 元')
  await second.getByRole('button', { name: '删去这一次' }).first().click()
  await expect(second.locator('.path-spend strong')).toHaveText('4,400.00 元')
})
