// The story: staying at the upper hospital against going back to the township, by the alliance's own subsidy.
// Every amount but the difference of the two ways comes from the engine.

import { announce } from './announce.js'
import { bar } from './bar.js'
import { el, refill } from './dom.js'
import { evidenceNote } from './evidence.js'
import { EXAMPLE } from './example.js'
import { fen, shown, yuan } from './figures.js'
import { line } from './lines.js'
import { question } from './questions.js'
import { stay } from './stay.js'
import { whySum } from './why.js'

const SERVICE = 'subsidy'
const yuanValue = text => ({ state: 'known', unit: 'yuan', text })

/** `answers`: `{ scheme, arrival, insideAlliance, upperOnly, upper, township }`, raw, kept over a change of language. */
export function story({ pack, language, answers }) {
  const { pick, say } = language
  const { options } = pack
  const money = text => shown(yuanValue(text), language)
  answers.premises ??= { scheme: 'resident', direction: 'none', insideAlliance: 'true' }
  const changed = () => { keep(); show(true) }

  const asked = fact => question(fact, { language, given: answers.premises[fact.key], changed })
  const arrival = pack.fact('direction')
  const words = { zh: say('story.arrival'), en: say('story.arrival') }
  const premises = {
    scheme: asked(pack.fact('scheme')),
    direction: asked({ ...arrival, question: words, options: arrival.options.filter(one => ['none', 'up'].includes(one.id)) }),
    insideAlliance: asked(pack.fact('inside_alliance')),
  }
  const direction = () => premises.direction.value()
  const keep = () => { for (const [key, one] of Object.entries(premises)) answers.premises[key] = one.raw() }

  const made = (id, title) => stay({ pack, title: say(title), example: EXAMPLE[id], answers: (answers[id] ??= {}), language, options, changed })
  const stays = { upperOnly: made('upperOnly', 'story.stayA'), upper: made('upper', 'story.stayB1'), township: made('township', 'story.stayB2') }
  const facts = (id, direction) => ({ scheme: premises.scheme.value(), insideAlliance: premises.insideAlliance.value(), direction, ...stays[id].facts() })

  const answer = el('div', { class: 'story-answer' })
  const assumed = el('p', { class: 'premise-words' })
  const heads = { a: el('div', {}), b: el('div', {}) }
  const totals = el('div', { class: 'lines' })

  /** Each stay by itself, so that an error stands at its own field; then the way as a year of stays. */
  function way(encounters) {
    let whole = true
    for (const { id, facts: given } of encounters) {
      try {
        const decision = pack.rules.evaluate(SERVICE, { facts: given })
        stays[id].fail([])
        const computed = decision.outcome === 'computed'
        stays[id].show(computed ? decision : undefined)
        whole &&= computed
      } catch (error) {
        if (!Array.isArray(error.diagnostics)) throw error
        stays[id].fail(error.diagnostics)
        stays[id].show(undefined)
        whole = false
      }
    }
    if (!whole) return undefined
    const year = pack.rules.year({ encounters: encounters.map((one, i) => ({ ...one, service: SERVICE, ...(i > 0 && { follows: encounters[i - 1].id }) })) })
    const decisions = year.encounters.flatMap(one => one.pieces.map(piece => piece.decision))
    const added = read => yuan(decisions.reduce((sum, one) => sum + read(one), 0n))
    return {
      net: year.net, paid: year.paid, decisions,
      bill: added(one => fen(one.amounts.total.text)),
      benefit: added(one => one.amounts.benefits.reduce((sum, { amount }) => sum + fen(amount.text), 0n)),
    }
  }

  function show(heard) {
    const a = way([{ id: 'upperOnly', facts: facts('upperOnly', direction()) }])
    const b = way([{ id: 'upper', facts: facts('upper', direction()) }, { id: 'township', facts: facts('township', 'down') }])
    const scale = [a, b].filter(Boolean).map(one => fen(one.bill)).reduce((most, one) => (one > most ? one : most), 0n)
    head(heads.a, a, yuan(scale), [stays.upperOnly])
    head(heads.b, b, yuan(scale), [stays.upper, stays.township])
    together(b)
    assumed.textContent = premiseWords()
    const sentence = a && b ? compared(a, b) : say('story.incomplete')
    refill(answer, el('p', { class: 'story-sentence' }, sentence), a && b && difference(a, b), el('p', {}, say('story.doctor')))
    if (heard) announce(sentence)
  }

  /** What the comparison takes for granted, also while the questions for it are closed. */
  function premiseWords() {
    const option = arrival.options.find(one => one.id === direction())
    const inside = premises.insideAlliance.value()
    return say('story.premiseWords', { arrival: option ? pick(option.label) : say('unclear'), inside: say(inside === undefined ? 'unclear' : inside ? 'yes' : 'no') })
  }

  function head(node, one, whole, own) {
    if (one === undefined) return refill(node)
    const net = fen(one.net)
    const example = !own.some(each => each.touched())
    refill(node,
      el('p', { class: 'path-spend' }, say('story.spend'), ' ', el('strong', { class: 'answer-figure' }, money(one.net)), ' ',
        el('span', { class: example ? 'tag tag-example' : 'tag' }, say(example ? 'story.tagExample' : 'story.tagYours'))),
      bar([
        { kind: 'fund', label: say('money.others'), amount: one.paid, text: money(one.paid) },
        // Below zero nothing is left to draw, and the subsidy cannot be wider than the share.
        ...(net >= 0n ? [{ kind: 'benefit', label: say('money.benefit'), amount: one.benefit, text: money(one.benefit) }] : []),
        { kind: 'own', label: say('money.own'), amount: net >= 0n ? one.net : '0.00', text: money(one.net) },
      ], whole))
  }

  function together(one) {
    if (one === undefined) return refill(totals)
    const each = read => one.decisions.map(decision => shown(read(decision.amounts), language))
    const sum = (parts, to) => whySum(`${parts.join(' + ')} = ${money(to)}`, language)
    const benefits = one.decisions.flatMap(decision => decision.amounts.benefits).map(({ amount }) => shown(amount, language))
    refill(totals,
      line({ label: say('story.billAll'), amount: money(one.bill), why: sum(each(amounts => amounts.total), one.bill), key: 'all-bill' }, language),
      line({ sign: '−', label: say('story.fundAll'), amount: money(one.paid), why: sum(each(amounts => amounts.payments[0].amount), one.paid), key: 'all-paid' }, language),
      line({ sign: '−', label: say('story.subsidyAll'), amount: money(one.benefit), why: sum(benefits, one.benefit), key: 'all-benefit' }, language),
      line({ sign: '=', label: say('story.spend'), amount: money(one.net), why: sum(each(amounts => amounts.net), one.net), kind: 'line-sum line-last', key: 'all-net' }, language),
    )
  }

  function compared(a, b) {
    const own = fen(a.net) - fen(b.net)
    const fund = fen(a.paid) - fen(b.paid)
    const size = one => money(yuan(one < 0n ? -one : one))
    const word = (one, less, more, same) => say(one > 0n ? less : one < 0n ? more : same, { amount: size(one) })
    return say('story.sentence', {
      basis: say(Object.values(stays).some(one => one.touched()) ? 'story.byYours' : 'story.byExample'),
      own: word(own, 'story.less', 'story.more', 'story.same'),
      fund: word(fund, 'story.fundLess', 'story.fundMore', 'story.fundSame'),
    })
  }

  function difference(a, b) {
    const minus = (label, from, to) => el('p', { class: 'why-sum figure' }, `${label}：${money(from)} − ${money(to)} = ${money(yuan(fen(from) - fen(to)))}`)
    return el('details', { class: 'line-more', 'data-open': 'difference' }, el('summary', {}, el('span', { class: 'line-why' }, say('why'))),
      el('div', { class: 'why-body' }, minus(say('story.spend'), a.net, b.net), minus(say('story.fundAll'), a.paid, b.paid), el('p', {}, say('why.noClause'))))
  }

  show(false)
  return [
    el('p', { class: 'lead' }, say('story.lead')),
    evidenceNote(pack.header, { language, caveats: pack.header.caveats }),
    el('form', { class: 'story-form', novalidate: true, on: { submit: event => event.preventDefault() } },
      el('section', { class: 'story-result', 'aria-labelledby': 'story-result' }, el('h2', { id: 'story-result' }, say('story.answer')), answer),
      el('p', { class: 'story-amounts' }, say('story.amounts')),
      premises.scheme.node,
      el('details', { class: 'more premises', 'data-open': 'premises' }, el('summary', {}, say('story.premises')), premises.direction.node, premises.insideAlliance.node),
      assumed,
      el('div', { class: 'paths' },
        el('section', { class: 'path', 'aria-labelledby': 'path-a' }, el('h3', { id: 'path-a' }, say('story.pathA')), heads.a, stays.upperOnly.node),
        el('section', { class: 'path', 'aria-labelledby': 'path-b' }, el('h3', { id: 'path-b' }, say('story.pathB')), heads.b, stays.upper.node, stays.township.node,
          el('section', { class: 'stay' }, el('h4', {}, say('story.total')), totals)))),
  ]
}
