// What is taken along: the paper, the link, what stays on the device, the statement, the voice.
import { readFileSync } from 'node:fs'
import { expect, test } from './kit.mjs'
import { fillSuzhou, put, unfold } from './page.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

const ALL = 'chart compare year print share speech save export'

test('the paper: one A4 page with inputs, lines, clause, digest and the question, and nothing else of the page', async ({ page }) => {
  await page.addInitScript(() => { window.print = () => { window.printed = true } })
  const check = await put(page, {}, { before: '<p>of the host</p>' })
  await fillSuzhou(check)
  await check.getByRole('button', { name: '打印，带这张纸去窗口' }).click()
  await expect.poll(() => page.evaluate(() => window.printed)).toBe(true)
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByText('of the host')).toBeHidden()
  const paper = page.locator('yibao-paper')
  await expect(paper.getByRole('heading', { level: 1 })).toHaveText('市域内住院费用测算')
  for (const text of ['演示，未经主管部门核验', '总费用', '20,000.00 元', '三级（市属）', '5,525.00 元', '三级(市属)医疗机构起付线700元', '想请窗口核对', '以医院和医保经办机构结算为准', '未发送']) await expect(paper).toContainText(text)
  await expect(paper).toContainText(/摘要 [0-9a-f]{64}/u)
  await expect(paper).not.toContainText(/姓名|身份证/u)
  await page.setViewportSize({ width: 690, height: 1000 })
  await page.screenshot({ path: test.info().outputPath('paper.png'), fullPage: true })
  const pdf = await page.pdf({ preferCSSPageSize: true })
  expect(pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/gu)).toHaveLength(1)
  // Printing is over: the page is as it was.
  await expect(paper).toHaveCount(0)
  await page.emulateMedia({ media: 'screen' })
  await expect(page.getByText('of the host')).toBeVisible()
})

test('the paper of a verdict names the papers that are missing', async ({ page }) => {
  await page.addInitScript(() => { window.print = () => {} })
  const check = await put(page, { pack: '/yibao/packs/alliance-deductible-subsidy.plan.json', service: 'up_referral' })
  await check.evaluate(one => { one.answers = { beyondScope: true, stampedAdmissionNote: false } })
  await check.evaluate(one => one.print())
  await expect(page.locator('yibao-paper')).toContainText('加盖基层医疗机构公章的住院证')
  await expect(page.locator('yibao-paper')).toContainText('我现在能不能办')
})

test('a link carries the answers after its #, and opens them elsewhere; a QR code of it', async ({ page }) => {
  const asked = []
  const check = await put(page, { features: ALL })
  await fillSuzhou(check)
  await unfold(check, '分享')
  const link = await check.getByRole('link', { name: '带回答的链接' }).getAttribute('href')
  const url = new URL(link)
  expect(url.search).toBe('')
  expect(url.hash).toMatch(/^#yibao=/u)
  page.on('request', request => asked.push(request.url()))
  await check.getByRole('button', { name: '显示二维码' }).click()
  await expect(check.locator('svg.qr path')).toHaveAttribute('d', /^M\d/u)
  // The encoder, from this site, and nothing of the answers.
  expect(asked.map(one => new URL(one).pathname)).toEqual(['/yibao/element/qr.js'])
  await page.goto('about:blank')
  await page.goto(link)
  await expect(page.locator('#check .answer')).toContainText('5,525.00 元')
})

test('a link of another maker, of another pack, or without leave changes nothing', async ({ page }) => {
  const hash = value => `#yibao=${Buffer.from(JSON.stringify(value)).toString('base64url')}`
  const own = { p: 'anhui-suzhou-resident', s: 'inpatient', a: { total: '20000' } }
  const check = await put(page, { features: ALL })
  for (const bad of ['#yibao=%%%', '#yibao=e30', hash({ ...own, p: 'kaiser' }), hash({ ...own, a: { total: 5 } }), hash({ ...own, a: [] })]) {
    await page.goto('about:blank')
    await page.goto(`/host.html${bad}`)
    await expect(check).toHaveAttribute('data-status', 'ready')
    await expect(check.getByLabel('这次一共花了多少钱？')).toHaveValue('')
  }
  await page.goto('about:blank')
  await page.goto(`/host.html${hash(own)}`)
  await expect(check.getByLabel('这次一共花了多少钱？')).toHaveValue('20000')
  await page.unroute('**/host.html*')
  await put(page, {})
  await page.goto('about:blank')
  await page.goto(`/host.html${hash(own)}`)
  await expect(check).toHaveAttribute('data-status', 'ready')
  await expect(check.getByLabel('这次一共花了多少钱？')).toHaveValue('')
})

test('the text to paste has the result and no identity', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const check = await put(page, { features: ALL })
  await fillSuzhou(check)
  await unfold(check, '分享')
  await check.getByRole('button', { name: '复制文字' }).click()
  await expect(check).toContainText('已复制。')
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(text).toContain('您大约要付5,525.00 元，医保付14,475.00 元。')
  expect(text).toContain('按2023年6月16日的文字测算')
  expect(text).toContain('以医院和医保经办机构结算为准。')
})

