// Where things are on the demo page.
import { expect } from './kit.mjs'

export const STORY = '.paths'
export const MEDICINE = 'section[aria-labelledby="medicine"]'
export const DOWN = 'section[aria-labelledby="transfer-down"]'
export const CHOOSE = '#choose'

export async function open(page, address = '/') {
  await page.goto(address)
  await page.waitForSelector('body[data-ready]')
}

/** The two ways, as the page names them. */
export const path = (page, title) => page.locator('.path').filter({ has: page.getByRole('heading', { name: title, exact: true }) })

/** A stay of a way, or the totals: everything under one heading. */
export const stay = (within, title) => within.locator('.stay').filter({ hasText: title })

/** The amounts of the lines with this label, in order. */
export async function amounts(within, label) {
  const lines = within.locator('.line').filter({ has: within.page().locator('.line-label', { hasText: label }) })
  return (await lines.locator('> .line-row > .line-amount, > summary > .line-amount').allInnerTexts()).map(text => text.trim())
}

/** Answers a question with options. */
export const choose = (page, within, question, option) => page.locator(within).getByRole('group', { name: question }).getByLabel(option, { exact: true }).check()

export async function choosePlace(page, pack, service) {
  await page.locator(CHOOSE).getByLabel(/^(地方|Place)$/).selectOption(pack)
  if (service) await page.locator(CHOOSE).getByLabel(/^(要问的事|Question)$/).selectOption(service)
}

/** 宿州, a third-level city hospital, nothing outside the policy. */
export async function fillSuzhou(page, { total = '20000', place = '参保的市里' } = {}) {
  await choosePlace(page, 'anhui-suzhou-resident')
  const form = page.locator(CHOOSE)
  await choose(page, CHOOSE, '参保的市里看病', place)
  await choose(page, CHOOSE, '哪一种医保', '城乡居民医保')
  await form.getByLabel('这次一共花了多少钱？').fill(total)
  for (const question of ['医保不管的（自费）', '超过限价的', '要自己先付的']) await form.getByLabel(question).fill('0')
  await choose(page, CHOOSE, '哪一类医院', '三级（市属）')
}

/** Fen of an amount as the page writes it: `−1,234.50 元`. */
export function fen(text) {
  const digits = text.replace(/[,\s]|元|yuan/gu, '').replace('−', '-')
  expect(digits).toMatch(/^-?\d+\.\d\d$/u)
  return BigInt(digits.replace('.', ''))
}

/** Nothing to the right of the window. */
export async function expectNoSidewaysScroll(page) {
  const { scroll, width, wide } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    width: window.innerWidth,
    wide: [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > window.innerWidth + 0.5 && !one.closest('.only-heard')).map(one => `${one.localName}.${one.className}: ${one.textContent.slice(0, 30)}`).slice(0, 5),
  }))
  expect(wide).toEqual([])
  expect(scroll).toBeLessThanOrEqual(width)
}
