// The browser specs stand outside `www/`, where the npm packages are installed; this is the one place that reaches in.
import { createRequire } from 'node:module'

const fromPackage = createRequire(new URL('../../www/package.json', import.meta.url))

export const { test, expect } = fromPackage('@playwright/test')
export const { AxeBuilder } = fromPackage('@axe-core/playwright')
