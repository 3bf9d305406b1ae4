// yibao solve: which amount of a fact gives the result that is wanted.

import { caseOptions, decided } from '../case.mjs'
import { misuse } from '../exit.mjs'
import { amountOf, table } from '../shape.mjs'

export const name = 'solve'
export const summary = { zh: '反过来算：多少费用正好得到这个结果', en: 'which amount gives the result that is wanted' }
export const usage = ['PACK -i FILE --over FACT --wanted YUAN [--line LINE]']
export const options = {
  ...caseOptions,
  over: { type: 'string', value: 'FACT', help: { zh: '求哪一项金额，如 total', en: 'the amount that is sought, such as total' } },
  line: { type: 'string', value: 'LINE', help: { zh: '要定住的结果：patient、net 或一个步骤（默认 patient）', en: 'the result that is given: patient, net or a step (patient)' } },
  wanted: { type: 'string', value: 'YUAN', help: { zh: '它要等于多少元', en: 'what it shall be, in yuan' } },
  json: { type: 'boolean', help: { zh: 'JSON', en: 'as JSON' } },
}

export async function run(context) {
  const { over, line = 'patient', wanted, json } = context.options
  for (const [option, value] of Object.entries({ over, wanted })) if (value === undefined) throw misuse('missing-option', { zh: `缺少 --${option}`, en: `--${option} is missing` })
  amountOf(wanted, '--wanted')
  await decided(context, ({ rules, service, input }) => {
    const solution = rules.solve(service, input, over, line, wanted)
    if (json) return context.json(solution)
    const { stretches, reachable } = solution
    if (stretches.length > 0) return context.out(table([`${over} ${context.t({ zh: '从', en: 'from' })}`, context.t({ zh: '到', en: 'to' })], stretches.map(({ from, to }) => [from, to]), { right: [0, 1] }))
    const range = reachable === null ? '' : context.t({ zh: `；${line} 在 ${reachable.least} 到 ${reachable.greatest} 之间`, en: `; ${line} lies between ${reachable.least} and ${reachable.greatest}` })
    return context.out({ zh: `没有哪个 ${over} 使 ${line} 等于 ${wanted}${range}`, en: `no ${over} gives ${line} of ${wanted}${range}` })
  })
}
