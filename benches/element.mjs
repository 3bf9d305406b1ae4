// From an answer to its result in Chromium, with the processor slowed down four times: `node benches/element.mjs [rounds]`
//
// What is measured is one page, from the input event of the amount to the element's finished update (question, result,
// lines, explanation templates), and on to the frame in which it is painted. Needs `cargo xtask build` and Chromium.

import { createReadStream, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'

const { chromium } = createRequire(new URL('../www/package.json', import.meta.url))('@playwright/test')
const SITE = process.env.YIBAO_SITE ?? new URL("../www/dist/site/", import.meta.url).pathname
const ROUNDS = Number(process.argv[2] ?? 61)
const SLOWER = 4
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json', '.wasm': 'application/wasm', '.css': 'text/css' }
const PAGE = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>bench</title><yibao-check pack="/yibao/packs/anhui-suzhou-resident.plan.json"></yibao-check><script type="module" src="/yibao/element/yibao-check.js"></script>'

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://local').pathname)
  if (path === '/') return response.writeHead(200, { 'Content-Type': TYPES['.html'] }).end(PAGE)
  const file = join(SITE, path)
  if (!existsSync(file)) return response.writeHead(404).end()
  response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream' })
  createReadStream(file).pipe(response)
})
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH || undefined, chromiumSandbox: process.getuid?.() !== 0 })
const page = await browser.newPage({ viewport: { width: 1024, height: 900 } })
await page.goto(`http://127.0.0.1:${server.address().port}/`)
await page.waitForSelector('yibao-check[data-status=ready]')
const session = await page.context().newCDPSession(page)
await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })

const times = await page.evaluate(async rounds => {
  const check = document.querySelector('yibao-check')
  check.answers = { scheme: 'resident', place: 'in_city', level: 'city_third', total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0' }
  await check.updateComplete
  const field = check.shadowRoot.getElementById('q-total')
  const painted = () => new Promise(resolve => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0) }))
  const all = []
  for (let i = 0; i < rounds + 10; i += 1) {
    await painted()
    const amount = 10_000 + i * 137
    field.value = String(amount)
    const before = performance.now()
    field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
    await check.updateComplete
    const updated = performance.now() - before
    await painted()
    const shown = performance.now() - before
    // (amount − 700) × 75% is the fund's; the rest is the person's.
    const own = ((amount - 700) * 25 + 70_000) / 100
    const read = check.shadowRoot.querySelector('.answer-figure').textContent.replaceAll(',', '')
    if (!read.startsWith(own.toFixed(2))) throw new Error(`${amount}: ${read}, not ${own}`)
    if (i >= 10) all.push([updated, shown])
  }
  return all
}, ROUNDS)
await browser.close()
server.close()

const median = all => all.toSorted((a, b) => a - b)[all.length >> 1]
const worst = all => Math.max(...all)
const [updated, shown] = [0, 1].map(i => times.map(one => one[i]))
console.log(`answer to result, processor ${SLOWER} times slower, ${ROUNDS} rounds (ms)`)
console.log(`  updated   median ${median(updated).toFixed(1).padStart(6)}   worst ${worst(updated).toFixed(1).padStart(6)}   target 50`)
console.log(`  painted   median ${median(shown).toFixed(1).padStart(6)}   worst ${worst(shown).toFixed(1).padStart(6)}`)
