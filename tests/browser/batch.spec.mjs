// Columns of cases in Chromium: the module as a page fetches it, under a policy that allows WebAssembly.
import { readFileSync } from 'node:fs'
import { expect, test } from './kit.mjs'

test.use({ screenshot: 'only-on-failure' })
const file = path => readFileSync(new URL(`../../www/dist/${path}`, import.meta.url), 'utf8')

test('a page decides columns, from its own files alone', async ({ page, baseURL }) => {
  const foreign = []
  page.on('request', request => { if (!request.url().startsWith(baseURL)) foreign.push(request.url()) })
  await page.goto('/')
  // The package's files as a bundler would serve them: at one origin, beside each other.
  await page.route('**/batch-test/**', async route => {
    const path = new URL(route.request().url()).pathname.replace('/batch-test/', '')
    await route.fulfill({ path: new URL(`../../www/dist/${path}`, import.meta.url).pathname, contentType: path.endsWith('.wasm') ? 'application/wasm' : 'text/javascript' })
  })
  const found = await page.evaluate(async plan => {
    const { init: start, loadPlan } = await import('/batch-test/index.js')
    const { YibaoError, init, openBatch } = await import('/batch-test/batch.js')
    await start()
    const rules = loadPlan(plan)
    let early
    try { openBatch(rules, 'inpatient') } catch (error) { early = error instanceof YibaoError && error.code }
    await init()
    await init()
    const batch = openBatch(rules, 'inpatient', { outputs: ['patient'] })
    const same = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', outOfScope: '0', overLimit: '0', firstPay: '0' }
    const total = Float64Array.from({ length: 200_000 }, (_, i) => i)
    const { outcomes, values } = batch.run({ total }, { same })
    let wrong = 0
    // The deductible is 500 yuan, the fund pays 80 % of what is above it, half up to the fen.
    total.forEach((fen, i) => {
      const paid = fen <= 50_000 ? 0 : Math.floor(((fen - 50_000) * 8 + 5) / 10)
      if (outcomes[i] !== 0 || values.patient[i] !== fen - paid) wrong += 1
    })
    return { early, wrong, compiled: batch.compiled }
  }, file('plans/anhui-suzhou-resident.plan.json'))
  expect(found).toEqual({ early: 'not-initialised', wrong: 0, compiled: true })
  expect(foreign).toEqual([])
})
