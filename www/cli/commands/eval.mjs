// yibao eval: one case decided.

import { EXIT } from '../exit.mjs'
import { caseOptions, decided, registerOption } from '../case.mjs'

export const name = 'eval'
export const summary = { zh: '算一个案例', en: 'decide one case' }
export const usage = ['PACK -i FILE [-s SERVICE]']
export const options = {
  ...caseOptions,
  ...registerOption,
  json: { type: 'boolean', help: { zh: '整个结果，JSON', en: 'the whole decision as JSON' } },
  step: { type: 'string', value: 'STEP', help: { zh: '只说明这一步', en: 'explain one step only' } },
  strict: { type: 'boolean', help: { zh: '没有算出结果时退出码为 4', en: 'exit code 4 unless the case is computed' } },
}

export async function run(context) {
  const { json, step, register, strict } = context.options
  const [outcome, words] = await decided(context, ({ rules, service, input }) => {
    const decision = rules.evaluate(service, input)
    return [decision.outcome, json ? JSON.stringify(decision, null, 2) : rules.explain(service, input, { step, register, lang: context.lang })]
  })
  context.out(words)
  return strict && outcome !== 'computed' ? EXIT.UNKNOWN : EXIT.OK
}
