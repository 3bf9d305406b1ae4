// One question at a time, as on a phone: 宿州, (20,000 − 700) × 75% = 14,475, and 20,000 − 14,475 = 5,525.
import { expect, test } from './kit.mjs'
import { SUZHOU, amounts, fen, fillSuzhou, on, put } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })

test.describe('on a phone', () => {
  test.use({ viewport: { width: 360, height: 780 } })

  test('from the first question to the result, with the amount in words', async ({ page }) => {
    const check = await put(page)
    await expect(check.locator('.step')).toHaveText('第 1 步，共 8 步')
    await expect(check.locator('.option').last()).toHaveText('不清楚')
    await check.getByLabel(SUZHOU.place, { exact: true }).check()
    await on(check)
    await check.getByLabel(SUZHOU.scheme, { exact: true }).check()
    await on(check)
    await expect(check.getByLabel('这次一共花了多少钱？')).toBeFocused()
    await expect(check.getByLabel('这次一共花了多少钱？')).toHaveAttribute('inputmode', 'decimal')
    await check.getByLabel('这次一共花了多少钱？').fill('３万')
    await expect(check.locator('.echo')).toHaveText('三万元整')
    await check.getByLabel('这次一共花了多少钱？').fill('２０，０００．００')
    await expect(check.locator('.echo')).toHaveText('二万元整')
    for (let i = 0; i < 4; i += 1) {
      await on(check)
      if (i < 3) await check.getByRole('textbox').fill('0')
    }
    await check.getByLabel(SUZHOU.level, { exact: true }).check()
    await on(check)
    await check.getByLabel('哪一天住进医院的？').fill('2023-06-16')
    await check.getByRole('button', { name: '看结果' }).click()
    await expect(check.locator('#result')).toBeFocused()
    await expect(check.locator('.answer')).toContainText('您大约要付 5,525.00 元')
    await expect(check.locator('.answer')).toContainText('医保付 14,475.00 元')
    await expect(check.locator('.decided')).toContainText('报销比例 75%')
    await expect(check.locator('.answers li')).toHaveCount(8)
  })

  test('back keeps the answer; 不清楚 leaves it open and says what is missing', async ({ page }) => {
    const check = await put(page)
    await check.getByLabel(SUZHOU.place, { exact: true }).check()
    await on(check)
    await check.getByRole('button', { name: '上一步' }).click()
    await expect(check.getByLabel(SUZHOU.place, { exact: true })).toBeChecked()
    await on(check)
    await check.getByLabel('不清楚').check()
    for (let i = 0; i < 7 && (await check.locator('.result').count()) === 0; i += 1) {
      const skip = check.getByRole('button', { name: '不清楚，先跳过' })
      if (await skip.count()) await skip.click()
      else {
        await check.getByLabel('不清楚').check()
        await on(check)
      }
    }
    await expect(check.locator('.missing')).toContainText('您参加的是哪一种医保？')
    await expect(check.locator('.answer-figure')).toHaveCount(0)
    await check.locator('.missing').getByRole('button', { name: '您参加的是哪一种医保？' }).click()
    await expect(check.getByLabel('不清楚')).toBeFocused()
  })

  test('going on without an answer is an error with a summary, and nothing moves before that', async ({ page }) => {
    const check = await put(page)
    await on(check)
    const summary = check.locator('#errors')
    await expect(summary).toBeFocused()
    await expect(summary.getByRole('link')).toContainText('还没有回答')
    await summary.getByRole('link').click()
    await expect(check.getByRole('radio').first()).toBeFocused()
  })

  test('nonsense: summary on top with a link, the same words at the field', async ({ page }) => {
    const check = await put(page)
    for (const label of [SUZHOU.place, SUZHOU.scheme]) {
      await check.getByLabel(label, { exact: true }).check()
      await on(check)
    }
    const field = check.getByLabel('这次一共花了多少钱？')
    for (const [text, words] of [['很多', '请填数字，例如 20000 或 20000.50。'], ['1.234', '小数位太多，最多 2 位。'], ['99999999', '要在 0 元 到 5,000,000 元 之间。'], ['-5', '要在 0 元 到 5,000,000 元 之间。']]) {
      await field.fill(text)
      await on(check)
      const summary = check.locator('#errors')
      await expect(summary).toBeFocused()
      await expect(summary.getByRole('link')).toContainText(words)
      await expect(check.locator('.field-error-line')).toHaveText(words)
      await expect(field).toHaveAttribute('aria-invalid', 'true')
      await summary.getByRole('link').click()
      await expect(field).toBeFocused()
    }
    await field.fill('100')
    await on(check)
    await expect(check.locator('#errors')).toHaveCount(0)
    await expect(check.locator('.step')).toHaveText('第 4 步，共 8 步')
  })
})

