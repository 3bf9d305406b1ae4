// Where things are in the element and on the demo page. Locators reach into open shadow roots by themselves.
import { readFileSync } from 'node:fs'
import { expect } from './kit.mjs'

const PLANS = new URL('../../www/dist/plans/', import.meta.url)
export const plan = id => JSON.parse(readFileSync(new URL(`${id}.plan.json`, PLANS), 'utf8'))
export const demoIndex = () => {
  const all = JSON.parse(readFileSync(new URL('demo.json', PLANS), 'utf8'))
  return all.packs ?? all
}

/**
 * A page of the served site with one element on it, made by script: `attributes` of the element, `html` around it.
 * The page itself is answered here, under the content policy that the server gives.
 */
export async function put(page, attributes = {}, { body = '', lang = 'zh-CN', head = '', before = '', wait = true } = {}) {
  const list = Object.entries({ pack: '/yibao/packs/anhui-suzhou-resident.plan.json', ...attributes }).filter(([, value]) => value !== undefined)
  const text = list.map(([name, value]) => (value === true ? name : `${name}="${String(value).replaceAll('"', '&quot;')}"`)).join(' ')
  await page.route('**/host.html*', route => route.fulfill({
    contentType: 'text/html; charset=utf-8',
    headers: { 'Content-Security-Policy': POLICY },
    body: `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>host</title><link rel="icon" href="data:,">${head}</head><body><main><h1>host</h1>${before}<yibao-check id="check" ${text}>${body}</yibao-check></main><script type="module" src="/yibao/element/yibao-check.js"></script></body></html>`,
  }))
  await page.addInitScript(() => { document.addEventListener('yibao-ready', () => { window.allThere = true }) })
  await page.goto('/host.html')
  const check = page.locator('#check')
  if (wait) await allThere(page, check)
  return check
}

/** The element shows figures once its status says so; all of its engine is there with the event. */
async function allThere(page, check) {
  await expect(check).toHaveAttribute('data-status', 'ready')
  await page.waitForFunction(() => window.allThere)
}

export const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types lit-html"

export const SUZHOU = { place: '参保的市里', scheme: '城乡居民医保', total: '20000', level: '三级（市属）' }

/** 宿州, all questions on one page. */
export async function fillSuzhou(check, { place = SUZHOU.place, total = SUZHOU.total, level = SUZHOU.level, others = '0' } = {}) {
  await check.getByLabel(place, { exact: true }).check()
  await check.getByLabel(SUZHOU.scheme, { exact: true }).check()
  await check.getByLabel('这次一共花了多少钱？').fill(total)
  for (const question of ['医保不管的（自费）', '超过限价的', '要自己先付的']) await check.getByLabel(question).fill(others)
  await check.getByLabel(level, { exact: true }).check()
}

/** Goes on, one question at a time. */
export const on = check => check.getByRole('button', { name: /^(继续|看结果|Continue|Show the result)$/ }).click()

/** The amounts of the lines with this label, in order. */
export async function amounts(within, label) {
  const lines = within.locator('.line').filter({ has: within.page().locator('.line-label', { hasText: label }) })
  return (await lines.locator('> .line-row > .line-amount').allInnerTexts()).map(text => text.trim())
}

/** Fen of an amount as it is written: `−1,234.50 元`. */
export function fen(text) {
  const digits = text.replace(/[,\s]|元|yuan/gu, '').replace('−', '-')
  expect(digits).toMatch(/^-?\d+\.\d\d$/u)
  return BigInt(digits.replace('.', ''))
}

/** Opens a section under the result. */
export const unfold = (check, title) => check.locator('details.section > summary').filter({ hasText: title }).click()

/** Everything of every open shadow root. */
export const everything = `(root => { const all = []; const walk = node => { for (const one of node.querySelectorAll('*')) { all.push(one); if (one.shadowRoot) walk(one.shadowRoot) } }; walk(root); return all })(document)`

/** Nothing to the right of the window. */
export async function expectNoSidewaysScroll(page) {
  const { scroll, width, wide } = await page.evaluate(`(() => {
    // A drawing is clipped to its own box; what it says also stands beside it in words.
    const frames = one => one.closest('.only-heard, .table-frame') || one.ownerSVGElement
    return {
      scroll: document.documentElement.scrollWidth, width: innerWidth,
      wide: ${everything}.filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 && !frames(one)).map(one => one.localName + '.' + (one.getAttribute('class') ?? '') + ': ' + one.textContent.slice(0, 30)).slice(0, 5),
    }
  })()`)
  expect(wide).toEqual([])
  expect(scroll).toBeLessThanOrEqual(width)
}
