// Accessibility, by machine: contrast, type, targets, keyboard, reflow, the live region, motion, colours.
import { AxeBuilder, expect, test } from './kit.mjs'
import { demoIndex, everything, expectNoSidewaysScroll, fillSuzhou, put } from './page.mjs'

test.use({ screenshot: 'only-on-failure' })

const FACTS = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
const answer = (check, facts) => check.evaluate((one, facts) => { one.answers = facts }, facts)
const toResult = check => check.evaluate(one => { one.view.phase = 'result'; one.requestUpdate() })
const openAll = check => check.evaluate(async one => {
  for (let i = 0; i < 3; i += 1) {
    for (const each of one.shadowRoot.querySelectorAll('details')) each.open = true
    await new Promise(resolve => setTimeout(resolve, 60))
    await one.updateComplete
  }
})

/** The states of a service, each from a fresh element. Together they are everything that can be seen. */
const STATES = {
  'first question': async () => {},
  'error summary': async check => { await check.locator('form button[type=submit]').click() },
  'amount with an error': async check => {
    await answer(check, { place: 'in_city', scheme: 'resident', total: 'abc' })
    await check.evaluate(one => { one.view.asked = 'total'; one.requestUpdate() })
    await check.locator('form button[type=submit]').click()
  },
  range: async check => { const { level, ...rest } = FACTS; await answer(check, rest); await toResult(check) },
  'result, all open': async check => { await answer(check, FACTS); await toResult(check); await openAll(check) },
  'own scenario': async check => {
    await answer(check, FACTS)
    await toResult(check)
    await openAll(check)
    await check.locator('.section-body > .button').first().click()
    await answer(check, { ...FACTS, level: 'county' })
  },
  refused: async check => { await answer(check, { ...FACTS, place: 'out_of_province' }); await toResult(check); await openAll(check) },
  year: async check => { await answer(check, FACTS); await toResult(check); await openAll(check); await check.evaluate(one => one.startOwnYear([{ zh: '甲', en: 'A' }, { zh: '乙', en: 'B' }])); await openAll(check) },
}

async function expectNoViolations(page, what) {
  const { violations } = await new AxeBuilder({ page }).options({ rules: { 'color-contrast-enhanced': { enabled: true }, 'target-size': { enabled: true } } }).exclude('main > h1').analyze()
  expect(violations.map(one => `${one.id}: ${one.nodes.map(node => `${node.html} ${node.failureSummary}`).slice(0, 3).join(' | ')}`), what).toEqual([])
}

for (const [lang, mode, scheme] of [['zh-CN', 'standard', 'light'], ['en', 'standard', 'light'], ['zh-CN', 'elder', 'light'], ['zh-CN', 'standard', 'dark']]) {
  test(`axe finds nothing and nothing scrolls sideways in any state: ${lang}, ${mode}, ${scheme}`, async ({ page }) => {
    test.setTimeout(120_000)
    await page.setViewportSize({ width: 360, height: 780 })
    await page.emulateMedia({ colorScheme: scheme })
    for (const [name, go] of Object.entries(STATES)) {
      const check = await put(page, { lang, mode, features: 'chart compare year print share speech save export', storage: 'device' }, { lang, head: '<meta name="color-scheme" content="light dark">' })
      await go(check)
      await check.evaluate(one => one.updateComplete)
      await expectNoViolations(page, name)
      await expectNoSidewaysScroll(page)
    }
  })
}

test('axe finds nothing in verdicts, pickers and troubles', async ({ page }) => {
  test.setTimeout(90_000)
  await page.setViewportSize({ width: 1024, height: 900 })
  const check = await put(page, { pack: '/yibao/packs/demo.json', region: '盖州', service: 'referral' })
  await openAll(check)
  await expectNoViolations(page, 'picker')
  await check.evaluate(one => { one.answers = { recoveryPhase: 'none', urgentCritical: true } })
  await openAll(check)
  await expectNoViolations(page, 'verdict')
  await check.evaluate(one => one.setAttribute('region', '拉萨'))
  await expect(check).toHaveAttribute('data-status', 'unsupported')
  await expectNoViolations(page, 'unsupported')
})

test('axe finds nothing on the demo page', async ({ page }) => {
  for (const address of ['/', '/?lang=en']) {
    await page.goto(address)
    await expect(page.locator('#story .year-sentence')).toBeVisible()
    await expectNoViolations(page, address)
    await page.setViewportSize({ width: 360, height: 780 })
    await expectNoSidewaysScroll(page)
  }
})

// ── targets ────────────────────────────────────────────────────────────────

const TARGETS = 'button, select, textarea, summary, a.link, label.option, input:not([type=radio])'

