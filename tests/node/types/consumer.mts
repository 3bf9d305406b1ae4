import { type Case, type Decision, type Facts, YibaoError, init, initSync, loadPlan } from 'yibao-rules'
import { type BatchResult, OUTCOMES, openBatch } from 'yibao-rules/batch'
import { checkPack, loadPack, parseCase } from 'yibao-rules/authoring'

await init()
await init({ wasm: new URL('https://example.org/yibao_bg.wasm') })
initSync(new Uint8Array())

using rules = loadPlan('{}')
const facts: Facts = { total: '20000', referred: true, hospital: { level: 'county' }, lines: [{ amount: '1' }], days: 3, gone: undefined }
const whole: Case = { facts, previous: 'none', ledger: { paid: '0' } }
const decision: Decision = rules.evaluate('inpatient', whole)

export const paid: string[] = decision.amounts?.payments.map(payment => `${payment.payerLabel.zh} ${payment.amount.text}`) ?? []
export const first: string | undefined = decision.missing[0]?.question?.zh
export const word: 'meets' | 'does_not_meet' | 'must_be_confirmed' | 'cannot_tell' | undefined = decision.verdict?.is
export const text: string = rules.explain('inpatient', facts, { register: 'officer', lang: 'en', step: 'rate' })
export const net: string | null = rules.year({ encounters: [{ id: 'a', service: 'inpatient', facts }] }).net
export const same: boolean = rules.replay(whole, decision.receipt).same
export const problems: string[] = checkPack('pack: x', { vocabulary: { file: 'vocabulary.yaml', text: '' } }).map(problem => problem.place?.path ?? problem.code)

const authored = loadPack('pack: x')
export const knot: string | undefined = authored.curve('inpatient', facts, 'total', { from: 0, to: '50000' }).knots[0]?.exact
export const slope: string | undefined = authored.curve('inpatient', whole, 'total').pieces[0]?.lines['patient']?.slope
export const later: Promise<string | undefined> = authored.inTurns({ signal: AbortSignal.timeout(1000) }).bounds('inpatient', facts).then(found => found.amounts[0]?.least)
export const again: Decision = authored.evaluate('inpatient', { ...facts, ...authored.bounds('inpatient', facts).amounts[0]?.leastWitness?.facts })
export const bills: string[] = authored.solve('inpatient', facts, 'total', 'patient', '5525').stretches.map(({ from, to }) => `${from}-${to}`)
export const steps: string[] = authored.compare([{ label: 'a', service: 'inpatient', input: facts }, { label: { zh: '乙', en: 'b' }, rules: authored, service: 'inpatient', input: whole }]).differences.map(({ step }) => step)
export const more: string | null = authored.counterfactual({ encounters: [] }, { encounters: [] }).netDifference
export const proved: boolean = authored.prove().flatMap(({ properties }) => properties).every(({ is }) => is === 'proved') && authored.prove('inpatient').refused === 0
export const review: string = authored.diff(authored, { people: 10, seed: 1n }).markdown

try {
  loadPack(new Uint8Array()).evaluate('inpatient', parseCase('facts: {}'))
} catch (error) {
  if (error instanceof YibaoError) console.log(error.code, error.diagnostics.length)
}

// @ts-expect-error a register that there is not
rules.explain('inpatient', facts, { register: 'judge' })
// @ts-expect-error a decision is not changed
decision.outcome = 'computed'
// @ts-expect-error an answer is not a function
rules.evaluate('inpatient', { total: () => '1' })
// @ts-expect-error the portal build analyses nothing
rules.curve('inpatient', facts, 'total')

using batch = openBatch(rules, 'inpatient', { outputs: ['patient'], whole: false, compiled: true })
const columns: BatchResult = batch.run({ total: Float64Array.of(1), lines: { starts: Uint32Array.of(0, 0), fields: {} } }, { same: facts })
export const became: 'computed' | 'incomplete' | 'refused' | 'invalid' | undefined = OUTCOMES[columns.outcomes[0] ?? 0]
export const fen: number | bigint | undefined = columns.values['patient']?.[0] ?? batch.runCases([facts, whole]).values['net']?.[0]
export const isCompiled: boolean = batch.compiled
export const options: readonly string[] | undefined = batch.inputs[0]?.options
