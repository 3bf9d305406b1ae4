// What a page loads calls nothing that the oldest supported browsers have not. The bundler rewrites syntax alone.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FLOOR } from '../../www/bundle/floor.mjs'

const fromPackage = createRequire(new URL('../../www/package.json', import.meta.url))
const { Linter } = fromPackage('eslint')
const esx = fromPackage('eslint-plugin-es-x')
const compat = fromPackage('eslint-plugin-compat')

const SITE = fileURLToPath(new URL('../../www/dist/site', import.meta.url))

/** Methods of pages that came later, by name: neither plugin knows the methods of objects that a page gives. */
const LATER = {
  replaceChildren: 'Chrome 86', checkVisibility: 'Chrome 105', moveBefore: 'Chrome 133', setHTMLUnsafe: 'Chrome 124', showPopover: 'Chrome 114',
  getHTML: 'Chrome 125', scrollIntoViewIfNeeded: 'not in Firefox', requestSubmit: 'Safari 16', showPicker: 'Chrome 99', throwIfAborted: 'Chrome 100',
}

/** Found all the same, because something else is meant or its absence is provided for. */
const PROVIDED_FOR = [
  ['es-x/no-weakrefs', "`typeof WeakRef` and `typeof FinalizationRegistry` stand before it in `engine.js` and in the glue"],
  ['es-x/no-string-prototype-iswellformed', '`isWellFormed?.()` in `rules.js`'],
  ['es-x/no-arraybuffer-prototype-transfer', '`buffer.detached === undefined` in the glue'],
]
/** The same for what `compat` knows, by its words. */
const COMPAT_PROVIDED_FOR = /^(?:WeakRef|FinalizationRegistry|document\.adoptedStyleSheets)\b/u

const aggressive = ([name]) => !/iterator-prototype|-at$|numeric-separators|class-instance-fields|error-cause/u.test(name)
const BROWSERS = FLOOR.map(one => one.replace(/(?=\d)/u, ' ').replace(/(\d) (?=\d)/gu, '$1'))
const config = [{
  plugins: { 'es-x': esx, compat },
  languageOptions: { ecmaVersion: 'latest', sourceType: 'module' },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: false },
  settings: { 'es-x': { aggressive: true }, targets: BROWSERS },
  rules: {
    // Syntax is the bundler's, and is looked at again here. Separators in numbers and public fields are older than their
    // edition, a cause of an error is passed over where it is not known; iterators have methods of the same names as arrays, and `at` is a word of ours.
    ...Object.fromEntries(Object.entries(esx.configs['flat/restrict-to-es2020'].rules).filter(aggressive)),
    'es-x/no-regexp-lookbehind-assertions': 'error',
    'compat/compat': 'error',
    'no-restricted-properties': ['error', ...Object.entries(LATER).map(([property, message]) => ({ property, message })), { object: 'AbortSignal', property: 'timeout', message: 'Chrome 103' }, { object: 'AbortSignal', property: 'any', message: 'Chrome 116' }],
    'no-restricted-syntax': [
      'error',
      { selector: 'CallExpression[callee.property.name="at"]', message: 'Array.prototype.at: Chrome 92' },
      { selector: 'ChainExpression CallExpression > SpreadElement', message: 'arguments spread behind `?.`: wrong before Chrome 91' },
    ],
  },
}]

const linter = new Linter()
const lint = (code, filename) => linter.verify(code, config, { filename })

const scripts = readdirSync(SITE, { recursive: true }).filter(name => name.endsWith('.js')).sort()

test('the lint finds what is beyond the floor', () => {
  for (const [code, rule] of [
    ["'a'.replaceAll('b', 'c')", 'es-x/no-string-prototype-replaceall'],
    ['Object.hasOwn({}, 1)', 'es-x/no-object-hasown'],
    ['[].at(-1)', 'no-restricted-syntax'],
    ['const f = (a, b) => a?.b(...b)', 'no-restricted-syntax'],
    ['class A { #a = 1 }', 'es-x/no-class-private-fields'],
    ['structuredClone({})', 'compat/compat'],
    ['Promise.any([])', 'es-x/no-promise-any'],
    ['/(?<=a)b/u.test("b")', 'es-x/no-regexp-lookbehind-assertions'],
    ['new WeakRef({})', 'es-x/no-weakrefs'],
    ['let a; a ??= 1', 'es-x/no-logical-assignment-operators'],
    ['document.body.replaceChildren()', 'no-restricted-properties'],
    ['new IntersectionObserverEntry().x; new URLPattern("a")', 'compat/compat'],
    ['AbortSignal.timeout(1)', 'no-restricted-properties'],
  ]) assert.ok(lint(code, 'one.js').some(one => one.ruleId === rule), code)
})

test('nothing that a page loads is beyond the floor', () => {
  assert.ok(scripts.length > 12, `${scripts.length} scripts`)
  const found = scripts.flatMap(name => lint(readFileSync(join(SITE, name), 'utf8'), name).map(one => ({ name, ...one })))
  const isProvidedFor = ({ ruleId, message }) => PROVIDED_FOR.some(([rule]) => rule === ruleId) || (ruleId === 'compat/compat' && COMPAT_PROVIDED_FOR.test(message))
  const shown = found.filter(one => !isProvidedFor(one)).map(({ name, line, column, ruleId, message }) => `${name}:${line}:${column} ${ruleId} ${message}`)
  assert.deepEqual(shown, [])
  for (const [rule] of PROVIDED_FOR) assert.ok(found.some(one => one.ruleId === rule), `${rule} is no longer found`)
})
