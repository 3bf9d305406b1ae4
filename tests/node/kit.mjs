// What the tests share: files, and what the native engine answers.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Engine, loadPlan as loadInto } from '../../www/dist/core.js'
import { loadPlan } from '../../www/dist/node.js'
import * as glue from '../../www/dist/portal/yibao.js'

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const file = path => readFileSync(join(root, path))

let native

/** Plans, and one entry a case, as the native engine made them. */
export function nativeAnswers() {
  return (native ??= written('decisions', folder => {
    const plans = new Map(readdirSync(folder).filter(name => name.endsWith('.plan.json')).map(name => [name.slice(0, -10), readFileSync(join(folder, name), 'utf8')]))
    const cases = readFileSync(join(folder, 'decisions.jsonl'), 'utf8').trimEnd().split('\n').map(line => {
      const tab = line.indexOf('\t')
      return { ...JSON.parse(line.slice(0, tab)), answer: line.slice(tab + 1) }
    })
    return { plans, cases }
  }))
}

/** What the native engine answers to questions: of each a plan's text, a service, and a case in JSON. */
export function nativeAnswersTo(questions) {
  const plans = new Map()
  const line = ({ text, id, words }) => {
    if (!plans.has(text)) plans.set(text, `${plans.size}.plan.json`)
    return [plans.get(text), id, words].join('\t')
  }
  const lines = questions.map(line).join('\n')
  return written('answers', folder => readFileSync(join(folder, 'answers.jsonl'), 'utf8').trimEnd().split('\n'), folder => {
    for (const [text, name] of plans) writeFileSync(join(folder, name), text)
    writeFileSync(join(folder, 'questions.tsv'), lines)
  })
}

/** What a command of xtask writes into a folder, read. */
function written(command, read, prepare = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'yibao-'))
  try {
    prepare(folder)
    execFileSync(process.env.CARGO ?? 'cargo', ['run', '-q', '--locked', '-p', 'xtask', '--', command, folder], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    return read(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Whether a decision was made from the numbers of a run: its receipt is then still to be written. */
export const isQuick = decision => Object.getOwnPropertyDescriptor(decision, 'receipt').get !== undefined

/** The rules of a pack, loaded once. */
export function rulesOf(plans, load = loadPlan) {
  const all = new Map()
  return pack => {
    if (!all.has(pack)) all.set(pack, load(plans.get(pack)))
    return all.get(pack)
  }
}

/** A generator with a fixed seed: whole numbers below `most`. */
export function random(seed) {
  return most => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % most
  }
}

/** The answers of a case in an object that is not plain: only the engine's own reader takes it. */
export class Slowly {
  constructor(fields) {
    Object.assign(this, fields)
  }
}

export const suzhou = {
  admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county',
  total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0',
}

/** The portal's engine as the entry has it, with its glue and its memory at hand. */
export function openEngine() {
  const engine = new Engine(glue)
  engine.initSync(file('www/dist/portal/yibao_bg.wasm'))
  return { glue, loadPlan: plan => loadInto(engine, plan), memory: () => engine.memory.buffer.byteLength }
}
