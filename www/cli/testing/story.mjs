// A failing case as its reader needs it: what was expected, what came out, and the calculation up to the first step
// that differs.

import { columns, pad } from '../help.mjs'
import { human } from '../report.mjs'

/** Lines for a failing case. */
export function story(context, one, { texts, engine }) {
  const lines = one.differences.map(({ difference }) => difference).flatMap(difference => head(context, difference))
  const working = one.working.filter(([path]) => one.differences.some(({ difference }) => same(difference.path, path)))
  for (const [path, sum] of working) lines.push(context.paint('dim', `${context.t({ zh: '算式', en: 'by hand' })} ${path} = ${sum}`))
  lines.push('', ...calculation(context, one, texts, engine))
  return lines
}

/** Paths of `working` leave out `amounts.`, `steps.` and `encounters.`. */
const same = (path, short) => path.replaceAll(/(encounters|amounts|steps)\./g, '') === short.replaceAll(/(encounters|amounts|steps)\./g, '')

function head(context, { path, expected, found, message }) {
  if (path === '' || expected === null) return [context.paint('red', message)]
  const [should, is] = [context.t({ zh: '应为', en: 'expected' }), context.t({ zh: '得到', en: 'found' })]
  const by = difference(expected, found)
  return [`${context.paint('bold', path)}  ${should} ${context.paint('green', expected)}  ${is} ${context.paint('red', found ?? context.t({ zh: '（没有）', en: '(nothing)' }))}${by === undefined ? '' : `  ${context.paint('dim', `(${by})`)}`}`]
}

/** By how much an amount is off, in fen as whole numbers. */
export function difference(expected, found) {
  const fen = text => (/^-?\d+\.\d\d$/.test(text ?? '') ? BigInt(text.replace('.', '')) : undefined)
  const [should, is] = [fen(expected), fen(found)]
  if (should === undefined || is === undefined) return undefined
  const by = is - should
  const digits = String(by < 0n ? -by : by).padStart(3, '0')
  return `${by < 0n ? '−' : '+'}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function calculation(context, one, texts, engine) {
  const { answer } = one
  if (answer === null) return []
  if (answer.errors) return answer.errors.flatMap(problem => human(context, engine, problem, texts).split('\n'))
  if (answer.decision) return steps(context, answer.decision, one.differences.map(({ difference }) => difference.path))
  return answer.year.encounters.flatMap(encounter => {
    const mine = one.differences.map(({ difference }) => difference.path).filter(path => path.startsWith(`encounters.${encounter.id}.`))
    if (mine.length === 0) return []
    const paths = mine.map(path => path.slice(`encounters.${encounter.id}.`.length))
    return [context.paint('bold', encounter.id), ...encounter.pieces.flatMap(({ decision }) => steps(context, decision, paths))]
  })
}

/** Ids of the steps whose value was expected to be another. */
function differing(decision, paths) {
  const ids = new Set()
  for (const path of paths) {
    const [kind, name] = path.split('.')
    if (kind === 'steps') ids.add(name)
    if (kind === 'limit' && decision.limit) ids.add(decision.limit.step)
    if (kind === 'verdict') decision.verdict?.decided.forEach(id => ids.add(id))
    if (kind !== 'amounts') continue
    const payments = [...(decision.amounts?.payments ?? []), ...(decision.amounts?.benefits ?? []), ...decision.allocations]
    for (const { step, payer } of payments) if (name === step || name === payer) ids.add(step)
  }
  return ids
}

function steps(context, decision, paths) {
  const wrong = differing(decision, paths)
  const first = decision.steps.findIndex(({ id }) => wrong.has(id))
  const shown = first < 0 ? decision.steps : decision.steps.slice(0, first + 1)
  const rows = shown.map((step, i) => [context.t(step.label), step.id, valueText(context, step), reason(context, step), i === first])
  const widths = [0, 1, 2].map(at => Math.max(0, ...rows.map(row => columns(row[at]))))
  const lines = rows.map(([label, id, value, why, isFirst]) => {
    const line = `${pad(label, widths[0])}  ${context.paint('dim', pad(id, widths[1]))}  ${' '.repeat(widths[2] - columns(value))}${value}  ${why}`.trimEnd()
    return isFirst ? `${context.paint('red', '▶')} ${line}` : `  ${line}`
  })
  if (first >= 0) lines.push(`  ${context.paint('red', context.t({ zh: '▲ 从这一步开始不同', en: '▲ the first step that differs' }))}`, ...cited(context, decision, shown[first]))
  const rest = decision.steps.length - shown.length
  if (rest > 0) lines.push(context.paint('dim', context.t({ zh: `  后面还有 ${rest} 步`, en: `  ${rest} more steps after it` })))
  lines.push(...decision.refusals.map(({ code, text }) => `  ${context.paint('yellow', code)} ${context.t(text)}`))
  if (decision.missing.length > 0) lines.push(`  ${context.t({ zh: '还缺', en: 'missing' })} ${decision.missing.map(({ fact }) => fact).join(' ')}`)
  return lines
}

const STATES = {
  unknown: { zh: '未知', en: 'unknown' }, not_applicable: { zh: '不适用', en: 'not applicable' },
  unset: { zh: '原文未定', en: 'left open' }, failed: { zh: '拒绝', en: 'refused' },
}

function valueText(context, { value, records }) {
  if (records !== undefined) return records.map(record => record.text).join(' ')
  if (value === null) return ''
  if (value.state !== 'known') return context.t(STATES[value.state])
  return value.label ? context.t(value.label) : value.text
}

/** The formula with its numbers, or the row that was chosen. */
function reason(context, { rows = [], keys = [], formulas, replacedBy }) {
  if (replacedBy) return context.t({ zh: `由 ${replacedBy} 代替`, en: `replaced by ${replacedBy}` })
  const at = rows.findIndex(({ chosen }) => chosen)
  if (at >= 0 && keys.length > 0) return `${keys.map((key, i) => `${key} = ${rows[at].cells[i] || '*'}`).join(', ')} → ${rows[at].is}`
  const value = formulas.find(({ role }) => role === 'value' || role === 'amount') ?? formulas[0]
  return value === undefined ? '' : value.filled
}

function cited(context, decision, step) {
  const row = (step.rows ?? []).find(({ chosen }) => chosen)
  const cites = row?.cites.length ? row.cites : step.cites
  return cites.slice(0, 1).flatMap(({ clause, mark }) => {
    const found = decision.clauses.find(({ id }) => id === clause)
    if (found === undefined) return []
    const quote = Array.from(found.quote)
    const words = mark === null ? quote : quote.slice(...mark)
    const text = words.length > 60 ? `${words.slice(0, 60).join('')}…` : words.join('')
    return [context.paint('dim', `    ${clause}  “${text}”`)]
  })
}