test.describe('all together', () => {
  test.use({ viewport: { width: 1024, height: 900 } })

  test('the result stands beside the form at once, and every line opens to clause and marked phrase', async ({ page }) => {
    const check = await put(page)
    await expect(check.locator('.invitation')).toBeVisible()
    await fillSuzhou(check)
    const result = check.locator('.result')
    await expect(result.locator('.answer')).toContainText('5,525.00 元')
    expect(await amounts(result, '医保基金')).toContain('14,475.00 元')
    const pay = result.locator('.lines > details.line').filter({ hasText: '医保基金' })
    await pay.locator('> summary').click()
    await expect(pay).toContainText('(20,000.00 − 700.00) × 75%')
    await expect(pay.locator('mark')).toHaveText('三级(市属)医疗机构起付线700元,医保政策范围内报销比例75%')
    await expect(pay).toContainText('有效期：原文没有写')
    await expect(pay).toContainText('可靠程度：主管部门或公立医院的网页')
    // An address that is not the authority's own: text, in the officers' fold only.
    await expect(pay.getByText('http://www.zgfxnews.com/')).toBeHidden()
    await pay.getByText('出处（经办人员核对用）').click()
    await expect(pay.getByText('http://www.zgfxnews.com/')).toBeVisible()
    await expect(pay.getByRole('link')).toHaveCount(0)
    // What was opened stays open when an amount changes.
    await check.getByLabel('这次一共花了多少钱？').fill('10000')
    await expect(pay).toHaveAttribute('open', '')
    await expect(result.locator('.answer')).toContainText('3,025.00 元')
  })

  test('lines and parts add up to the fen', async ({ page }) => {
    const check = await put(page)
    await fillSuzhou(check, { total: '12345.67' })
    await check.getByLabel('医保不管的（自费）').fill('100.10')
    await check.getByLabel('要自己先付的').fill('20.02')
    const result = check.locator('.result')
    // 12345.67 − 100.10 − 20.02 = 12225.55; (12225.55 − 700) × 75% = 8644.1625, to the fen 8,644.16
    expect(await amounts(result, '医保基金')).toContain('8,644.16 元')
    const [share] = await amounts(result, '个人负担')
    expect(fen(share)).toBe(1234567n - 864416n)
    await result.locator('details.line').first().locator('> summary').click()
    const parts = await result.locator('.parts li').evaluateAll(all => all.map(one => [one.querySelector('.figure').textContent, one.querySelector('.line-note').textContent.replace('其中自己付 ', '')]))
    const sum = column => parts.reduce((all, one) => all + fen(one[column]), 0n)
    expect(sum(0)).toBe(1234567n)
    expect(sum(1)).toBe(fen(share))
  })

  test('answers that contradict each other: the narrowest sentence, at both fields and on top', async ({ page }) => {
    const check = await put(page)
    await fillSuzhou(check, { total: '100' })
    const outside = check.getByLabel('医保不管的（自费）')
    await outside.fill('200')
    await outside.blur()
    await expect(check.locator('#errors').getByRole('link')).toHaveCount(2)
    await expect(check.locator('.field-error-line')).toHaveText(['自费不能超过总费用。', '自费不能超过总费用。'])
    await expect(check.locator('.answer')).toHaveCount(0)
    await check.locator('#errors').getByRole('link').last().click()
    await expect(outside).toBeFocused()
    await outside.fill('0')
    await expect(check.locator('#errors')).toHaveCount(0)
    await expect(check.locator('.answer')).toContainText('100.00 元')
  })

  test('outside 宿州 it refuses with the clause, and gives no figure of any place', async ({ page }) => {
    const check = await put(page)
    await fillSuzhou(check, { place: '外省' })
    const result = check.locator('.result')
    await expect(result.locator('.refusal')).toContainText('这份答复只写了宿州市域内住院，没有写市外')
    await expect(result.locator('.refusal blockquote')).toContainText('城乡居民参保人员在市域内住院的报销政策如下')
    await expect(result.locator('.refusal')).toContainText('别的地方的数字不能拿来代替')
    await expect(result).not.toContainText(/\d\.\d\d 元/u)
  })

  test('a list of hospitals: 200 + 300 = 500', async ({ page }) => {
    const check = await put(page, { pack: '/yibao/packs/longgang-separate.plan.json', service: 'transfers' })
    await check.getByRole('group', { name: '第 1 条' }).getByLabel('市内二级医院').check()
    await check.getByRole('button', { name: '再加一条' }).click()
    await check.getByRole('group', { name: '第 2 条' }).getByLabel('市内三级医院').check()
    await expect(check.locator('.result .line-last').first()).toContainText('500.00 元')
    await check.getByRole('button', { name: '删去这一条' }).first().click()
    await expect(check.locator('.result .line-last').first()).toContainText('300.00 元')
  })

  test('a named institution, and another one by its attributes', async ({ page }) => {
    const check = await put(page, { pack: '/yibao/packs/gaizhou-2021.plan.json', service: 'membership' })
    const hospital = check.getByLabel('是哪一家医院或卫生院？')
    await hospital.selectOption({ index: 1 })
    await expect(check.locator('.verdict')).toContainText('符合所列条件')
    await hospital.selectOption('other')
    await expect(check.getByRole('group', { name: '是哪一级的？' })).toBeVisible()
    await expect(check.locator('.verdict')).toContainText('不符合所列条件')
    await expect(check.locator('.verdict')).toContainText('原因：')
  })
})

