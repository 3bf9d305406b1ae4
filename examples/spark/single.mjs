// Decides cases one by one, as a page would: a case a line in, outcome, patient's part and one step's value a line out.
import { readFileSync } from 'node:fs'

const [module, plan, service, step] = process.argv.slice(2)
const { loadPlan, YibaoError } = await import(module)
const rules = loadPlan(readFileSync(plan))

for (const line of readFileSync(0, 'utf8').split('\n')) console.log(JSON.stringify(decided(JSON.parse(line))))

function decided(facts) {
  try {
    const { outcome, amounts, steps } = rules.evaluate(service, facts)
    if (outcome !== 'computed') return [outcome, null, null]
    return [outcome, amounts.patient.text, steps.find(({ id }) => id === step).value.text]
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return ['invalid', null, null]
  }
}
