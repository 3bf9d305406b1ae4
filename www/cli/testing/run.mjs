// Runs cases by the engine's own runner and chooses among them. What comes out is what all reporters read.

import { EXIT, Failure, misuse } from '../exit.mjs'
import { held } from './engines.mjs'
import { casesByPack } from './find.mjs'

const CASES = { zh: '案例', en: 'cases' }

/** Runs the cases of these paths. `chosen` says which of them count; `other` loads a plan into another build. */
export async function runCases(context, paths, chosen = {}, other = undefined) {
  const packs = []
  for (const found of casesByPack(paths)) packs.push(await runPack(context, found, chosen, other))
  return summed(packs)
}

async function runPack(context, { pack, files }, chosen, other) {
  const engine = await context.engine()
  const { rules, texts } = await context.loadPack(pack)
  const sources = files.map(file => ({ file, text: context.readText(file, CASES) }))
  for (const { file, text } of sources) texts.set(file, text)
  const { cases: judged, coverage } = tested(engine, rules, sources, texts, other !== undefined)
  const cases = other === undefined ? judged : held(rules, other, sources, judged)
  const picked = cases.map(isChosen(chosen))
  const header = { file: pack, id: rules.pack.id, revision: rules.pack.revision, title: rules.pack.title }
  rules.free()
  return {
    pack: header, files, texts,
    cases: cases.filter((_, i) => picked[i]).map(one => ({ ...one, failed: one.differences.length > 0 })),
    left: picked.filter(yes => !yes).length,
    coverage: counted(coverage, by => by.filter(i => picked[i]).map(i => cases[i].id)),
  }
}

function tested(engine, rules, sources, texts, answers) {
  try {
    return rules.test(sources, { answers })
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    throw misuse('bad-cases', { zh: '案例文件有问题', en: 'a case file is wrong' }, { diagnostics: error.diagnostics, texts, cause: error })
  }
}

function isChosen({ name = [], tag = [], clause = [] }) {
  const clauseFits = (given, clause) => clause === given || clause.endsWith(`:${given}`)
  return one =>
    (name.length === 0 || name.some(part => one.id.includes(part)))
    && (tag.length === 0 || tag.some(word => one.tags.includes(word)))
    && (clause.length === 0 || clause.some(given => one.clauses.some(found => clauseFits(given, found))))
}

/** Coverage with the names of the cases that were chosen, and by clause. */
function counted({ rules, edges }, names) {
  const named = rules.map(rule => ({ ...rule, by: names(rule.by) }))
  const clauses = new Map()
  for (const { clauses: cited, by } of named) {
    for (const clause of cited) clauses.set(clause, [...new Set([...(clauses.get(clause) ?? []), ...by])])
  }
  return {
    rules: named,
    clauses: Array.from(clauses, ([id, by]) => ({ id, by })).sort((a, b) => (a.id < b.id ? -1 : 1)),
    edges: edges.map(edge => ({ ...edge, below: names(edge.below), equal: names(edge.equal), above: names(edge.above) })),
  }
}

export const isReached = ({ by }) => by.length > 0
export const isBeside = ({ below, equal, above }) => below.length > 0 && equal.length > 0 && above.length > 0

function summed(packs) {
  const all = packs.flatMap(pack => pack.cases)
  const failed = all.filter(one => one.failed).length
  const kinds = { rules: isReached, clauses: isReached, edges: isBeside }
  const coverage = Object.fromEntries(Object.entries(kinds).map(([kind, holds]) => {
    const every = packs.flatMap(({ coverage }) => coverage[kind])
    return [kind, { all: every.length, reached: every.filter(holds).length }]
  }))
  return { packs, cases: all.length, failed, left: packs.reduce((sum, { left }) => sum + left, 0), coverage }
}

/** Least coverage in per cent, of everything or by kind: `90`, or `rules=100,clauses=100,edges=80`. */
export function minimum(text) {
  if (text === undefined) return {}
  const bad = () => misuse('bad-option', { zh: `\`--min-coverage\` 写成 90 或 rules=100,clauses=100,edges=80，不是 \`${text}\``, en: `\`--min-coverage\` is written 90 or rules=100,clauses=100,edges=80, not \`${text}\`` })
  const percent = digits => {
    if (!/^\d{1,3}$/.test(digits) || Number(digits) > 100) throw bad()
    return Number(digits)
  }
  if (!text.includes('=')) return { rules: percent(text), clauses: percent(text), edges: percent(text) }
  return Object.fromEntries(text.split(',').map(part => {
    const [kind, digits] = part.split('=')
    if (!['rules', 'clauses', 'edges'].includes(kind)) throw bad()
    return [kind, percent(digits)]
  }))
}

/** Kinds of coverage below their minimum. Whole numbers only: 99.9 % is not 100 %. */
export function belowMinimum(result, least) {
  return Object.entries(least).filter(([kind, percent]) => result.coverage[kind].reached * 100 < percent * result.coverage[kind].all).map(([kind, percent]) => ({ kind, percent, ...result.coverage[kind] }))
}

/** What the run comes to. */
export function verdict(result, least) {
  const short = belowMinimum(result, least)
  return result.cases === 0 || result.failed > 0 || short.length > 0 ? EXIT.CASES : EXIT.OK
}

/** The complaint of a run in which nothing ran: it proves nothing. */
export const emptyRun = result => new Failure(EXIT.CASES, 'empty-run', {
  zh: `一个案例也没有运行（筛去 ${result.left} 个）`, en: `no case ran (${result.left} were left out)`,
}, { help: { zh: '检查 --name、--tag、--clause', en: 'check --name, --tag and --clause' } })
