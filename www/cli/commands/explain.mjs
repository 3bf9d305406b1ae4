// yibao explain: why this figure, and why not another row.

import { caseOptions, decided, registerOption } from '../case.mjs'
import { misuse } from '../exit.mjs'
import { nearest } from '../args.mjs'
import { table } from '../shape.mjs'

export const name = 'explain'
export const summary = { zh: '说明一个数是怎么来的，为什么不是表里的另一行', en: 'why this figure, and why not another row of a table' }
export const usage = ['PACK -i FILE [STEP] [--row N]']
export const options = {
  ...caseOptions,
  register: { ...registerOption.register, help: { zh: '写给谁看（默认 officer，表用 patient）', en: 'for whom the words are (officer; for a table patient)' } },
  row: { type: 'string', value: 'N', help: { zh: '为什么不是第 N 行', en: 'why not row N' } },
}

export async function run(context) {
  const [pack, step, ...more] = context.args
  if (pack === undefined || more.length > 0) throw misuse('wrong-arguments', { zh: '这里要 PACK 和最多一个 STEP', en: 'expected PACK and at most one STEP' })
  const { register = 'officer', row } = context.options
  if (row !== undefined && step === undefined) throw misuse('bad-option', { zh: '`--row` 要和 STEP 一起用', en: '`--row` needs a STEP' })
  await decided(context, ({ rules, service, input }) => {
    const decision = rules.evaluate(service, input)
    if (step === undefined) {
      context.out(rules.explain(service, input, { register, lang: context.lang }))
      context.out(steps(context, decision))
      return
    }
    const found = stepOf(decision, step)
    const why = row === undefined ? undefined : whyNot(context, found, row)
    // The table below says more than the officer's list of rows.
    const asked = context.options.register ?? (found.rows?.length > 0 ? 'patient' : 'officer')
    context.out(rules.explain(service, input, { step: found.id, register: asked, lang: context.lang }))
    if (found.rows?.length > 0) context.out(`\n${why ?? rows(context, found)}`)
  }, pack)
}

function stepOf(decision, given) {
  const found = decision.steps.find(({ id }) => id === given) ?? decision.steps.find(({ label }) => label.zh === given || label.en === given)
  if (found !== undefined) return found
  const ids = decision.steps.map(({ id }) => id)
  const near = nearest(given, ids)
  throw misuse('unknown-step', { zh: `没有步骤 \`${given}\``, en: `there is no step \`${given}\`` }, { help: near ? { zh: `是不是 \`${near}\`？`, en: `did you mean \`${near}\`?` } : { zh: `步骤有 ${ids.join(' ')}`, en: `steps are ${ids.join(' ')}` } })
}

function steps(context, { steps }) {
  const head = [context.t({ zh: '步骤', en: 'step' }), context.t({ zh: '名称', en: 'label' }), context.t({ zh: '值', en: 'value' })]
  return `\n${table(head, steps.map(({ id, label, value }) => [id, context.t(label), value?.text ?? '']), { right: [2] })}`
}

/** What each key was, as the formulas of the step say. */
function found(step, key) {
  const value = step.formulas.find(({ role, text }) => role === 'key' && text === key)
  if (value === undefined) return '?'
  return value.reads.length === 1 && value.reads[0].value.state !== 'known' ? value.reads[0].value.state : value.filled
}

function reason(context, step, row) {
  if (row.chosen) return context.t({ zh: '适用', en: 'applies' })
  if (row.because.length === 0) return context.t({ zh: '还不能定', en: 'cannot be told yet' })
  return row.because.map(key => {
    const cell = row.cells[step.keys.indexOf(key)]
    return context.t({ zh: `${key} 要 ${cell}，实为 ${found(step, key)}`, en: `${key} must be ${cell}, it is ${found(step, key)}` })
  }).join(context.t({ zh: '；', en: '; ' }))
}

function rows(context, step) {
  const bands = step.keys === undefined || step.keys.length === 0
  const head = ['', ...(bands ? [context.t({ zh: '至', en: 'up to' })] : step.keys), context.t({ zh: '得', en: 'gives' }), bands ? context.t({ zh: '本次落入', en: 'falls in it' }) : context.t({ zh: '为什么', en: 'why' })]
  const body = step.rows.map((row, i) => [`${row.chosen ? '▶' : ' '} ${i + 1}`, ...(bands ? [row.cells[0] ?? ''] : row.cells.map(cell => cell || '*')), row.is, bands ? row.portion?.text ?? '' : reason(context, step, row)])
  return table(head, body)
}

function whyNot(context, step, given) {
  const rows = step.rows ?? []
  if (rows.length === 0) throw misuse('bad-option', { zh: `\`${step.id}\` 不是表`, en: `\`${step.id}\` is no table` })
  const row = /^\d+$/.test(given) ? rows[Number(given) - 1] : undefined
  if (row === undefined) throw misuse('bad-option', { zh: `\`${step.id}\` 有第 1 到 ${rows.length} 行，没有 \`${given}\``, en: `\`${step.id}\` has rows 1 to ${rows.length}, not \`${given}\`` })
  const cells = row.cells.map((cell, i) => `${step.keys?.[i] ?? context.t({ zh: '至', en: 'up to' })} ${cell || '*'}`).join(', ')
  return context.t({ zh: `第 ${given} 行（${cells} → ${row.is}）：`, en: `row ${given} (${cells} → ${row.is}): ` }) + reason(context, step, row)
}
