// What the tests of a portal share: the folder that it serves, a page with the element, an answered stay.

import { fileURLToPath } from 'node:url'
import { expect } from './kit.mjs'

export const FOLDER = fileURLToPath(new URL('../../www/dist/site/yibao/', import.meta.url))

/** 宿州, a county hospital, by hand: 500 + (20,000 - 500) × 20 % = 4,400.00 for the patient. */
export const STAY = {
  admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county',
  total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0',
}
export const PLAN = '/packs/anhui-suzhou-resident.plan.json'

export const page = body => `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>门户</title><link rel="icon" href="data:,"></head><body><main><h1>门户</h1>${body}</main></body></html>`

export const ELEMENT = page(`
  <script type="module" src="/element/yibao-check.js"></script>
  <yibao-check pack="/packs/demo.json" region="341300" service="estimate" layout="single"></yibao-check>`)

const check = page => page.locator('yibao-check')
const state = page => check(page).evaluate(element => element.status ?? 'loading')

/** Waits until the element is ready, answers the stay and expects its amount. */
export async function expectFigure(page) {
  await expect.poll(() => state(page)).toBe('ready')
  await check(page).evaluate((element, stay) => { element.answers = stay }, STAY)
  await expect(check(page)).toContainText('4,400.00')
}

/** Waits until the element has given up, and expects no amount of money anywhere on the page, whatever is answered. */
export async function expectNoFigure(page, status = 'error') {
  await expect.poll(() => state(page)).toBe(status)
  await check(page).evaluate((element, stay) => { element.answers = stay }, STAY)
  await page.waitForTimeout(300)
  expect(await check(page).evaluate(element => element.shadowRoot.textContent)).not.toMatch(/[\d,]+\.\d\d\s*元/u)
  expect(await check(page).evaluate(element => element.result)).toBeFalsy()
}

/** The questions can be read. */
export const expectForm = page => expect(check(page).locator('fieldset, input').first()).toBeVisible()
