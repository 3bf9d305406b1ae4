// From answers to the text of a pack.

import { LEVELS } from './cells.mjs'
import { percent, yuan } from './figures.mjs'

export const MARKER = '# 由待遇表生成（yibao new）。要改请改待遇表，再生成一次；手工改动会被覆盖。'
const q = text => JSON.stringify(text)
const both = (zh, en = zh) => `{ zh: ${q(zh)}, en: ${q(en)} }`

const SCHEMES = {
  resident: { zh: '城乡居民医保', en: 'resident scheme' },
  employee: { zh: '职工医保', en: 'employee scheme' },
}

/** The answers as a pack needs them: header, levels, clauses. */
export function draft(answers, today) {
  const value = id => answers.get(id)?.value
  const clauses = new Map()
  const cite = id => {
    const answer = answers.get(id)
    if (answer?.quote === undefined) return undefined
    if (!clauses.has(answer.quote)) clauses.set(answer.quote, `c${clauses.size + 1}`)
    const clause = clauses.get(answer.quote)
    return { clause, phrase: answer.phrase, text: answer.phrase === undefined ? `notice/${clause}` : `notice/${clause}#${answer.phrase}`, from: id }
  }
  const levels = []
  for (let n = 1; n <= LEVELS; n++) {
    if (value(`level_${n}.name`) === undefined) continue
    const field = name => ({ value: value(`level_${n}.${name}`), cite: cite(`level_${n}.${name}`), from: `level_${n}.${name}` })
    levels.push({ id: `level_${n}`, n, name: value(`level_${n}.name`), deductible: field('deductible'), rate: field('rate') })
  }
  const [cap, repeat] = ['cap', 'repeat'].map(id => ({ value: value(id), cite: cite(id), from: id }))
  const id = value('pack') ?? `county-${value('code')}-${value('scheme')}`
  const [year, month] = today.split('-').map(Number)
  return { id, revision: `${year}.${month}.1`, value, levels, cap, repeat, clauses, scheme: SCHEMES[value('scheme')], counts: counted(cap, repeat) }
}

/** Which balances of the year the pack reads. */
const counted = (cap, repeat) => ({ paid: cap.value !== undefined && cap.value !== 'none', stays: repeat.value !== 'same' && repeat.value !== undefined, asked: repeat.value === undefined })

/** The text of pack.yaml. */
export function packText(d) {
  return [
    MARKER,
    header(d), sources(d), 'payers:\n  fund: { zh: 医保基金, en: insurance fund }\n',
    parameters(d), assumptions(d), facts(d), ledger(d), service(d),
  ].filter(part => part !== '').join('\n')
}

function header({ id, revision, value, scheme, levels, cap, repeat }) {
  const region = value('region')
  const blank = [...levels.flatMap(level => [level.deductible, level.rate].filter(one => one.value === undefined).map(one => `${level.name}的${one.from.endsWith('rate') ? '支付比例' : '起付标准'}`)), ...(cap.value === undefined ? ['年度限额'] : []), ...(repeat.value === undefined ? ['再次住院的起付标准'] : [])]
  const caveats = [
    both(`依据《${value('title')}》由待遇表生成，只含统筹区内住院，不含市外就医、门诊、大病保险和医疗救助`, `From ${q(value('title')).slice(1, -1)}; inpatient care in the pooling area only`),
    ...(blank.length > 0 ? [both(`待遇表没有填：${blank.join('、')}；碰到时不给金额`, `Left blank in the table: ${blank.join(', ')}; no sum is given there`)] : []),
    ...(value('status') === 'invented' ? [both('练习用的虚构数据，不是任何地方的政策', 'Invented for practice; the rules of no place')] : []),
  ]
  const period = [['from', value('from')], ['until', value('until') && nextDay(value('until'))]].filter(([, day]) => day).map(([key, day]) => `${key}: ${day}`)
  return `pack: ${id}
revision: ${revision}
title: ${both(`${region}${scheme.zh}住院待遇`, `${region}: ${scheme.en}, inpatient`)}
region: { code: ${q(value('code'))}, zh: ${q(region)}, en: ${q(region)} }
publisher: ${both(value('publisher'))}
status: ${value('status')}
evidence_date: ${value('evidence')}
${period.length > 0 ? `period: { ${period.join(', ')} }\n` : ''}caveats:
${caveats.map(line => `  - ${line}`).join('\n')}
`
}

