// yibao check: every problem of packs at once, and on request what is proved of them.

import { EXIT, misuse } from '../exit.mjs'
import { diagnostics } from '../report.mjs'

export const name = 'check'
export const summary = { zh: '一次列出政策包的全部问题', en: 'every problem of packs, at once' }
export const usage = ['PACK... [--proofs]']
export const options = {
  proofs: { type: 'boolean', help: { zh: '再对所有可能的输入证明账目相符、各方不为负、费用增加时个人负担不减，以及政策包的断言', en: 'prove besides, for every input, that the bill adds up, no part is below zero, a higher bill never costs the person less, and what the pack claims' } },
}

export async function run(context) {
  if (context.args.length === 0) throw misuse('wrong-arguments', { zh: '`check` 要一个 PACK', en: '`check` expects a PACK' })
  let wrong = 0
  for (const given of context.args) wrong += await checked(context, given)
  return wrong > 0 ? EXIT.INVALID_PACK : EXIT.OK
}

/** How many errors a pack has, and properties that do not hold. */
async function checked(context, given) {
  const engine = await context.engine()
  const { bytes, options, texts, isPlan } = context.openPack(given)
  // A plan was checked when it was compiled; loading it checks it again.
  const found = isPlan ? [] : engine.checkPack(bytes, options)
  if (isPlan) (await context.loadPack(given)).rules.free()
  await diagnostics(context, found, texts)
  const errors = found.filter(({ severity }) => severity === 'error').length
  context.out(found.length === 0 ? { zh: `${given}：没有问题`, en: `${given}: no problems` } : { zh: `${given}：${found.length} 个问题`, en: `${given}: ${found.length} ${found.length === 1 ? 'problem' : 'problems'}` })
  return context.options.proofs && errors === 0 ? proved(context, given) : errors
}

const WORDS = {
  proved: { zh: '已证明', en: 'proved' }, refuted: { zh: '不成立', en: 'refuted' },
  exempt: { zh: '不成立，政策包写明了原因', en: 'does not hold, and the pack says why' }, open: { zh: '没有定论', en: 'not decided' },
}

/** The answers of a case on a line: facts alone where it has nothing else. */
const answers = ({ facts, ...others }) => JSON.stringify(Object.keys(others).length === 0 ? facts : { facts, ...others })

/** How many properties are refuted. */
async function proved(context, given) {
  const { rules } = await context.loadPack(given)
  let refuted = 0
  for (const { service, properties, uncovered } of rules.prove()) {
    for (const { id, is, why, counter } of properties) {
      const colour = is === 'refuted' ? 'red' : is === 'proved' ? 'green' : 'yellow'
      context.out(`  ${service} ${id}  ${context.paint(colour, context.t(WORDS[is]))}${why ? `${context.t({ zh: '：', en: ': ' })}${context.t(why)}` : ''}`)
      if (is === 'refuted') {
        refuted += 1
        if (counter) context.out(`    ${[counter.case, counter.against].filter(Boolean).map(answers).join(' / ')} → ${counter.amounts.join(' → ')}`)
      }
    }
    for (const gap of uncovered) context.out({ zh: `  ${service} 未证明的部分：${gap}`, en: `  ${service} not covered: ${gap}` })
  }
  rules.free()
  return refuted
}
