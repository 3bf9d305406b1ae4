// yibao curve: every amount as an exact function of one amount.

import { caseOptions, decided } from '../case.mjs'
import { choice } from '../args.mjs'
import { misuse } from '../exit.mjs'
import { amountOf, csv, table } from '../shape.mjs'
import { svg } from '../svg.mjs'

export const name = 'curve'
export const summary = { zh: '一项金额变化时，各方各付多少', en: 'who pays what as one amount grows' }
export const usage = ['PACK -i FILE --over FACT [--from YUAN] [--to YUAN]']
export const options = {
  ...caseOptions,
  over: { type: 'string', value: 'FACT', help: { zh: '变化的那一项金额，如 total', en: 'the amount that grows, such as total' } },
  from: { type: 'string', value: 'YUAN', help: { zh: '从多少元起', en: 'from' } },
  to: { type: 'string', value: 'YUAN', help: { zh: '到多少元止', en: 'to' } },
  line: { type: 'string', multiple: true, value: 'LINE', help: { zh: '只要这些线，如 patient（可多次）', en: 'only these lines, such as patient (may be repeated)' } },
  format: { type: 'string', choices: ['table', 'json', 'csv', 'svg'], value: 'table|json|csv|svg', help: { zh: '写成什么（默认 table）', en: 'what is written (table)' } },
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '写到文件', en: 'write to a file' } },
}

export async function run(context) {
  const { over, from, to, line, format = 'table', output } = context.options
  if (over === undefined) throw misuse('missing-option', { zh: '缺少 --over', en: '--over is missing' })
  const range = { from: amountOf(from, '--from'), to: amountOf(to, '--to') }
  await decided(context, ({ rules, service, input }) => {
    const curve = rules.curve(service, input, over, range)
    const ids = curve.lines.map(({ id }) => id)
    const lines = (line ?? ids.filter(id => tells(curve, id, over))).map(id => choice('--line', id, ids))
    const labels = labelsOf(context, rules, service)
    context.write(output, written(context, { curve, lines, labels, format, title: rules.pack.title, service: rules.services.find(({ id }) => id === service).title }))
  })
}

/** Whether a line says what no other does: the bill over itself does not, nor what is left where there is no benefit. */
function tells({ pieces }, id, over) {
  if (id === 'total') return over !== 'total'
  return id !== 'net' || pieces.some(({ lines }) => JSON.stringify(lines.net) !== JSON.stringify(lines.patient))
}

function labelsOf(context, rules, service) {
  const { steps } = JSON.parse(rules.planJson()).services.find(({ id }) => id === service)
  const plain = { total: { zh: '总费用', en: 'total' }, patient: { zh: '个人负担', en: 'the person' }, net: { zh: '减补贴后个人负担', en: 'the person, net' } }
  return id => context.t(plain[id] ?? steps.find(step => step.id === id)?.label ?? id)
}

function written(context, { curve, lines, labels, format, title, service }) {
  switch (format) {
    case 'json': return `${JSON.stringify({ ...curve, lines: curve.lines.filter(({ id }) => lines.includes(id)), pieces: curve.pieces.map(piece => ({ ...piece, lines: Object.fromEntries(lines.map(id => [id, piece.lines[id]])) })) }, null, 2)}\n`
    case 'csv': return csv([['from', 'to', ...lines.flatMap(id => [`${id} at from`, `${id} at to`, `${id} per yuan`])], ...curve.pieces.map(({ from, to, lines: all }) => [from.at, to.at, ...lines.flatMap(id => [all[id]?.atFrom, all[id]?.atTo, all[id]?.slope])])])
    case 'svg': return svg(curve, lines, { labels, title: `${context.t(title)} · ${context.t(service)}`, over: labels(curve.fact) })
    default: return `${pieces(context, curve, lines, labels)}\n\n${knots(context, curve)}\n`
  }
}

function pieces(context, curve, lines, labels) {
  const head = [`${curve.fact} ${context.t({ zh: '从', en: 'from' })}`, context.t({ zh: '到', en: 'to' }), ...lines.flatMap(id => [labels(id), context.t({ zh: '每元', en: 'per yuan' })])]
  const rows = curve.pieces.map(({ from, to, lines: all }) => [from.at, to.at, ...lines.flatMap(id => (all[id] === null ? ['—', ''] : [`${all[id].atFrom} → ${all[id].atTo}`, all[id].slope]))])
  return table(head, rows, { right: head.map((_, i) => i) })
}

function knots(context, curve) {
  if (curve.knots.length === 0) return context.t({ zh: '没有拐点', en: 'no knots' })
  const head = [context.t({ zh: '拐点', en: 'knot' }), context.t({ zh: '步骤', en: 'step' }), context.t({ zh: '条款', en: 'clauses' })]
  return table(head, curve.knots.map(({ at, step, clauses, jump }) => [`${at}${jump ? ' ↕' : ''}`, step ?? '', clauses.join(' ')]), { right: [0] })
}
