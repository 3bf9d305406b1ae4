// Random packs: a service of steps of every kind over facts of every type, in the words of the pack language.

const TYPES = ['money', 'number', 'rate', 'days', 'date', 'bool', 'size']
const LABEL = 'label: { zh: 项, en: entry }'
const FACTS = {
  money: ['a', 'b', 'previous.paid'], number: ['n', 'h'], rate: ['r'], days: ['d'], date: ['t', 'u'], bool: ['flag', 'other'], size: ['size'],
}
const HEAD = `revision: '1'
title: { zh: 随机, en: random }
region: { code: '000000', zh: 虚设, en: nowhere }
publisher: { zh: 测试, en: tests }
status: invented
evidence_date: 2024-01-01
facts:
  a: { type: money, min: 0元, max: 20000元, ${LABEL} }
  b: { type: money, min: -500元, max: 20000元, ${LABEL} }
  paid: { type: money, min: 0元, max: 20000元, ${LABEL} }
  n: { type: number, min: 0, max: 9, ${LABEL} }
  h: { type: number, min: -5, max: 5, decimals: 2, ${LABEL} }
  r: { type: rate, min: "0%", max: "100%", decimals: 1, ${LABEL} }
  d: { type: days, min: 0, max: 400, ${LABEL} }
  t: { type: date, ${LABEL} }
  u: { type: date, ${LABEL} }
  flag: { type: bool, ${LABEL} }
  other: { type: bool, ${LABEL} }
  size: { type: option, ${LABEL}, options: { small: { zh: 小, en: small }, middle: { zh: 中, en: middle }, large: { zh: 大, en: large } } }
previous: { paid: paid }
parameters:
  open: { type: money, max: 5000元, ${LABEL}, unset: { zh: 隐去, en: redacted } }
`
const MODES = ['half_up', 'half_even', 'floor', 'ceiling', 'toward_zero']
const UNITS = { money: ['fen', 'yuan', '10 yuan', '500 yuan'], number: ['1', '0.1'], rate: ['1%', '0.5%'] }

