// Nothing leaves the device: no request once the element is ready, none to elsewhere ever, nothing kept.
import { expect, test } from './kit.mjs'
import { fillSuzhou, put, unfold } from './page.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

const kept = page => page.evaluate(async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length])

for (const lang of ['zh-CN', 'en']) {
  test(`a whole visit asks the network for nothing after loading and keeps nothing: ${lang}`, async ({ page, baseURL }) => {
    const asked = []
    const said = []
    page.on('request', request => asked.push(request.url()))
    page.on('console', message => said.push(message.text()))
    page.on('pageerror', error => said.push(error.message))
    const check = await put(page, { lang }, { lang })
    await page.waitForLoadState('networkidle')
    const loading = asked.length
    expect(loading).toBeGreaterThan(4)
    expect(asked.filter(url => new URL(url).origin !== new URL(baseURL).origin && !url.startsWith('data:'))).toEqual([])
    expect(asked.filter(url => new URL(url).search !== '')).toEqual([])
    await check.evaluate(one => { one.answers = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' } })
    await expect(check.locator('.answer')).toBeVisible()
    for (const summary of await check.locator('details.section > summary').all()) await summary.click()
    await check.evaluate(one => one.explain('basic'))
    await check.locator('input[inputmode=decimal]').first().fill('nonsense')
    await page.waitForTimeout(900)
    await check.evaluate(one => one.reset())
    expect(asked.slice(loading)).toEqual([])
    expect(said).toEqual([])
    expect(await kept(page)).toEqual(['', 0, 0, 0, 0])
  })
}

test('another place fetches its pack and nothing besides, and no answer is in the address', async ({ page }) => {
  const check = await put(page, { pack: '/yibao/packs/demo.json' }, { wait: false })
  await expect(check).toHaveAttribute('data-status', 'choosing')
  await page.waitForLoadState('networkidle')
  const asked = []
  page.on('request', request => asked.push(new URL(request.url())))
  await check.getByLabel('地方').selectOption('341300')
  await expect(check).toHaveAttribute('data-status', 'ready')
  await fillSuzhou(check)
  expect(asked.map(url => url.pathname + url.search)).toEqual(['/yibao/packs/anhui-suzhou-resident.plan.json'])
})

test('the demo page makes no request to elsewhere and keeps nothing', async ({ page, baseURL }) => {
  const asked = []
  page.on('request', request => asked.push(request.url()))
  await page.goto('/')
  await expect(page.locator('#story .year-sentence')).toBeVisible()
  await page.waitForLoadState('networkidle')
  const loading = asked.length
  await page.locator('#story input[inputmode=decimal]').first().fill('20000')
  await page.waitForTimeout(900)
  expect(asked.slice(loading)).toEqual([])
  expect(asked.filter(url => new URL(url).origin !== new URL(baseURL).origin && !url.startsWith('data:'))).toEqual([])
  expect(await kept(page)).toEqual(['', 0, 0, 0, 0])
})

test('no markup is ever parsed from text: nothing but the templates of lit is made a trusted type', async ({ page }) => {
  await page.addInitScript(() => {
    window.broken = []
    document.addEventListener('securitypolicyviolation', event => window.broken.push(event.violatedDirective))
  })
  const check = await put(page)
  await fillSuzhou(check)
  await unfold(check, '为什么和医院结算单不一样')
  await check.getByLabel('这次一共花了多少钱？').fill('<img src=x onerror=alert(1)>')
  expect(await page.evaluate(() => window.broken)).toEqual([])
})
