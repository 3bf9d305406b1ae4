// `yibao serve` in a real browser: what is on the disk is what is shown, and a change is seen without a hand.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from './kit.mjs'

test.use({ screenshot: 'only-on-failure', viewport: { width: 1024, height: 900 } })

const COMMAND = fileURLToPath(new URL('../../www/bin/yibao.mjs', import.meta.url))

/** The sample of `yibao init`, served from a folder of its own. */
async function served(work) {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-serve-'))
  execFileSync(process.execPath, [COMMAND, 'init', 'demo'], { cwd: folder, stdio: 'ignore' })
  const child = spawn(process.execPath, [COMMAND, 'serve', 'demo', '--port', '0', '--lang', 'zh-CN'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    let said = ''
    const address = await new Promise((found, lost) => {
      child.stdout.on('data', part => {
        said += part
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
        if (url) found(url)
      })
      child.on('exit', () => lost(new Error(`yibao serve ended: ${said}`)))
    })
    await work(address, join(folder, 'demo/pack.yaml'))
  } finally {
    child.kill('SIGINT')
    rmSync(folder, { recursive: true })
  }
}

test('a figure that is changed to what no sentence says is seen at once, and so is its correction', async ({ page }) => {
  await served(async (address, file) => {
    await page.goto(address)
    await expect(page.locator('body')).toContainText('9')
    await expect(page.locator('.trouble')).toHaveCount(0)
    const right = readFileSync(file, 'utf8')
    writeFileSync(file, right.replace('is: 700元', 'is: 701元'))
    await expect(page.locator('.trouble')).toContainText('figure-not-quoted')
    writeFileSync(file, right)
    await expect(page.locator('.trouble')).toHaveCount(0)
  })
})

test('the element shows the pack on the disk, with its chart', async ({ page }) => {
  await served(async (address, file) => {
    await page.goto(`${address}/check/demo`)
    const check = page.locator('yibao-check')
    await expect(check).toHaveAttribute('data-status', 'ready')
    const answers = { level: 'third', total: '20000', admissionDate: '2026-01-10' }
    const fill = () => check.evaluate((one, facts) => { one.answers = facts }, answers)
    await fill()
    // 700, and a quarter of the other 19,300: 4,825 more.
    await expect(check.getByText('5,525.00').first()).toBeVisible()
    await check.getByText('费用变化图').click()
    await expect(check.locator('svg path.curve').first()).toBeVisible()
    // A sentence and a figure of 600 yuan: 600 and a quarter of 19,400.
    const again = page.waitForEvent('load')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('700元', '600元'))
    await again
    await expect(check).toHaveAttribute('data-status', 'ready')
    await fill()
    await expect(check.getByText('5,450.00').first()).toBeVisible()
  })
})