/** The text of a pack with one service; `below` gives its randomness. */
export function randomPack(below) {
  const one = all => all[below(all.length)]
  const known = Object.fromEntries(TYPES.map(type => [type, [...FACTS[type]]]))
  if (below(3) === 0) known.money.push('open')

  const figure = type => ({
    money: () => `${below(3) ? below(200) * 100 : below(9_999) / 100}元`, number: () => String(below(2) ? below(12) : below(300) / 100), rate: () => `${below(1_001) / 10}%`,
    days: () => `${below(400)} days`, date: () => new Date((18_000 + below(2_000)) * 86_400_000).toISOString().slice(0, 10), bool: () => one(known.bool), size: () => 'size',
  })[type]()
  const leaf = type => (below(3) ? one(known[type]) : figure(type))
  const compared = depth => {
    const type = one(['money', 'number', 'rate', 'days', 'date'])
    return `${term(type, depth)} ${one(['=', '!=', '<', '<=', '>', '>='])} ${term(type, depth)}`
  }
  const forms = {
    bool: depth => one([
      () => compared(depth), () => `${term('bool', depth)} and ${term('bool', depth)}`, () => `${term('bool', depth)} or ${term('bool', depth)}`,
      () => `not ${term('bool', depth)}`, () => `size in {${one(['small', 'small, middle', 'middle, large'])}}`, () => 'applies(previous.paid)',
      () => `d ${one(['<', '<=', '>', '>=', '=', '!='])} ${below(13)} months`, () => `t within ${below(60)} days of u`,
    ])(),
    days: depth => one([() => 'days_between(t, u)', () => `${term('days', depth)} + ${term('days', depth)}`, () => `max(${term('days', depth)}, ${leaf('days')})`])(),
    date: () => one([() => `t + ${below(90)} days`, () => 'u - d', () => `add_months(t, ${below(25)} months, ${one(['clip', 'next', 'refuse'])})`])(),
    size: () => 'size',
  }
  const numeric = (type, depth) => one([
    () => `${term(type, depth)} ${one(['+', '-'])} ${term(type, depth)}`, () => `${one(['min', 'max'])}(${term(type, depth)}, ${term(type, depth)})`,
    () => `clamp(${term(type, depth)}, ${leaf(type)}, ${leaf(type)})`, () => `${term(type, depth)} * ${leaf(type === 'number' ? 'number' : one(['rate', 'number']))}`,
    () => `${term(type, depth)} / ${one([2, 3, 4, 7, 8])}`, () => `round(${term(type, depth)}, ${one(MODES)} to ${one(UNITS[type])})`,
    () => `round(${term(type, depth)} / (n + ${1 + below(3)}), ${one(MODES)} to ${one(UNITS[type])})`,
    () => (type === 'number' ? one(['years_between(t, u)', 'year(t)', 'days_between(t, u) / 1 days', 'months_between(t, u) / 1 months']) : leaf(type)),
  ])()
  const expression = (type, depth) => {
    if (depth <= 0) return leaf(type)
    if (below(6) === 0) return `if ${term('bool', depth - 1)} then ${term(type, depth - 1)} else ${term(type, depth - 1)}`
    return (forms[type] ?? (left => numeric(type, left)))(depth - 1)
  }
  const term = (type, depth) => {
    const text = expression(type, depth)
    return /^[\w.%元-]+$/u.test(text) ? text : `(${text})`
  }

  const quoted = text => JSON.stringify(text)
  const bodies = {
    value: type => `value: ${quoted(expression(type, 3))}`,
    condition: () => `value: ${quoted(expression('bool', 3))}`,
    level: type => `table: { by: [size${below(2) ? ', flag' : ''}], rows: [${['small', 'middle'].map(size => `{ size: ${size}, is: ${quoted(expression(type, 1))} }`).join(', ')}], otherwise: ${quoted(leaf(type))} }`,
    cut: type => `table: { by: [a], rows: [${[0, 1, 2].map(i => `{ a: "[${i * 500}元, ${i === 2 ? 20_001 : (i + 1) * 500}元)", is: ${quoted(leaf(type))} }`).join(', ')}] }`,
    bands: () => `bands: { of: a, from: ${one(['b', '0元', 'a'])}, rows: [{ up_to: ${one(['100元', '"if flag then 50元 else 100元"'])}, rate: ${1 + below(99)}% }, { up_to: 5000元, rate: ${1 + below(99)}% }, { rate: ${1 + below(99)}% }] }${below(2) ? `, round: ${below(2) ? 'totals ' : ''}${one(MODES)} to fen` : ''}`,
  }
  const steps = []
  const step = (type, body) => {
    const id = `s${steps.length}`
    steps.push(`      - { id: ${id}, ${LABEL}, ${body} }\n`)
    known[type].push(id)
    return id
  }
  for (let left = 4 + below(5); left > 0; left--) {
    const type = one(['money', 'money', 'number', 'rate'])
    switch (below(9)) {
      case 0: step('bool', bodies.condition()); break
      case 1: step(type, bodies.level(type)); break
      case 2: step(type, bodies.cut(type)); break
      case 3: {
        const shared = step('money', bodies.bands())
        // What the plainest of bands pay, given back as cost.
        if (!steps.at(-1).includes('round') && !steps.at(-1).includes('if')) step('money', `value: "cost_for(${shared}, min(${shared}, a))"`)
        break
      }
      case 4: {
        const base = step(type, bodies.value(type))
        steps.push(`      - { id: e${steps.length}, ${LABEL}, exception_to: ${base}, when: ${quoted(expression('bool', 1))}, value: ${quoted(leaf(type))} }\n`)
        break
      }
      case 5: step('days', bodies.value('days')); break
      case 6: step('date', bodies.value('date')); break
      default: step(type, bodies.value(type))
    }
  }
  const ids = steps.map(text => /id: (s\w+)/u.exec(text)?.[1]).filter(Boolean)
  return `pack: random\n${HEAD}services:\n  s:\n    title: { zh: 随机, en: random }\n    kind: amount\n    result: [${ids.slice(-2).join(', ')}]\n    steps:\n${steps.join('')}`
}
