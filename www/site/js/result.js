// What a decision says, for a reader: the answer first, then how it came about.

import { bar } from './bar.js'
import { clauses, whyStep } from './why.js'
import { el } from './dom.js'
import { evidenceNote } from './evidence.js'
import { fen, shown, yuan } from './figures.js'
import { gathered } from './clause.js'
import { line, moneyLines } from './lines.js'

/**
 * `context`: `{ language, options, titles, controls }` — labels of option ids, titles of packs by id, and the form's
 * controls by the name of their fact, so that a missing answer can be gone to.
 */
export function resultView(decision, context) {
  const { language } = context
  const note = evidenceNote(decision.pack, { language, warnings: decision.warnings, caveats: decision.caveats })
  if (decision.outcome === 'refused') return [note, refusalView(decision, context), assumptionsView(decision, language)]
  const computed = decision.outcome === 'computed'
  const { untouched } = context
  return [
    note,
    decision.limit && limitView(decision, context),
    layersView(decision, context),
    untouched && decision.missing.length > 0 ? el('p', { class: 'invitation' }, language.say('result.invitation')) : [decision.verdict && verdictView(decision, context), missingView(decision, context)],
    computed && decision.amounts && amountsView(decision, context),
    computed && resultsView(decision, context),
    conditionsView(decision, context),
    documentsView(decision, language),
    computed && stepsView(decision, context),
    assumptionsView(decision, language),
  ]
}

/** One sentence of it, to be heard. */
export function resultWords(decision, { language }) {
  const { pick, say, list } = language
  if (decision.outcome === 'refused') return `${say('result.refused')}：${list(decision.refusals.map(one => pick(one.text)))}`
  if (decision.outcome === 'incomplete') return decision.verdict ? say(`verdict.${decision.verdict.is}`) : say('result.missingShort', { n: decision.missing.length })
  if (decision.amounts) return say('heard.pay', { own: shown(decision.amounts.net, language), fund: shown(paidByOthers(decision.amounts), language) })
  if (decision.verdict) return say(`verdict.${decision.verdict.is}`)
  if (decision.limit) return `${say('limit.atMost')} ${limitWords(decision.limit, language)}`
  return decision.result.map(one => `${pick(one.label)} ${shown(one.value, language)}`).join(' ')
}

// ── money ──────────────────────────────────────────────────────────────────

/** What payers other than the person pay of the bill: bill less share, both the engine's. */
function paidByOthers({ total, patient }) {
  return { state: 'known', unit: 'yuan', text: yuan(fen(total.text) - fen(patient.text)) }
}

function amountsView(decision, context) {
  const { language } = context
  const { say } = language
  const { amounts } = decision
  const paid = paidByOthers(amounts)
  const segments = [
    { kind: 'fund', label: say('money.others'), amount: paid.text, text: shown(paid, language) },
    { kind: 'own', label: say('money.own'), amount: amounts.patient.text, text: shown(amounts.patient, language) },
  ]
  return el('section', { class: 'amounts' },
    el('p', { class: 'answer' }, el('span', { class: 'answer-part' }, say('money.youPay'), ' ', el('strong', { class: 'answer-figure' }, shown(amounts.net, language))),
      el('span', { class: 'answer-part' }, say('money.fundPays'), ' ', el('strong', { class: 'answer-second' }, shown(paid, language)))),
    bar(segments, amounts.total.text),
    el('h4', {}, say('money.lines')),
    moneyLines(decision, context),
  )
}

function resultsView(decision, context) {
  const { language } = context
  const { pick, say } = language
  const one = ({ id, label, value }, i) => line({ label: pick(label), amount: shown(value, language), why: whyStep(decision, id, context), key: `result-${i}`, kind: 'line-last' }, language)
  const paid = payment => line({ label: pick(payment.payerLabel), amount: shown(payment.amount, language), why: whyStep(decision, payment.step, context), key: payment.step }, language)
  if (decision.result.length === 0 && decision.allocations.length === 0) return undefined
  return el('div', { class: 'lines' }, decision.result.map(one), decision.allocations.length > 0 && el('h4', {}, say('allocations')), decision.allocations.map(paid))
}

// ── verdict, limit, layers ─────────────────────────────────────────────────

const SIGN = { meets: '✓', does_not_meet: '✗', must_be_confirmed: '!', cannot_tell: '?' }

function verdictView({ verdict }, { language }) {
  const { say, list } = language
  return el('div', { class: `verdict verdict-${verdict.is}` },
    el('p', { class: 'verdict-word' }, el('span', { class: 'sign', 'aria-hidden': 'true' }, SIGN[verdict.is]), el('strong', {}, say(`verdict.${verdict.is}`))),
    verdict.by.length > 0 && el('p', {}, say('result.confirmBy', { who: list(verdict.by.map(who => say(`by.${who}`))) })),
    el('p', { class: 'verdict-note' }, say('verdict.note')),
  )
}

function limitWords({ from, to }, language) {
  return from && from.state === 'known' ? language.say('limit.range', { from: shown(from, language), to: shown(to, language) }) : shown(to, language)
}

