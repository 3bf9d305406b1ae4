// Cases as tests of node:test or vitest, for teams that keep their runner.

import { readdirSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { Context } from '../context.mjs'
import { Failure } from '../exit.mjs'
import { isFile, isFolder } from '../files.mjs'
import { oneLine, visible } from '../terminal.mjs'
import { runCases } from './run.mjs'
import { story } from './story.mjs'

const SKIPPED = new Set(['node_modules', '.git'])

/** Defines one test a case. `test` is the runner's own function; node:test's where none is given. */
export async function defineCases(glob, { test, lang = 'zh-CN', cwd = process.cwd() } = {}) {
  const define = test ?? (await import('node:test')).test
  const context = new Context({ args: [], options: {}, lang, color: false, errorFormat: 'human', cwd })
  const files = matching(glob, cwd)
  if (files.length === 0) throw new Error(`no case file matches ${[glob].flat().join(' ')}`)
  const result = await runCases(context, files).catch(error => Promise.reject(inWords(context, error)))
  const engine = await context.engine()
  for (const { pack, cases, texts } of result.packs) {
    for (const one of cases) {
      define(oneLine(`${pack.id} ${one.id}`), () => {
        if (one.failed) throw failed(context, one, { texts, engine })
      })
    }
  }
}

/** An error whose stack says where the case stands, not where this file does. */
function failed(context, one, more) {
  const error = new Error(visible(story(context, one, more).join('\n')))
  const [first] = one.differences
  error.stack = `Error: ${error.message}\n    at ${oneLine(one.id)} (${one.place.file}:${(first.place ?? one.place).line}:${(first.place ?? one.place).column})`
  return Object.assign(error, { code: 'ERR_ASSERTION', expected: first.difference.expected, actual: first.difference.found, operator: 'strictEqual' })
}

function inWords(context, error) {
  if (!(error instanceof Failure)) return error
  return new Error(visible([context.t(error.text), ...error.diagnostics.map(({ code, place, message }) => `${place ? `${place.file}:${place.line}:${place.column}: ` : ''}${message} [${code}]`)].join('\n')), { cause: error })
}

const posix = path => path.replaceAll('\\', '/')
const WILD = /[*?]/

/** Files that match a glob of `*`, `**` and `?`, or one of several. A glob may lead out of `cwd`, or begin at the root. */
export function matching(glob, cwd = process.cwd()) {
  const found = new Set([glob].flat().flatMap(one => matchingOne(posix(resolve(cwd, posix(one))))))
  return Array.from(found, path => relative(process.cwd(), path)).sort()
}

/** Files that match an absolute glob. Looked for below its beginning that has no wildcard. */
function matchingOne(glob) {
  const parts = glob.split('/')
  const wild = parts.findIndex(part => WILD.test(part))
  if (wild < 0) return isFile(glob) ? [glob] : []
  const fits = pattern(glob)
  const found = []
  const walk = folder => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = `${folder.replace(/\/$/, '')}/${entry.name}`
      if (entry.isDirectory()) SKIPPED.has(entry.name) || walk(path)
      else if (fits.test(path)) found.push(path)
    }
  }
  const base = parts.slice(0, wild).join('/') || '/'
  if (isFolder(base)) walk(base)
  return found
}

function pattern(glob) {
  const parts = glob.split(/(\*\*\/|\*\*|\*|\?)/).map((part, i) => {
    if (i % 2 === 0) return part.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    return { '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' }[part]
  })
  return new RegExp(`^${parts.join('')}$`)
}
