// The same case gives the same bytes in Chromium as natively: every case of every pack.
import { nativeAnswers } from '../node/kit.mjs'
import { expect, test } from './kit.mjs'

test.use({ screenshot: 'only-on-failure' })

test('the portal build writes every decision in the browser as the native engine does', async ({ page }) => {
  // The first run compiles the native side.
  test.setTimeout(4 * 60_000)
  const { plans, cases } = nativeAnswers()
  expect(cases.length).toBeGreaterThan(1000)
  await page.goto('/')
  let compared = 0
  for (const [pack, plan] of plans) {
    const own = cases.filter(one => one.pack === pack)
    const different = await page.evaluate(async ({ plan, own }) => {
      const { YibaoError, init, loadPlan } = await import('/yibao/index.js')
      await init()
      const rules = loadPlan(plan)
      // Errors by content: their order is that of places in a file, which a case from JavaScript has not.
      const lines = all => JSON.stringify(all.map(({ code, message }) => `${code} ${message}`).sort())
      const answer = ({ service, input }) => {
        try {
          return JSON.stringify(service === null ? rules.year(input) : rules.evaluate(service, input))
        } catch (error) {
          if (!(error instanceof YibaoError)) throw error
          return lines(error.diagnostics)
        }
      }
      const expected = text => (text.startsWith('{"error"') ? lines(JSON.parse(text).error) : text)
      const found = own.map(one => ({ id: one.case, ours: answer(one), native: expected(one.answer) })).filter(one => one.ours !== one.native)
      rules.free()
      return found
    }, { plan, own })
    expect(different, pack).toEqual([])
    compared += own.length
  }
  expect(compared).toBe(cases.length)
  test.info().annotations.push({ type: 'cases', description: String(compared) })
})
