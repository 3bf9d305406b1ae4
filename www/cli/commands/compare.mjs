// yibao compare: several ways to go, side by side.

import { caseOptions, chosenService, readCase, asMisuse } from '../case.mjs'
import { misuse } from '../exit.mjs'
import { answersOf, markdown, table, withFacts } from '../shape.mjs'

export const name = 'compare'
export const summary = { zh: '几种走法并排比较，从哪一步起不同', en: 'ways to go side by side, and the steps at which they part' }
export const usage = ['PACK... -i FILE [-i FILE...] [--or FACT=VALUE,...]...']
export const details = {
  zh: '每个政策包、每个案例是一种走法；--or 把第一个案例改几项再算一遍。',
  en: 'Each pack and each case is a way to go; --or decides the first case again with some answers changed.',
}
export const options = {
  ...caseOptions,
  input: { ...caseOptions.input, multiple: true },
  or: { type: 'string', multiple: true, value: 'FACT=VALUE,...', help: { zh: '改几项再算一遍，如 level=county（可多次）', en: 'the same with other answers, such as level=county (may be repeated)' } },
  format: { type: 'string', choices: ['table', 'json', 'markdown'], value: 'table|json|markdown', help: { zh: '写成什么（默认 table）', en: 'what is written (table)' } },
}

export async function run(context) {
  const { input: files = [], or = [], service, format = 'table' } = context.options
  if (context.args.length === 0) throw misuse('wrong-arguments', { zh: '这里要 PACK', en: 'expected a PACK' })
  if (files.length === 0) throw misuse('no-case', { zh: '缺少案例：-i FILE', en: 'a case is missing: -i FILE' })
  const engine = await context.engine()
  const loaded = []
  for (const given of context.args) loaded.push((await context.loadPack(given)).rules)
  const cases = []
  for (const path of files) cases.push({ path, ...(await readCase(context, path)) })
  const ways = [...cases.map(({ path, input }) => ({ label: path, input })), ...or.map(text => ({ label: text, input: withFacts(cases[0].input, answersOf(text, '--or')) }))]
  const paths = loaded.flatMap(rules => ways.map(({ label, input }) => ({ label: loaded.length === 1 ? label : ways.length === 1 ? rules.pack.title : `${rules.pack.id} ${label}`, rules, service: chosenService(rules, service), input })))
  if (paths.length < 2) throw misuse('wrong-arguments', { zh: '至少要两种走法：多给一个 PACK、-i 或 --or', en: 'at least two ways are compared: give another PACK, -i or --or' })
  try {
    const comparison = loaded[0].compare(paths)
    if (format === 'json') return context.json(comparison)
    return context.out(shown(context, comparison, format === 'markdown' ? markdown : table))
  } catch (error) {
    throw asMisuse(engine, error, files[0], cases[0].text)
  }
}

const STATES = { unknown: '?', not_applicable: '—', unset: '—', failed: '✗' }
const valueOf = value => (value === null ? '' : value.state === 'known' ? value.text : STATES[value.state])

function shown(context, { labels, decisions, differences, least }, as) {
  const head = [context.t({ zh: '步骤', en: 'step' }), ...labels.map((label, i) => `${context.t(label)}${i === least ? ' ★' : ''}`)]
  const right = labels.map((_, i) => i + 1)
  const person = decisions.every(({ amounts }) => amounts !== null) ? [[context.t({ zh: '个人负担', en: 'the person pays' }), ...decisions.map(({ amounts }) => valueOf(amounts.patient))]] : []
  const outcomes = [context.t({ zh: '结果', en: 'outcome' }), ...decisions.map(({ outcome }) => outcome)]
  const rows = [...differences.map(({ label, values }) => [context.t(label), ...values.map(valueOf)]), ...person, outcomes]
  const cited = differences.map(({ label, clauses }) => [context.t(label), [...new Set(clauses.flat())].join(' ')]).filter(([, all]) => all !== '')
  const star = least === null ? '' : `\n${context.t({ zh: '★ 个人负担最少', en: '★ the person pays least' })}`
  return `${as(head, rows, { right })}${star}\n\n${as([context.t({ zh: '步骤', en: 'step' }), context.t({ zh: '条款', en: 'clauses' })], cited)}`
}
