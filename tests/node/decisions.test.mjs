// The same case gives the same bytes natively and in each Wasm build.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import * as authoring from '../../www/dist/authoring-node.js'
import { YibaoError, loadPlan } from '../../www/dist/node.js'
import { file, isQuick, nativeAnswers, root, rulesOf } from './kit.mjs'

const { plans, cases } = nativeAnswers()

/** What a build answers, in the form of the native list. */
function answer(rules, { service, input }) {
  try {
    return JSON.stringify(service === null ? rules.year(input) : rules.evaluate(service, input))
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    const all = error.diagnostics.map(({ code, message, help }) => ({ code, message, help: help ?? null }))
    return JSON.stringify({ error: all })
  }
}

/** Errors by content: their order is that of places in a file, which a case from JavaScript has not. */
function comparable(text) {
  if (!text.startsWith('{"error"')) return text
  const lines = JSON.parse(text).error.map(({ code, message }) => `${code} ${message}`)
  return lines.toSorted()
}

const name = { portal: loadPlan, authoring: authoring.loadPlan }
for (const [build, load] of Object.entries(name)) {
  test(`the ${build} build writes every decision as the native engine does`, () => {
    const rules = rulesOf(plans, load)
    assert.ok(cases.length > 1000, `${cases.length} cases`)
    for (const one of cases) assert.deepEqual(comparable(answer(rules(one.pack), one)), comparable(one.answer), `${one.pack}: ${one.case}`)
  })
}

test('what is read at once equals what the engine writes out', () => {
  const rules = rulesOf(plans)
  let quick = 0
  for (const { pack, case: id, service, input, answer } of cases) {
    if (service === null || answer.startsWith('{"error"')) continue
    const decision = rules(pack).evaluate(service, input)
    const whole = JSON.parse(answer)
    if (isQuick(decision)) quick += 1
    // First, as a program reads it: the registers of this run are still there. And after another case took their place.
    const trace = whole.steps.map(({ id, label, value }) => ({ id, label, value }))
    const again = rules(pack).evaluate(service, input)
    assert.deepEqual(again.trace, trace, `${pack}: ${id}: trace`)
    assert.deepEqual(decision.trace, trace, `${pack}: ${id}: trace`)
    for (const field of Object.keys(whole)) assert.deepEqual(decision[field], whole[field], `${pack}: ${id}: ${field}`)
  }
  assert.ok(quick > cases.length / 3, `${quick} of ${cases.length} took the quick path`)
})

test('packs compile to the same bytes natively and in Wasm', () => {
  const folders = ['packs', 'tests/packs'].flatMap(parent => readdirSync(join(root, parent), { withFileTypes: true })
    .filter(entry => entry.isDirectory()).map(entry => `${parent}/${entry.name}/pack.yaml`)).filter(path => {
    try { return file(path).length > 0 } catch { return false }
  })
  // The frames that a pack names, and no others.
  const frame = id => folders.find(path => path.endsWith(`/${id}/pack.yaml`))
  const vocabulary = file('packs/vocabulary.yaml')
  let compiled = 0
  for (const path of folders) {
    const named = new Set(Array.from(file(path).toString().matchAll(/\bframe: ([a-z0-9-]+)\//g), match => frame(match[1])))
    const frames = [...named].map(name => file(name))
    const rules = authoring.loadPack(file(path), { file: path, vocabulary, frames })
    assert.equal(rules.planJson(), plans.get(rules.pack.id), path)
    rules.free()
    compiled += 1
  }
  assert.equal(compiled, plans.size)
})
