// yibao diff: what a revision changes, by figure and clause, by case, and for people.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { casesByPack } from '../testing/find.mjs'
import { countOf, markdown, table } from '../shape.mjs'

export const name = 'diff'
export const summary = { zh: '两个修订之间：数、条款、案例、谁多付谁少付', en: 'between two revisions: figures, clauses, cases, who pays more and less' }
export const usage = ['BEFORE AFTER [--cases DIR] [--population N]']
export const options = {
  cases: { type: 'string', value: 'DIR', help: { zh: '比较这里的案例（默认 BEFORE 旁边的）', en: 'compare the cases in here (those beside BEFORE)' } },
  population: { type: 'string', value: 'N', help: { zh: '每项服务模拟多少人（默认 10000）', en: 'people of each service (10000)' } },
  seed: { type: 'string', value: 'N', help: { zh: '同一个种子总是同一批人（默认 1）', en: 'the same seed gives the same people (1)' } },
  format: { type: 'string', choices: ['table', 'json', 'markdown'], value: 'table|json|markdown', help: { zh: '写成什么（默认 table）', en: 'what is written (table)' } },
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '写到文件', en: 'write to a file' } },
}

export async function run(context) {
  const [given, other] = context.expectArgs(['BEFORE', 'AFTER'])
  const { population, seed, format = 'table', output } = context.options
  const before = await context.loadPack(given)
  const after = await context.loadPack(other)
  const people = countOf(population, '--population', 1_000_000)
  const diff = before.rules.diff(after.rules, { ...(people !== undefined && { people }), ...(seed !== undefined && { seed: countOf(seed, '--seed', Number.MAX_SAFE_INTEGER) }) })
  const engine = await context.engine()
  const cases = changedCases(engine, before.rules, after.rules, sources(context, before.path))
  context.write(output, format === 'json' ? `${JSON.stringify({ ...diff, cases }, null, 2)}\n` : `${format === 'markdown' ? diff.markdown.trimEnd() : shown(context, diff)}\n\n${caseTable(context, cases, format === 'markdown' ? markdown : table)}\n`)
}

/** Case files: those named, or those beside the first pack. */
function sources(context, path) {
  const { cases } = context.options
  const beside = join(dirname(path), 'cases.yaml')
  if (cases === undefined && !existsSync(beside)) return []
  const files = cases === undefined ? [beside] : casesByPack([cases]).flatMap(({ files }) => files)
  return files.map(file => ({ file, text: context.readText(file, { zh: '案例', en: 'cases' }) }))
}

/** Cases whose answer is another, with what became of each figure. */
function changedCases(engine, before, after, files) {
  const changed = []
  let compared = 0
  for (const source of files) {
    const tested = before.test([source])
    before.askedBy([source]).forEach((asked, i) => {
      if (asked === null) return
      compared += 1
      const [old, now] = [before, after].map(rules => figures(engine, rules, asked))
      const names = [...new Set([...Object.keys(old), ...Object.keys(now)])]
      const changes = names.filter(name => old[name] !== now[name]).map(name => ({ figure: name, before: old[name] ?? null, after: now[name] ?? null }))
      if (changes.length > 0) changed.push({ id: tested.cases[i].id, file: source.file, changes })
    })
  }
  return { compared, changed }
}

function figures(engine, rules, asked) {
  try {
    if (asked.year) {
      const { net, paid } = rules.year(asked.year)
      return { net: String(net), paid: String(paid) }
    }
    const { outcome, amounts, verdict, limit, result, allocations } = rules.evaluate(asked.service, asked.case)
    const text = value => (value.state === 'known' ? value.text : value.state)
    const all = { outcome }
    for (const { step, amount } of [...(amounts?.payments ?? []), ...(amounts?.benefits ?? []), ...allocations]) all[step] = text(amount)
    if (amounts) Object.assign(all, { patient: text(amounts.patient), net: text(amounts.net) })
    if (verdict) all.verdict = verdict.is
    if (limit) all.limit = text(limit.to)
    for (const { id, value } of result) all[id] = text(value)
    return all
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    return { error: error.code }
  }
}

function caseTable(context, { compared, changed }, as) {
  const words = context.t({ zh: `${compared} 个案例中 ${changed.length} 个结果不同`, en: `${changed.length} of ${compared} cases come out otherwise` })
  if (changed.length === 0) return words
  const rows = changed.flatMap(({ id, changes }) => changes.map(({ figure, before, after }, i) => [i === 0 ? id : '', figure, before ?? '—', after ?? '—']))
  return `${words}\n\n${as([context.t({ zh: '案例', en: 'case' }), context.t({ zh: '项目', en: 'figure' }), context.t({ zh: '原来', en: 'before' }), context.t({ zh: '现在', en: 'after' })], rows, { right: [2, 3] })}`
}

function shown(context, { before, after, changes, clauses, shifts }) {
  const [old, now] = [context.t({ zh: '原来', en: 'before' }), context.t({ zh: '现在', en: 'after' })]
  const parts = [`${before} → ${after}`]
  if (changes.length > 0) parts.push(table([context.t({ zh: '服务', en: 'service' }), context.t({ zh: '步骤', en: 'step' }), '', old, now], changes.map(({ service, step, part, before, after }) => [service, step, part, before ?? '—', after ?? '—'])))
  else parts.push(context.t({ zh: '数、公式和表都相同', en: 'figures, formulas and rows are the same' }))
  if (clauses.length > 0) parts.push(table([context.t({ zh: '条款', en: 'clause' }), old, now], clauses.map(({ clause, before, after }) => [clause, short(before), short(after)])))
  if (shifts.length > 0) {
    const head = [context.t({ zh: '服务', en: 'service' }), context.t({ zh: '人数', en: 'people' }), context.t({ zh: '少付', en: 'pay less' }), context.t({ zh: '共少付', en: 'less in all' }), context.t({ zh: '多付', en: 'pay more' }), context.t({ zh: '共多付', en: 'more in all' })]
    parts.push(table(head, shifts.map(({ service, compared, winners, saved, losers, lost }) => [service, compared, winners, saved, losers, lost]), { right: [1, 2, 3, 4, 5] }))
  }
  return parts.join('\n\n')
}

const short = text => (text === null ? '—' : Array.from(text).length > 40 ? `${Array.from(text).slice(0, 40).join('')}…` : text)