test('kept on the device only when asked, found again, and deleted', async ({ page }) => {
  const check = await put(page, { features: ALL, storage: 'device' })
  await fillSuzhou(check)
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
  await check.getByRole('button', { name: '存在本机' }).click()
  await expect(check).toContainText('已存在这台设备上')
  await page.goto('about:blank')
  await page.goto('/host.html')
  await expect(check.locator('.answer')).toContainText('5,525.00 元')
  await check.getByRole('button', { name: '删除本机存的' }).click()
  expect(await page.evaluate(() => localStorage.length)).toBe(0)
})

test('start again forgets everything', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await check.getByRole('button', { name: '重新开始' }).click()
  await expect(check.locator('.invitation')).toBeVisible()
  await expect(check.getByLabel('这次一共花了多少钱？')).toHaveValue('')
  await expect(check.getByRole('radio', { checked: true })).toHaveCount(0)
  expect(await check.evaluate(one => one.answers)).toEqual({})
})

test('the statement: the first line that differs, usual causes, and a case file', async ({ page }) => {
  const check = await put(page)
  await fillSuzhou(check)
  await unfold(check, '为什么和医院结算单不一样')
  const lines = check.locator('.statement')
  await lines.getByLabel('总费用').fill('20000')
  await lines.getByLabel('政策范围内费用').fill('20,000.00')
  await lines.getByLabel('起付线', { exact: false }).first().fill('500')
  await lines.getByLabel('个人负担').fill('4400')
  const answer = check.locator('.statement-answer')
  await expect(answer).toContainText('第一处不一样：起付线。这里是 700.00 元，结算单是 500.00 元。')
  await expect(answer).toContainText('医院登记的和您填的不同：医院类别。')
  await expect(answer).toContainText('以结算单为准')
  const [download] = await Promise.all([page.waitForEvent('download'), check.getByRole('button', { name: '存成测试案例' }).click()])
  const { cases: [kept] } = JSON.parse(readFileSync(await download.path(), 'utf8'))
  expect(kept).toMatchObject({ service: 'inpatient', origin: 'published', facts: { total: '20000', level: 'city_third' }, expect: { amounts: { total: '20000.00', patient: '4400.00' }, steps: { eligible: '20000.00', deductible: '500.00' } } })
  await lines.getByLabel('起付线', { exact: false }).first().fill('700')
  await lines.getByLabel('个人负担').fill('')
  await expect(answer).toContainText('填了的几行都一样')
})

test('only local voices read aloud; without one there is no button', async ({ page }) => {
  const voices = list => page.addInitScript(list => {
    const spoken = []
    window.spoken = spoken
    Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => list, speak: words => spoken.push([words.text, words.voice.name]), cancel() {}, addEventListener() {}, removeEventListener() {} }, configurable: true })
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
  }, list)
  await voices([{ name: 'cloud', lang: 'zh-CN', localService: false }, { name: 'english', lang: 'en-US', localService: true }])
  const check = await put(page)
  await expect(check.getByRole('button', { name: '朗读' })).toHaveCount(0)
  await voices([{ name: 'cloud', lang: 'zh-CN', localService: false }, { name: 'local', lang: 'zh-CN', localService: true }])
  await page.reload()
  await fillSuzhou(check)
  await check.getByRole('button', { name: '朗读' }).click()
  expect(await page.evaluate(() => window.spoken)).toEqual([['您大约要付5,525.00 元，医保付14,475.00 元。', 'local']])
  await expect(check.getByRole('button', { name: '停止朗读' })).toBeVisible()
})