function nextDay(day) {
  return new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)
}

function sources({ value, clauses }) {
  const number = value('number') === undefined ? '' : `    number: ${q(value('number'))}\n`
  const readAt = value('read_at') === undefined ? '' : `    read_at: ${q(value('read_at'))}\n`
  const quotes = [...clauses].map(([quote, id], i) => `      ${id}: { label: ${q(`第${i + 1}句`)}, quote: ${q(quote)} }`)
  return `sources:
  notice:
    title: ${q(value('title'))}
    issuer: ${q(value('publisher'))}
${number}    issued: ${value('issued')}
${readAt}    grade: ${value('grade')}
    clauses:
${quotes.join('\n')}
`
}

/** A parameter for each figure that was left blank: what reads it refuses. */
function parameters(d) {
  const cite = `notice/${[...d.clauses.values()][0]}`
  const all = []
  const add = (id, type, label, most) => all.push(`  ${id}:
    type: ${type}
    label: ${both(label, `${label} (left blank)`)}
    min: ${type === 'money' ? '0元' : '0%'}
    max: ${most}
${type === 'rate' ? '    decimals: 2\n' : ''}    unset: { zh: ${q(`待遇表没有填${label}，不给金额`)}, en: ${q(`${label} was left blank in the table; no sum is given`)}, cite: ${cite} }`)
  for (const { id, name, deductible, rate } of d.levels) {
    if (deductible.value === undefined) add(`${id}_deductible`, 'money', `${name}的起付标准`, '100000元')
    if (rate.value === undefined) add(`${id}_rate`, 'rate', `${name}的支付比例`, '100%')
  }
  if (d.repeat.value === undefined) add('repeat_share', 'rate', '再次住院的起付标准', '100%')
  if (d.cap.value === undefined) add('yearly_cap', 'money', '年度限额', '5000000元')
  return all.length === 0 ? '' : `parameters:\n${all.join('\n')}\n`
}

function assumptions({ cap, repeat }) {
  return `assumptions:
  net_of_first_pay: ${both('政策范围内费用按总费用减自费、超限价和先行自付计算', 'In-policy cost is the total less out-of-scope, above-limit and first-pay parts')}
  deductible_first: ${both('先扣起付标准再乘支付比例', 'The deductible comes off before the rate')}
${repeat.value === 'same' ? `  every_stay: ${both('待遇表写明每次住院起付标准相同', 'The table says that each stay bears the same deductible')}\n` : ''}${cap.value === 'none' ? `  no_cap: ${both('待遇表写明没有年度限额', 'The table says that there is no yearly cap')}\n` : ''}`
}

function facts({ levels, counts }) {
  const options = levels.map(({ id, name }) => `      ${id}: ${both(name)}`).join('\n')
  const first = counts.asked ? `  is_first_stay:
    type: bool
    label: ${both('本结算年度首次住院', 'first stay of the settlement year')}
    question: ${both('今年（结算年度）是第一次住院吗？', 'Is this the first stay of the settlement year?')}
` : ''
  return `facts:
  total: shared
  out_of_scope: shared
  over_limit: shared
  first_pay: shared
  admission_date: shared
  scheme: shared
  place: shared
${first}  level:
    type: option
    label: { zh: 医院级别, en: hospital level }
    question: { zh: 住的是哪一类医院？, en: "What kind of hospital was it?" }
    hint: { zh: 可以问住院处, en: The admissions desk can tell you }
    options:
${options}
`
}

function ledger({ value, counts, cap }) {
  const entries = [
    ...(counts.paid ? [`    paid: { type: money, kind: sum, min: 0元, max: ${yuan(cap.value)}, label: ${both('本年度基金已付', 'fund paid this year')} }`] : []),
    ...(counts.stays ? [`    stays: { type: number, kind: count, min: 0, max: 400, label: ${both('本年度已住院次数', 'stays this year')} }`] : []),
  ]
  return entries.length === 0 ? '' : `ledger:\n  year_starts: ${value('year')}\n  entries:\n${entries.join('\n')}\n`
}

