// yibao year: the stays of a settlement year in order.

import { asMisuse } from '../case.mjs'
import { EXIT, misuse } from '../exit.mjs'
import { markdown, table } from '../shape.mjs'

export const name = 'year'
export const summary = { zh: '一个年度里的几次就医连起来算', en: 'the stays of a settlement year, one after another' }
export const usage = ['PACK -i FILE']
export const details = {
  zh: '案例文件里写 `encounters:`（每次的 id、service、facts，转诊再写 follows），可有 `opening:`（年初的年度累计）。',
  en: 'The file has `encounters:` (of each id, service, facts, and follows for a transfer), and may have `opening:` (balances).',
}
export const options = {
  input: { type: 'string', short: 'i', value: 'FILE', help: { zh: '一年的就医（YAML 或 JSON；- 为标准输入）', en: 'the year (YAML or JSON; - is standard input)' } },
  format: { type: 'string', choices: ['table', 'json', 'markdown'], value: 'table|json|markdown', help: { zh: '写成什么（默认 table）', en: 'what is written (table)' } },
  strict: { type: 'boolean', help: { zh: '有一次没有算出时退出码为 4', en: 'exit code 4 unless every stay is computed' } },
}

export async function run(context) {
  const [pack] = context.expectArgs(['PACK'])
  const { input: path, format = 'table', strict } = context.options
  if (path === undefined) throw misuse('no-case', { zh: '缺少一年的就医：-i FILE', en: 'the year is missing: -i FILE' })
  const engine = await context.engine()
  const { rules } = await context.loadPack(pack)
  const text = context.readText(path, { zh: '一年的就医', en: 'year' })
  let parsed
  try {
    parsed = engine.parseYear(text, { file: path })
    const year = rules.year(parsed)
    if (format === 'json') context.json(year)
    else context.out(shown(context, year, format === 'markdown' ? markdown : table))
    const whole = year.encounters.every(({ pieces }) => pieces.every(({ decision }) => decision.outcome === 'computed'))
    return strict && !whole ? EXIT.UNKNOWN : EXIT.OK
  } catch (error) {
    throw asMisuse(engine, parsed === undefined ? error : engine.located(error, parsed), path, text)
  }
}

const valueOf = value => (value?.state === 'known' ? value.text : '—')

function shown(context, year, as) {
  const head = ['id', context.t({ zh: '日期', en: 'date' }), context.t({ zh: '费用', en: 'bill' }), context.t({ zh: '各方支付', en: 'paid by others' }), context.t({ zh: '个人负担', en: 'the person' }), context.t({ zh: '退差', en: 'credit' }), context.t({ zh: '之后的年度累计', en: 'balances after' })]
  const rows = year.encounters.flatMap(({ id, pieces, after, credit }) => pieces.map(({ decision }, i) => [
    pieces.length === 1 ? id : `${id} ${i + 1}/${pieces.length}`,
    decision.asOf ?? '', valueOf(decision.amounts?.total),
    (decision.amounts?.payments ?? []).map(({ payer, amount }) => `${payer} ${valueOf(amount)}`).join(' '),
    decision.outcome === 'computed' ? valueOf(decision.amounts?.patient) : decision.outcome,
    i === 0 ? credit ?? '' : '', i === pieces.length - 1 ? after.map(({ id, value }) => `${id} ${valueOf(value)}`).join(' ') : '',
  ]))
  const net = year.net === null ? '—' : year.net
  const opening = year.openingGiven ? '' : `\n${context.t({ zh: '没有给出年初的年度累计，按全年从头计算', en: 'no opening balances were given: the year starts fresh' })}`
  return `${as(head, rows, { right: [2, 4, 5] })}\n\n${context.t({ zh: `全年个人负担（减补贴）${net}，其他各方支付 ${year.paid ?? '—'}`, en: `in the year the person bears ${net} (less benefits), all others pay ${year.paid ?? '—'}` })}${opening}`
}
