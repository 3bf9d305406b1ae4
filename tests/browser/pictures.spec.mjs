// Pictures of the main states, for people to look at: www/test-results/pictures. Nothing is compared with them.
import { expect, test } from './kit.mjs'
import { put } from './page.mjs'

test.use({ screenshot: 'off' })

const PICTURES = new URL('../../www/test-results/pictures/', import.meta.url).pathname
const FACTS = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
const give = (check, facts) => check.evaluate((one, facts) => { one.answers = facts; one.view.phase = 'result'; one.requestUpdate() }, facts)
const open = (check, ...titles) => check.evaluate(async (one, titles) => {
  await one.updateComplete
  for (const each of one.shadowRoot.querySelectorAll('details')) if (titles.some(title => each.querySelector('summary').textContent.includes(title))) each.open = true
  await new Promise(resolve => setTimeout(resolve, 150))
}, titles)

const STATES = {
  question: [{}, async () => {}],
  elder: [{ mode: 'elder' }, async check => check.evaluate(one => { one.answers = { place: 'in_city', scheme: 'resident', total: '20000' }; one.view.asked = 'total'; one.requestUpdate() })],
  error: [{}, async check => { await check.evaluate(one => { one.answers = { place: 'in_city', scheme: 'resident', total: '2万abc' }; one.view.asked = 'total'; one.requestUpdate() }); await check.locator('button[type=submit]').click() }],
  result: [{}, async check => give(check, FACTS)],
  'result-elder': [{ mode: 'elder' }, async check => give(check, FACTS)],
  why: [{}, async check => { await give(check, FACTS); await open(check, '医保基金') }],
  range: [{}, async check => { const { level, ...rest } = FACTS; await give(check, rest) }],
  chart: [{}, async check => { await give(check, FACTS); await open(check, '费用变化图'); await open(check, '用表格看') }],
  compare: [{}, async check => { await give(check, FACTS); await open(check, '不同就医路径') }],
  statement: [{}, async check => { await give(check, FACTS); await open(check, '结算单不一样'); await check.locator('.statement input').nth(2).fill('500') }],
  share: [{ features: 'share' }, async check => { await give(check, FACTS); await open(check, '分享'); await check.getByRole('button', { name: '显示二维码' }).click(); await check.locator('svg.qr').waitFor() }],
  refused: [{}, async check => give(check, { ...FACTS, place: 'out_of_province' })],
  verdict: [{ pack: '/yibao/packs/alliance-deductible-subsidy.plan.json', service: 'down_referral' }, async check => give(check, { inRecovery: true, nearHome: true, primaryContacted: true, referralSlip: false })],
  english: [{ lang: 'en' }, async check => give(check, FACTS)],
  unsupported: [{ pack: '/yibao/packs/demo.json', region: '拉萨' }, async () => {}],
}

for (const [name, [attributes, go]] of Object.entries(STATES)) {
  test(`picture of ${name}`, async ({ page }) => {
    const lang = attributes.lang ?? 'zh-CN'
    await page.setViewportSize({ width: 360, height: 780 })
    const check = await put(page, attributes, { lang, wait: false, body: '<p slot="help">医保服务热线：12393</p>' })
    await expect(check).toHaveAttribute('data-status', /ready|unsupported/u)
    await go(check)
    for (const width of [360, 1024]) {
      await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
      await page.waitForTimeout(120)
      await page.screenshot({ path: `${PICTURES}${name}-${width}.png`, fullPage: true })
    }
  })
}

test('picture of the demo page', async ({ page }) => {
  await page.goto('/')
  await expect(page.locator('#story .year-sentence')).toBeVisible()
  for (const width of [360, 1024]) {
    await page.setViewportSize({ width, height: width === 360 ? 780 : 900 })
    await page.waitForTimeout(120)
    await page.screenshot({ path: `${PICTURES}demo-${width}.png`, fullPage: true })
  }
})

test('picture of forced colours', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' })
  await page.setViewportSize({ width: 360, height: 780 })
  const check = await put(page)
  await give(check, FACTS)
  await page.waitForTimeout(120)
  await page.screenshot({ path: `${PICTURES}forced-colours-360.png`, fullPage: true })
})