/** 七成五 is more than the reader of figures knows: the reading is said, and shown with every result. */
const HALF_TENTH = /[一二三四五六七八九1-9]成[五5]/

function cited({ cite, value }) {
  const printed = HALF_TENTH.exec(cite.phrase ?? '')?.[0]
  if (printed === undefined) return q(cite.text)
  return `{ at: ${q(cite.text)}, reads: { figure: ${percent(value)}, ${both(`原文写“${printed}”，即${percent(value)}`, `printed ${printed}, which is ${percent(value)}`).slice(2, -2)} } }`
}

const citing = one => (one.cite === undefined ? '' : `, cite: ${cited(one)}`)

function service(d) {
  const { scheme, counts, cap, repeat, levels, value } = d
  const rows = (field, shown, unset) => levels.map(level => `            - { level: ${level.id}, is: ${level[field].value === undefined ? `${level.id}_${unset}` : shown(level[field].value)}${citing(level[field])} }`).join('\n')
  const head = `notice/${[...d.clauses.values()][0]}`
  const posts = [...(counts.paid ? ['paid: basic'] : []), ...(counts.stays ? ['stays: 1'] : [])]
  const full = repeat.value === 'same'
  const share = repeat.value === undefined ? 'if is_first_stay then full_deductible else full_deductible * repeat_share' : `if ledger.stays = 0 then full_deductible else full_deductible * ${percent(repeat.value)}`
  const deductible = `      - id: ${full ? 'deductible' : 'full_deductible'}
        label: ${full ? both('起付标准', 'deductible') : both('首次住院起付标准', 'deductible of a first stay')}
        table:
          by: [level]
          rows:
${rows('deductible', yuan, 'deductible')}
${full ? '        assumes: [every_stay]\n' : `      - id: deductible
        label: ${both('本次起付标准', 'deductible of this stay')}
        value: ${q(share)}
        round: half_up to fen
${repeat.cite === undefined ? '' : `        cite: ${cited(repeat)}\n`}`}`
  const limit = cap.value === 'none' ? '' : cap.value === undefined ? '        cap: yearly_cap\n' : `        cap: "max(0元, ${yuan(cap.value)} - ledger.paid)"\n`
  const cites = [head, ...(counts.paid && cap.cite ? [cap.cite.text] : [])]
  return `services:
  inpatient:
    title: ${both('统筹区内住院费用测算', 'Inpatient estimate')}
    kind: settlement
    topic: reimbursement
    as_of: admission_date
${posts.length > 0 ? `    posts: { ${posts.join(', ')} }\n` : ''}    steps:
      - id: in_the_area
        label: ${both('在统筹区内住院', 'admitted in the pooling area')}
        require: place = in_city
        refuse: ${both('待遇表只填了统筹区内住院，没有填市外', 'The table covers care in the pooling area only')}
        cite: ${head}
      - id: in_the_scheme
        label: ${both(`参加${scheme.zh}`, scheme.en)}
        require: scheme = ${value('scheme')}
        refuse: ${both(`待遇表只填了${scheme.zh}`, `The table covers the ${scheme.en} only`)}
        cite: ${head}
      - id: eligible
        label: ${both('政策范围内费用', 'in-policy cost')}
        value: total - out_of_scope - over_limit - first_pay
        assumes: [net_of_first_pay]
${deductible}      - id: rate
        label: ${both('支付比例', 'payment rate')}
        table:
          by: [level]
          rows:
${rows('rate', percent, 'rate')}
      - id: borne
        label: ${both('本次起付金额', 'deductible borne')}
        value: min(deductible, eligible)
      - id: bill
        label: ${both('账单', 'bill')}
        bill: total
        parts:
          outside: { zh: 自费和超限价, en: out of scope and above the limit, amount: out_of_scope + over_limit }
          paid_first: { zh: 先行自付, en: first-pay share, amount: first_pay }
          start: { zh: 起付标准, en: deductible, amount: borne }
          share: { zh: 按比例分担, en: shared, amount: rest }
      - id: basic
        label: ${both('基金支付', 'fund pays')}
        pay: fund
        from: [share]
        amount: (eligible - borne) * rate
${limit}        round: half_up to fen
        cite: [${cites.map(q).join(', ')}]
        assumes: [deductible_first${cap.value === 'none' ? ', no_cap' : ''}]
`
}
