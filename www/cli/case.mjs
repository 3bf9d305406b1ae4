// A pack, a service and a case from a file: what eval, explain, curve and solve begin with.

import { misuse } from './exit.mjs'
import { choice } from './args.mjs'
import { dayOf, withFacts } from './shape.mjs'

const CASE = { zh: '案例', en: 'case' }

/** Options of the commands that decide one case. */
export const caseOptions = {
  service: { type: 'string', short: 's', value: 'SERVICE', help: { zh: '算哪项服务；只有一项时不必写', en: 'the service; not needed where there is one' } },
  input: { type: 'string', short: 'i', value: 'FILE', help: { zh: '案例（YAML 或 JSON；- 为标准输入）', en: 'the case (YAML or JSON; - is standard input)' } },
  'as-of': { type: 'string', value: 'DATE', help: { zh: '决定适用规则的日子，代替案例里的那一项', en: 'the day that decides, in place of the answer in the case' } },
}

export const registerOption = {
  register: { type: 'string', choices: ['patient', 'officer', 'developer'], value: 'patient|officer|developer', help: { zh: '写给谁看（默认 patient）', en: 'for whom the words are (patient)' } },
}

export function chosenService(rules, given) {
  const ids = rules.services.map(({ id }) => id)
  if (given !== undefined) return choice('--service', given, ids)
  if (ids.length === 1) return ids[0]
  throw misuse('which-service', { zh: `算哪项服务？\`-s\` 可用 ${ids.join(' ')}`, en: `which service? \`-s\` takes one of ${ids.join(' ')}` })
}

/** A case file, parsed. */
export async function readCase(context, path) {
  if (path === undefined) throw misuse('no-case', { zh: '缺少案例：-i FILE', en: 'a case is missing: -i FILE' })
  const engine = await context.engine()
  const text = context.readText(path, CASE)
  try {
    return { text, input: engine.parseCase(text, { file: path }) }
  } catch (error) {
    throw asMisuse(engine, error, path, text)
  }
}

const isDay = text => /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

/** The case with another deciding day. */
export function dated(rules, service, input, day) {
  if (day === undefined) return input
  const name = dayOf(rules, service)
  if (!isDay(day)) throw misuse('bad-option', { zh: `\`--as-of\` 要日历上的一天，如 2026-03-01，不是 \`${day}\``, en: `\`--as-of\` expects a day of the calendar, such as 2026-03-01, not \`${day}\`` })
  if (name === undefined) throw misuse('bad-option', { zh: `\`${service}\` 的结果不取决于日期，不能用 --as-of`, en: `no day decides \`${service}\`: --as-of has no meaning here` })
  return withFacts(input, { [name]: day })
}

export function asMisuse(engine, error, path, text) {
  if (!(error instanceof engine.YibaoError)) return error
  const isOfCase = error.diagnostics.some(({ place }) => place?.file === path)
  const words = isOfCase ? { zh: `\`${path}\` 里的答案有问题`, en: `the answers in \`${path}\` are wrong` } : { zh: '这样算不了', en: 'that cannot be computed' }
  return misuse('bad-case', words, { diagnostics: error.diagnostics, texts: new Map([[path, text]]), cause: error })
}

/** Runs `work` with the rules, the service and the case of the arguments. Errors of answers get their place in the file. */
export async function decided(context, work, pack = context.expectArgs(['PACK'])[0]) {
  const { input: path, service } = context.options
  const engine = await context.engine()
  const { rules } = await context.loadPack(pack)
  const chosen = chosenService(rules, service)
  const { text, input } = await readCase(context, path)
  try {
    return work({ rules, service: chosen, input: dated(rules, chosen, input, context.options['as-of']) })
  } catch (error) {
    throw asMisuse(engine, engine.located(error, input), path, text)
  }
}