/** What can be pressed and is smaller than `least`, by its geometry. */
const small = (page, least) => page.evaluate(`${everything}.filter(one => one.matches('${TARGETS}') && one.checkVisibility() && one.closest('yibao-check, .root')).map(one => {
  const { width, height } = one.getBoundingClientRect()
  return { what: one.outerHTML.slice(0, 90), width: Math.round(width * 10) / 10, height: Math.round(height * 10) / 10 }
}).filter(({ width, height }) => width < ${least} || height < ${least})`)

for (const [mode, least] of [['standard', 44], ['large', 44], ['elder', 60]]) {
  test(`what can be pressed is at least ${least} px high and wide: ${mode}`, async ({ page }) => {
    test.setTimeout(60_000)
    await page.setViewportSize({ width: 360, height: 780 })
    for (const [name, go] of Object.entries(STATES)) {
      const check = await put(page, { mode, features: 'chart compare year print share speech save export', storage: 'device' })
      await go(check)
      await check.evaluate(one => one.updateComplete)
      expect(await small(page, least), name).toEqual([])
    }
  })
}

// ── type ───────────────────────────────────────────────────────────────────

test('type: 18, 22 and 24 px; amounts 32 to 40; lines 1.6 and 1.75', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 900 })
  for (const [mode, size, ratio] of [['standard', 18, 1.6], ['large', 22, 1.6], ['elder', 24, 1.75]]) {
    const check = await put(page, { mode, layout: 'single' })
    await answer(check, FACTS)
    const style = await check.evaluate(one => {
      const read = selector => { const { fontSize, lineHeight } = getComputedStyle(one.shadowRoot.querySelector(selector)); return [parseFloat(fontSize), parseFloat(lineHeight)] }
      return { body: read('.root'), amount: read('.answer-figure'), smallest: Math.min(...[...one.shadowRoot.querySelectorAll('.root *')].filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType === 3 && node.data.trim())).map(each => parseFloat(getComputedStyle(each).fontSize))) }
    })
    expect(style.body[0]).toBe(size)
    expect(style.body[1]).toBeCloseTo(size * ratio, 1)
    expect(style.amount[0]).toBeGreaterThanOrEqual(32)
    expect(style.amount[0]).toBeLessThanOrEqual(40)
    expect(style.smallest).toBeGreaterThanOrEqual(size * 0.8 - 0.01)
  }
})

// ── reflow ─────────────────────────────────────────────────────────────────

test('320 px, twice the text, wide spacing: nothing scrolls sideways', async ({ page }) => {
  test.setTimeout(120_000)
  await page.setViewportSize({ width: 320, height: 640 })
  for (const lang of ['zh-CN', 'en']) {
    for (const [name, go] of Object.entries(STATES)) {
      const check = await put(page, { lang, 'font-scale': '2' }, { lang })
      expect(await check.evaluate(one => getComputedStyle(one.shadowRoot.querySelector('.root')).fontSize)).toBe('36px')
      await go(check)
      await check.evaluate(one => one.updateComplete)
      await test.step(name, () => expectNoSidewaysScroll(page))
      await page.evaluate(`${everything}.filter(one => one.style).forEach(one => Object.assign(one.style, { lineHeight: '1.5', letterSpacing: '0.12em', wordSpacing: '0.16em' }))`)
      await test.step(`${name}, spaced`, () => expectNoSidewaysScroll(page))
    }
  }
})

// ── keyboard ───────────────────────────────────────────────────────────────

/** The element that has the focus, inside open roots. */
const FOCUSED = '(() => { let one = document.activeElement; while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement; return one })()'

test('every service of the packs here, from its first question to a result, by keyboard alone', async ({ page }) => {
  test.setTimeout(240_000)
  await page.setViewportSize({ width: 360, height: 780 })
  const places = demoIndex().filter(entry => entry.selectable)
  let done = 0
  for (const entry of places) {
    for (const service of entry.services.filter(one => !one.officer)) {
      const check = await put(page, { pack: `/yibao/packs/${entry.plan}`, service: service.id })
      if (await check.evaluate(one => one.loader.shut(one.session.service) !== undefined || one.session.service.id) !== service.id) continue
      await check.locator('form button[type=submit]').waitFor()
      await check.evaluate(one => one.focusField(`q-${one.asked.key.replace('.', '-')}`))
      for (let i = 0; i < 30; i += 1) {
        if (await check.locator('#result').count()) break
        const kind = await page.evaluate(`(() => { const one = ${FOCUSED}; return one.localName + ':' + one.type })()`)
        // Space takes the first option; Down chooses in a list; a figure is typed, a day is passed over.
        if (kind === 'input:radio') await page.keyboard.press('Space')
        else if (kind.startsWith('select')) await page.keyboard.press('ArrowDown')
        else if (kind === 'input:text') await page.keyboard.type('100')
        if (kind === 'input:date') await check.getByRole('button', { name: '不清楚，先跳过' }).press('Enter')
        else {
          // To the button that goes on; Enter in a figure does the same, as in any form.
          for (let k = 0; k < 12 && (await page.evaluate(`${FOCUSED}.type`)) !== 'submit'; k += 1) await page.keyboard.press('Tab')
          await page.keyboard.press('Enter')
        }
        if (await check.locator('#errors').count()) {
          // An attribute of an institution, or parts of a bill above its total: left open.
          const skip = check.getByRole('button', { name: '不清楚，先跳过' })
          if (await skip.count()) await skip.press('Enter')
          else {
            await check.getByLabel('不清楚').last().press('Space')
            await check.locator('form button[type=submit]').press('Enter')
          }
        }
      }
      await expect(check.locator('#result'), `${entry.id}/${service.id}`).toBeFocused()
      done += 1
    }
  }
  expect(done).toBeGreaterThan(20)
})

