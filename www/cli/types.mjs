// A pack as TypeScript declarations: a misspelt fact, option, service or step does not compile.

import { camel } from './shape.mjs'

const pascal = id => camel(`_${id.replaceAll('-', '_')}`).replace(/\W/g, '')
const key = name => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name))
const union = words => (words.length === 0 ? 'never' : words.map(word => JSON.stringify(word)).join(' | '))
/** Text that cannot end a comment. */
const comment = text => text.replaceAll('*/', '*\u200b/').replaceAll(/\s+/g, ' ')

const PLAIN = { money: 'Money', number: 'Figure', rate: 'Rate', points: 'Figure', days: 'Figure', months: 'Figure', date: 'Day', bool: 'boolean' }

function typeOf(fact) {
  if (fact.type === 'list') return `readonly ${record(fact.fields, '  ')}[]`
  if (fact.type === 'institution' || fact.fields.length > 0) {
    const known = union(fact.options.map(({ id }) => id))
    return `${fact.options.length > 0 ? `${known} | ` : ''}${record([{ key: 'id', label: fact.label, type: 'code', options: fact.options, open: true, fields: [] }, ...fact.fields.filter(({ id }) => id !== 'id')], '  ')}`
  }
  if (fact.type === 'option' || fact.type === 'code') return fact.options.length === 0 ? 'string' : `${union(fact.options.map(({ id }) => id))}${fact.open ? ' | (string & {})' : ''}`
  return PLAIN[fact.type] ?? 'string'
}

function record(fields, indent) {
  const lines = fields.map(field => `${indent}  /** ${comment(`${field.label.zh} · ${field.label.en}`)} */\n${indent}  ${key(field.key)}?: ${typeOf(field)} | null`)
  return `{\n${lines.join('\n')}\n${indent}}`
}

function service(rules, plan, { id, title, facts }) {
  const { steps } = plan.services.find(one => one.id === id)
  const known = rules.facts.filter(fact => facts.includes(fact.id))
  return `/** ${comment(`${title.zh} · ${title.en}`)} */
export interface ${pascal(id)}Facts ${record(known, '')}

export type ${pascal(id)}Step = ${union(steps.map(step => step.id))}
`
}

/** The declarations, as text. */
export function typesOf(rules) {
  const plan = JSON.parse(rules.planJson())
  const { id, revision, title } = rules.pack
  const name = pascal(id)
  return `// ${comment(`${title.zh} · ${title.en}`)}
// Made by \`yibao types\` from ${comment(`${id} ${revision}`)}. Do not edit.

import type { Case, Decision, ExplainOptions, Rules } from 'yibao-rules'

/** Yuan as text: \`"20000.50"\`; a whole amount may be a number. */
export type Money = string | number | bigint
export type Figure = string | number | bigint
/** \`"75%"\`. */
export type Rate = \`\${string}%\`
/** \`"2024-03-01"\`. */
export type Day = \`\${number}-\${string}-\${string}\`

${rules.services.map(one => service(rules, plan, one)).join('\n')}
export interface Services {
${rules.services.map(one => `  ${key(one.id)}: { facts: ${pascal(one.id)}Facts; step: ${pascal(one.id)}Step }`).join('\n')}
}

export type Input<S extends keyof Services> = Services[S]['facts'] | (Omit<Case, 'facts'> & { facts: Services[S]['facts'] })

/** \`loadPlan(text) as ${name}Rules\` */
export interface ${name}Rules extends Omit<Rules, 'evaluate' | 'explain'> {
  evaluate<S extends keyof Services>(service: S, input: Input<S>): Decision
  explain<S extends keyof Services>(service: S, input: Input<S>, options?: Omit<ExplainOptions, 'step'> & { step?: Services[S]['step'] }): string
}
`
}
