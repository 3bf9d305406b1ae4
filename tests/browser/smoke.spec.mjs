import { expect, test } from './kit.mjs'

test('the site root answers 200 under the strict content policy', async ({ page }) => {
  const response = await page.goto('/')
  expect(response.status()).toBe(200)
  expect(response.headers()['content-type']).toBe('text/html; charset=utf-8')
  expect(response.headers()['content-security-policy']).toContain("default-src 'none'")
  await expect(page).toHaveTitle(/医保/)
})
