// The engine's JavaScript build, held to what the Wasm build answers.

import { existsSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { misuse } from '../exit.mjs'
import { shipped } from '../packs.mjs'

/**
 * What loads a plan into the JavaScript build; nothing where the Wasm build alone is asked for. One runner judges the
 * cases. An answer of the JavaScript build that is the same to the byte passes and fails alike; any other is a failure.
 */
export async function otherEngine(engine) {
  if (engine === 'wasm') return undefined
  const module = shipped('portal-js/yibao.js')
  if (!existsSync(module)) throw misuse('no-js-build', { zh: '没有安装引擎的 JavaScript 版（dist/portal-js）', en: "the engine's JavaScript build is not installed (dist/portal-js)" }, { help: { zh: '用 `--engine wasm`，或装上带 JavaScript 版的软件包', en: 'use `--engine wasm`, or install a package that has it' } })
  const [glue, { Engine, loadPlan }] = await Promise.all([import(pathToFileURL(module)), import('../../dist/core.js')])
  return otherOf(glue, Engine, loadPlan)
}

/** The same for any glue. */
export async function otherOf(glue, Engine, loadPlan) {
  const host = new Engine(glue, { script: async () => glue })
  await host.init({ build: 'js' })
  return plan => loadPlan(host, plan)
}

/** The cases, each with a difference where the other build answers otherwise. */
export function held(rules, load, sources, cases) {
  const other = load(rules.planJson())
  const asked = rules.askedBy(sources)
  try {
    return cases.map((one, i) => {
      const [ours, theirs] = [answerText(one.answer), otherText(other, asked[i])]
      // What cannot be asked is an error of the runner, on whichever build.
      if (asked[i] === null || ours === theirs) return one
      const difference = { path: '', expected: null, found: null, message: `the JavaScript build answers otherwise: ${firstDifference(ours, theirs)}` }
      return { ...one, differences: [...one.differences, { difference, place: null }] }
    })
  } finally {
    other.free()
  }
}

const codes = diagnostics => diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n')
const answerText = ({ decision, year, errors }) => (errors ? codes(errors) : JSON.stringify(decision ?? year))

function otherText(rules, asked) {
  if (asked === null) return ''
  try {
    return JSON.stringify(asked.year ? rules.year(asked.year) : rules.evaluate(asked.service, asked.case))
  } catch (error) {
    if (!Array.isArray(error.diagnostics)) throw error
    return codes(error.diagnostics)
  }
}

function firstDifference(ours, theirs) {
  let at = 0
  while (ours[at] === theirs[at]) at += 1
  const part = text => text.slice(Math.max(0, at - 40), at + 40)
  return `${part(ours)} / ${part(theirs)}`
}
