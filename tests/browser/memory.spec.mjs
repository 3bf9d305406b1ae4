// Memory does not grow in Chromium either: the portal build under the strict content policy.
import { fileURLToPath } from 'node:url'
import { expect, test } from './kit.mjs'
import { serve } from './server.mjs'

test.use({ screenshot: 'only-on-failure' })

const DIST = fileURLToPath(new URL('../../www/dist/', import.meta.url))

/** What stays for good is far below this; a byte an evaluation would be above it. */
const NOISE = 1_000_000

test('1,000,000 evaluations and 1,000 plans leave both memories as they were', async ({ page }) => {
  test.setTimeout(120_000)
  const server = await serve(DIST, { pages: { '/memory.html': '<!doctype html><meta charset="utf-8"><title>memory</title>' } })
  await page.goto(`${server.url}/memory.html`)
  await page.evaluate(async () => {
    const [{ Engine, loadPlan: load }, glue] = await Promise.all([import('/core.js'), import('/portal/yibao.js')])
    // As the entry has it, with its memory at hand.
    const engine = new Engine(glue, { wasm: () => fetch('/portal/yibao_bg.wasm') })
    await engine.init()
    const loadPlan = plan => load(engine, plan)
    const plan = await (await fetch('/plans/anhui-suzhou-resident.plan.json')).text()
    const facts = { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
    // A weak reference holds its object to the end of the turn it was made in.
    const turn = () => new Promise(resolve => setTimeout(resolve))
    const rules = loadPlan(plan)
    Object.assign(window, {
      wasm: () => engine.memory.buffer.byteLength,
      async evaluations(many) {
        let read = 0
        for (let i = 1; i <= many; i++) read += rules.evaluate('inpatient', { ...facts, total: String(i) }).amounts.patient.text.length
        await turn()
        return read
      },
      async plans(many) {
        const ways = [loaded => loaded.free(), loaded => (loaded[Symbol.dispose ?? 'free'])(), () => {}]
        for (let i = 1; i <= many; i++) {
          const loaded = loadPlan(plan)
          if (loaded.evaluate('inpatient', facts).outcome !== 'computed') throw new Error('not computed')
          ways[i % 3](loaded)
          if (i % 20 === 0) await turn()
        }
      },
    })
  })
  const session = await page.context().newCDPSession(page)
  const used = async () => {
    // Finalizers run between turns, and free what the next collection then finds.
    for (let i = 0; i < 3; i++) {
      await session.send('HeapProfiler.collectGarbage')
      await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 50)))
    }
    return (await session.send('Runtime.getHeapUsage')).usedSize
  }
  const wasm = () => page.evaluate(() => window.wasm())

  expect(await page.evaluate(() => window.evaluations(20_000))).toBeGreaterThan(20_000)
  let [before, heap] = [await wasm(), await used()]
  await page.evaluate(() => window.evaluations(1_000_000))
  expect(await wasm()).toBe(before)
  expect((await used()) - heap).toBeLessThan(NOISE)

  // A third of the plans waits for the collector, a hundred at a time.
  const hundreds = async times => {
    for (let i = 0; i < times; i++) {
      await page.evaluate(() => window.plans(100))
      await used()
    }
  }
  await hundreds(2)
  ;[before, heap] = [await wasm(), await used()]
  await hundreds(10)
  expect(await wasm()).toBe(before)
  expect((await used()) - heap).toBeLessThan(NOISE)
  await server.close()
})
