// `cargo xtask test` starts the server on a free port, finds the browser and sets YIBAO_BASE_URL and CHROMIUM_PATH.
// Run by hand (`npx playwright test` here), the server is started below; CHROMIUM_PATH still chooses the browser.
import { defineConfig } from '@playwright/test'

const ownPort = 4173
const givenURL = process.env.YIBAO_BASE_URL
const baseURL = givenURL ?? `http://127.0.0.1:${ownPort}`

export default defineConfig({
  testDir: '../tests/browser',
  testMatch: '**/*.spec.mjs',
  outputDir: './test-results',
  fullyParallel: true,
  workers: '100%',
  forbidOnly: Boolean(process.env.CI),
  retries: 0,
  // Long enough for a slow machine: no test is a measurement.
  timeout: 120_000,
  globalTimeout: 15 * 60_000,
  reporter: [['list']],
  use: {
    baseURL,
    browserName: 'chromium',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'on',
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      // Chromium's sandbox does not start as root; for everybody else it stays on.
      chromiumSandbox: process.getuid?.() !== 0,
      args: [
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
      ],
    },
  },
  webServer: givenURL
    ? undefined
    : {
        command: `cargo run -q --locked -p xtask -- serve --port ${ownPort}`,
        cwd: '..',
        url: baseURL,
        timeout: 180_000,
        reuseExistingServer: !process.env.CI,
      },
})
