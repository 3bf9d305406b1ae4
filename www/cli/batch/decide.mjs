// The columns of a decision, and what fills them. `decideAll` takes many cases at once: whatever decides a column at a
// time takes its place here.

/** Names of the result columns of a service, and how each is read from a decision. */
export function resultColumns(plan, serviceId, { steps, warnings, t }) {
  const service = plan.services.find(({ id }) => id === serviceId)
  const { outputs } = service
  const named = at => service.steps[at].id
  const columns = [
    ['outcome', decision => decision.outcome],
    ['missing', decision => decision.missing.map(({ fact }) => fact).join(' ')],
    ['refusal', decision => once(decision.refusals.map(({ code }) => code)).join(' ')],
    ['reason', decision => once(decision.refusals.map(({ text }) => t(text))).join('；')],
  ]
  const amount = (name, read) => columns.push([name, decision => known(decision.amounts && read(decision.amounts))])
  if (outputs.bill) {
    for (const name of ['total', 'patient', 'cash', 'net']) amount(name, amounts => amounts[name])
    ;(outputs.payments ?? []).forEach(({ step }, i) => amount(`payment.${named(step)}`, ({ payments }) => payments[i]?.amount))
    ;(outputs.benefits ?? []).forEach(({ step }, i) => amount(`benefit.${named(step)}`, ({ benefits }) => benefits[i]?.amount))
  }
  if (outputs.verdict !== null && outputs.verdict !== undefined) columns.push(['verdict', ({ verdict }) => verdict?.is ?? ''])
  if (outputs.limit !== null && outputs.limit !== undefined) {
    columns.push(['limit.from', ({ limit }) => measured(limit?.from)], ['limit.to', ({ limit }) => measured(limit?.to)])
  }
  ;(outputs.allocations ?? []).forEach(({ step }, i) => columns.push([`allocation.${named(step)}`, ({ allocations }) => known(allocations[i]?.amount)]))
  ;(outputs.result ?? []).forEach((at, i) => columns.push([`result.${named(at)}`, ({ result }) => known(result[i]?.value)]))
  for (const id of steps) columns.push([`step.${id}`, decision => known(decision.steps.find(step => step.id === id)?.value)])
  if (warnings) columns.push(['warnings', decision => decision.warnings.map(({ code }) => code).join(' ')])
  return columns
}

const once = words => [...new Set(words)]
const known = value => (value?.state === 'known' ? value.text : '')
const measured = value => (value?.state === 'known' ? `${value.text}${value.unit === 'days' || value.unit === 'months' ? ` ${value.unit}` : ''}` : '')

/** Of each case its cells and outcome, or `{ code, reason }` where its answers are none. */
export function decideAll(rules, service, columns, cases) {
  return cases.map(input => {
    try {
      const decision = rules.evaluate(service, input)
      return { outcome: decision.outcome, cells: columns.map(([, read]) => read(decision)) }
    } catch (error) {
      if (error.name !== 'YibaoError' || error.code === 'engine-trap') throw error
      return { code: once(error.diagnostics.map(({ code }) => code)).join(' '), reason: error.diagnostics.map(said).join('; ') }
    }
  })
}

const said = ({ message, help, place }) => `${place?.path ? `${place.path}: ` : ''}${message}${help ? ` (${help})` : ''}`