test('the focus is visible and never covered', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 600 })
  const check = await put(page)
  await fillSuzhou(check)
  await check.getByRole('radio').first().focus()
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab')
    const seen = await page.evaluate(`(() => {
      const one = ${FOCUSED}
      if (one === document.body) return 'end'
      const ringed = one.type === 'radio' ? one.closest('.option') : one
      const { outlineStyle, outlineWidth } = getComputedStyle(ringed)
      const box = one.getBoundingClientRect()
      const x = box.left + Math.min(box.width / 2, 40)
      const y = box.top + Math.min(box.height / 2, 20)
      let top = document.elementFromPoint(x, y)
      while (top?.shadowRoot) { const inner = top.shadowRoot.elementFromPoint(x, y); if (!inner || inner === top) break; top = inner }
      return { what: one.outerHTML.slice(0, 60), ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2, free: top !== null && (ringed.contains(top) || top.contains(one)) }
    })()`)
    if (seen === 'end') break
    expect(seen, seen.what).toMatchObject({ ring: true, free: true })
  }
})

// ── heard, moved, coloured ─────────────────────────────────────────────────

test('one polite region, there from the start, said once after the typing stops', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 900 })
  await page.route('**/yibao/index.js', async route => { await new Promise(resolve => setTimeout(resolve, 400)); await route.continue() })
  const check = await put(page, {}, { wait: false })
  await expect(check.locator('#live')).toHaveAttribute('aria-live', 'polite')
  await expect(check.locator('#live')).toHaveText('')
  await expect(check).toHaveAttribute('data-status', 'ready')
  await answer(check, { ...FACTS, total: '' })
  await page.evaluate(() => {
    window.said = []
    const region = document.getElementById('check').shadowRoot.getElementById('live')
    new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true })
  })
  await check.getByLabel('这次一共花了多少钱？').pressSequentially('20000', { delay: 60 })
  await expect.poll(() => page.evaluate(() => window.said)).toEqual(['您大约要付5,525.00 元，医保付14,475.00 元。'])
  expect(await check.evaluate(one => one.shadowRoot.querySelectorAll('[aria-live], [role=status], [role=alert]').length)).toBe(1)
})

test('less motion, forced colours and dark are respected', async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 900 })
  const check = await put(page, {}, { head: '<meta name="color-scheme" content="light dark">' })
  await answer(check, FACTS)
  const style = (selector, property) => check.evaluate((one, [selector, property]) => getComputedStyle(one.shadowRoot.querySelector(selector))[property], [selector, property])
  await page.emulateMedia({ reducedMotion: 'reduce' })
  expect(await style('.button', 'transitionDuration')).toBe('0s')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await style('.root', 'backgroundColor')).toBe('rgb(20, 24, 28)')
  await page.emulateMedia({ colorScheme: 'light', forcedColors: 'active' })
  const [fund, paper] = [await style('.bar-fund', 'fill'), await style('.root', 'backgroundColor')]
  expect(fund).not.toBe(paper)
  // A page that does not declare dark colours stays light around the element, and the element with it.
  await page.emulateMedia({ forcedColors: 'none', colorScheme: 'dark' })
  await page.unroute('**/host.html*')
  const light = await put(page)
  expect(await light.evaluate(one => getComputedStyle(one.shadowRoot.querySelector('.root')).backgroundColor)).toBe('rgb(255, 255, 255)')
})

test('the section that opens stays where the reader is', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 780 })
  const check = await put(page)
  await answer(check, FACTS)
  await toResult(check)
  const summary = check.locator('details.section > summary').first()
  await summary.focus()
  await page.keyboard.press('Enter')
  await expect(check.locator('details.section[open]')).toHaveCount(1)
  await expect(summary).toBeFocused()
})