test.describe('verdicts', () => {
  test.use({ viewport: { width: 1024, height: 900 } })
  const open = page => put(page, { pack: '/yibao/packs/alliance-deductible-subsidy.plan.json', service: 'down_referral' })
  const answer = (check, question, option) => check.getByRole('group', { name: question }).getByLabel(option, { exact: true }).check()

  test('all four endings, with what decided and what to bring', async ({ page }) => {
    const check = await open(page)
    await expect(check.locator('.emergency')).toContainText('急症请先就医或拨打120')
    await expect(check.locator('.verdict')).toHaveCount(0)
    await answer(check, /医生是否已确认治疗后到了恢复期/, '否')
    await expect(check.locator('.verdict')).toContainText('不符合所列条件')
    await expect(check.locator('.verdict')).toContainText('不是医生或经办机构的决定')
    await answer(check, /医生是否已确认治疗后到了恢复期/, '不清楚')
    await expect(check.locator('.verdict')).toContainText(/须由医生或经办机构确认|还不能确定/)
    await answer(check, /医生是否已确认治疗后到了恢复期/, '是')
    await answer(check, /在您家那里吗/, '是')
    await answer(check, /联系过了吗/, '是')
    await answer(check, /转诊转院单/, '是')
    await expect(check.locator('.verdict')).toContainText('符合所列条件')
    await expect(check.locator('.papers')).toContainText('已有')
    await answer(check, /转诊转院单/, '否')
    await expect(check.locator('.verdict')).toContainText('不符合所列条件')
    await expect(check.locator('.verdict')).toContainText('结果才会变')
    await expect(check.locator('.papers')).toContainText('还缺')
  })
})