function limitView(decision, context) {
  const { language } = context
  const { pick, say } = language
  const { limit } = decision
  if (limit.to.state !== 'known') return undefined
  const step = decision.steps.find(one => one.id === limit.step)
  return el('div', { class: 'lines' }, line({
    label: step ? pick(step.label) : say('limit.atMost'), amount: limitWords(limit, language), why: whyStep(decision, limit.step, context), key: 'limit', kind: 'line-last',
  }, language))
}

function layersView(decision, { language, titles }) {
  const { say } = language
  if (decision.layers.length === 0) return undefined
  const name = id => titles(id)
  return el('div', { class: 'layers' }, decision.layers.map((layer, i) => {
    const local = layer.governs === decision.pack.id
    return el('details', { class: 'layer', 'data-open': `layer-${i}` },
      el('summary', {}, el('span', { class: 'layer-words' }, el('strong', {}, say('layer.title')), el('span', {}, say(local ? 'layer.local' : 'layer.national', { governs: name(layer.governs), yields: name(layer.yields), bound: shown(layer.bound, language) }))), el('span', { class: 'line-why' }, say('why'))),
      el('div', { class: 'why-body' }, clauses(decision, gathered([...decision.steps.filter(one => one.id === layer.step).flatMap(one => one.cites), ...layer.cites]), language)),
    )
  }))
}

// ── conditions and papers ──────────────────────────────────────────────────

function conditionsView(decision, context) {
  const { language, untouched } = context
  const { pick, say } = language
  const all = decision.steps.filter(one => one.form === 'condition')
  if (all.length === 0 || !decision.verdict) return undefined
  return el('section', {}, el('h4', {}, say(untouched ? 'conditions.all' : 'conditions')), el('div', { class: 'conditions' }, all.map(step => {
    const state = step.value.state !== 'known' ? 'open' : step.value.text === 'true' ? 'holds' : 'fails'
    return el('details', { class: `condition condition-${state}`, 'data-open': `condition-${step.id}` },
      el('summary', {},
        el('span', { class: 'sign', 'aria-hidden': 'true' }, { holds: '✓', fails: '✗', open: untouched ? '' : '?' }[state]),
        el('span', { class: 'condition-words' }, !untouched && el('strong', {}, `${say(`condition.${state}`)} `), state === 'open' ? pick(step.label) : pick(step.says ?? step.label)),
        el('span', { class: 'line-why' }, say('why'))),
      whyStep(decision, step.id, context))
  })))
}

function documentsView(decision, { pick, say }) {
  if (decision.documents.length === 0) return undefined
  const state = held => (held === true ? 'held' : held === false ? 'lacking' : 'unknown')
  return el('section', {}, el('h4', {}, say('documents')), el('ul', { class: 'papers' }, decision.documents.map(one => el('li', { class: `paper-${state(one.held)}` },
    el('span', { class: 'box', 'aria-hidden': 'true' }, one.held === true ? '✓' : ''),
    el('span', {}, el('strong', {}, `${say(`document.${state(one.held)}`)} `), pick(one.label))))))
}

// ── what is missing, why not ───────────────────────────────────────────────

function missingView(decision, { language, controls }) {
  const { pick, say } = language
  if (decision.missing.length === 0) return undefined
  const all = decision.missing.map(one => {
    const control = controls.get(one.fact) ?? controls.get(one.fact.split('.')[0])
    const text = pick(one.question ?? one.label)
    return el('li', {}, control ? el('button', { type: 'button', class: 'link', on: { click: () => control.focus() } }, text) : text)
  })
  return el('div', { class: 'missing' }, el('p', {}, el('strong', {}, say('result.missing'))), el('ul', {}, all))
}

function refusalView(decision, { language }) {
  const { pick, say } = language
  return el('div', { class: 'refusal' },
    el('p', { class: 'refusal-word' }, el('span', { class: 'sign', 'aria-hidden': 'true' }, '—'), el('strong', {}, say('result.refused'))),
    el('ul', {}, [...new Map(decision.refusals.map(one => [one.text.zh, one])).values()].map(one => el('li', {}, pick(one.text)))),
    clauses(decision, gathered(decision.refusals.flatMap(one => one.cites)), language),
    el('p', {}, say('result.refusedElse')),
  )
}

// ── steps, assumptions ─────────────────────────────────────────────────────

function stepsView(decision, context) {
  const { language } = context
  const { pick, say, list } = language
  const all = decision.steps.filter(one => !['bill', 'condition'].includes(one.form))
  if (all.length === 0 || decision.verdict) return undefined
  const amount = step => (step.value ? shown(step.value, language) : list((step.records ?? []).map(value => shown(value, language))))
  return el('details', { class: 'more', 'data-open': 'steps' }, el('summary', {}, say('result.steps')),
    el('div', { class: 'lines' }, all.map(step => line({ label: pick(step.label), amount: amount(step), why: whyStep(decision, step.id, context), key: `step-${step.id}` }, language))))
}

function assumptionsView({ assumptions }, { pick, say }) {
  if (assumptions.length === 0) return undefined
  return el('details', { class: 'more', 'data-open': 'assumptions' }, el('summary', {}, say('result.assumptions', { n: assumptions.length })),
    el('ul', {}, assumptions.map(text => el('li', {}, pick(text)))))
}
