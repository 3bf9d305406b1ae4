// What a plan says of its services and facts. No engine is needed: a form can be shown while the engine still loads.

/** `admission_date` as JavaScript writes it: `admissionDate`. */
export const camelCase = name => (name.includes('_') ? name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase()) : name)

/** A service of a plan, as `Rules.services` gives it. */
export function serviceInfo(plan, { id, title, kind, topic, officer, program }) {
  const names = [...program.inputs, ...(program.lists ?? [])].map(input => input.name)
  const reads = plan.facts.filter(fact => names.some(name => name === fact.id || name.startsWith(`${fact.id}.`))).map(fact => fact.id)
  const entries = prefix => names.filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
  const parameters = (plan.parameters ?? []).filter(parameter => names.includes(parameter.id)).map(parameter => parameter.id)
  return Object.freeze({
    id, title, kind, topic: topic ?? null, officer: officer ?? false,
    facts: Object.freeze(reads), parameters: Object.freeze(parameters),
    ledger: Object.freeze(entries('ledger.')), previous: Object.freeze(entries('previous.')),
  })
}

/** A fact of a plan, as `Rules.facts` gives it. */
export function factInfo(plan, fact) {
  const set = fact.choices === null || fact.choices === undefined ? undefined : plan.choices[fact.choices]
  const only = fact.only ?? []
  const options = set?.options.filter((_, code) => only.length === 0 || only.includes(code)) ?? []
  return Object.freeze({
    id: fact.id, key: camelCase(fact.id), type: fact.type, label: fact.label,
    question: fact.question ?? null, hint: fact.hint ?? null, confirmedBy: fact.confirmedBy ?? null,
    options: Object.freeze(options), open: set?.open ?? false,
    min: fact.min ?? null, max: fact.max ?? null, decimals: fact.decimals ?? 0,
    fields: Object.freeze((fact.fields ?? []).map(field => factInfo(plan, field))),
  })
}
