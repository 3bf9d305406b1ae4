// The two ways as a reader sees them: the sentence of their difference first, then each with its stays and lines.

import { html, nothing } from 'lit'
import { bar } from '../result/bar.js'
import { concerns, errorAt } from '../questions/errors.js'
import { echoed, question } from '../questions/question.js'
import { fen, shown, yuan } from '../figures.js'
import { line, moneyLines } from '../result/lines.js'
import { live } from 'lit/directives/live.js'
import { whySum } from '../why/why.js'

const value = text => ({ state: 'known', unit: 'yuan', text })

export function yearView(year, context) {
  const { language, change } = context
  const { pick, say } = language
  const outcomes = year.ways.map(way => year.outcome(way))
  const [actual, instead] = outcomes.map(one => one.year)
  const scale = yuan(outcomes.map(one => one.year && fen(one.year.bill)).filter(one => one !== undefined).reduce((most, one) => (one > most ? one : most), 0n))
  const shared = key => year.session.asks.find(one => one.key === key)
  return html`
    <section class="year-result" aria-labelledby="year-answer">
      <h3 id="year-answer">${say('year.answer')}</h3>
      <p class="year-sentence">${yearWords(year, actual, instead, language)}</p>
      ${actual && instead ? difference(actual, instead, language) : nothing}
      <p class="doctor">${say('year.doctor')}</p>
    </section>
    ${year.note ? html`<p>${pick(year.note)}</p>` : nothing}
    <div class="year-shared">${year.asked.map(shared).filter(Boolean).map(one => question({
      id: `year-${one.key}`, fact: one.fact, raw: year.shared[one.key], errors: [],
      set: raw => { year.shared[one.key] = raw; change() }, left() {},
    }, language))}</div>
    <div class="paths">${year.ways.map((way, w) => wayView(year, way, outcomes[w], { ...context, scale, w }))}</div>`
}

function wayView(year, way, { stays, year: whole, errors }, context) {
  const { language, scale, w, change } = context
  const { pick, say } = language
  return html`
    <section class="path" aria-labelledby="way-${w}">
      <h3 id="way-${w}">${pick(way.label)}</h3>
      ${whole ? head(year, way, whole, scale, language) : nothing}
      ${errors ? html`<p class="field-error">${[...new Set(errors.map(one => (language.zh && one.code === 'constraint' ? one.help : one.message)))].join(' ')}</p>` : nothing}
      ${way.stays.map((stay, i) => stayView(year, way, stay, i, stays.get(stay), context))}
      ${way.stays.length > 1 && whole ? together(whole, language) : nothing}
      ${year.example ? nothing : html`<button type="button" class="button" @click=${() => { year.add(way); change() }}>${say('year.add')}</button>`}
    </section>`
}

function head(year, way, whole, scale, language) {
  const { say } = language
  const net = fen(whole.net)
  const money = text => shown(value(text), language)
  return html`
    <p class="path-spend">${say('year.spend')} <strong class="way-figure">${money(whole.net)}</strong>
      ${year.example ? html`<span class=${year.touched(way) ? 'tag' : 'tag tag-example'}>${say(year.touched(way) ? 'year.tagYours' : 'year.tagExample')}</span>` : nothing}</p>
    ${bar([
      { kind: 'fund', label: say('money.others'), amount: whole.paid, text: money(whole.paid) },
      // Below zero nothing is left to draw, and the subsidy cannot be wider than the share.
      ...(net >= 0n && fen(whole.benefit) > 0n ? [{ kind: 'benefit', label: say('money.benefit'), amount: whole.benefit, text: money(whole.benefit) }] : []),
      { kind: 'own', label: say('money.own'), amount: net >= 0n ? whole.net : '0.00', text: money(whole.net) },
    ], scale)}`
}

function stayView(year, way, stay, i, { decision, errors = [] }, context) {
  const { language, change } = context
  const { pick, say } = language
  const { amounts, others } = year.questions(stay)
  const at = key => errors.filter(one => concerns(one, key))
  const set = (key, raw) => { stay.raw = { ...stay.raw, [key]: raw }; change() }
  const control = one => question({ id: `${stay.id}-${one.key}`, fact: one.fact, raw: stay.raw[one.key], errors: at(one.key), set: raw => set(one.key, raw), left() {} }, language)
  return html`
    <div class="stay" role="group" aria-labelledby="${stay.id}-title">
      <h4 id="${stay.id}-title">${stay.label ? pick(stay.label) : say('year.stay', { n: i + 1 })}</h4>
      ${amounts.map(one => amount(year, stay, one, at(one.key), raw => set(one.key, raw), language))}
      ${others.length > 0 ? html`<details class="more"><summary>${say('year.circumstances')}</summary>${others.map(control)}</details>` : nothing}
      ${decision?.outcome === 'computed' && decision.amounts ? moneyLines(decision, context) : nothing}
      ${decision?.outcome === 'refused' ? html`<p class="field-error">${language.list([...new Set(decision.refusals.map(one => pick(one.text)))])}</p>` : nothing}
      ${decision?.outcome === 'incomplete' ? html`<p class="hint">${say('result.missing')} ${language.list(decision.missing.map(one => pick(one.label)))}</p>` : nothing}
      ${way.stays.length > 1 && !year.example ? html`<button type="button" class="button" @click=${() => { year.remove(way, stay); change() }}>${say('year.remove')}</button>` : nothing}
    </div>`
}

/** An amount of a stay: its label, its field, and whether it is still the example's. */
function amount(year, stay, { key, fact }, errors, set, language) {
  const { pick, say } = language
  const id = `${stay.id}-${key}`
  const example = year.isExample(stay, key)
  return html`
    <div class="amount">
      <span class="amount-row">
        <label for=${id}>${pick(fact.label)}</label>
        <span class="field-row"><input id=${id} class="field field-figure" type="text" inputmode="decimal" autocomplete="off" .value=${live(stay.raw[key] ?? '')} aria-invalid=${errors.length > 0 ? 'true' : nothing} aria-describedby="${id}-echo${errors.length > 0 ? ` ${id}-error` : ''}" @input=${event => set(event.target.value)}><span class="unit">${say('yuan')}</span></span>
      </span>
      ${errorAt({ id, fact, errors }, language)}
      <p class="echo" id="${id}-echo">${year.example ? html`<span class=${example ? 'tag tag-example' : 'tag'}>${say(example ? 'form.example' : 'form.yours')}</span> ` : nothing}${echoed(stay.raw[key], language)}</p>
    </div>`
}

function together(whole, language) {
  const { say } = language
  const money = text => shown(value(text), language)
  const each = read => whole.decisions.map(decision => shown(read(decision.amounts), language))
  const sum = (parts, to) => whySum(`${parts.join(' + ')} = ${money(to)}`, language)
  const paid = whole.decisions.map(({ amounts }) => money(yuan(fen(amounts.total.text) - fen(amounts.patient.text))))
  const benefits = whole.decisions.flatMap(({ amounts }) => amounts.benefits.map(one => shown(one.amount, language)))
  const credits = whole.encounters.filter(one => one.credit !== null && one.credit !== '0.00')
  return html`
    <div class="stay"><h4>${say('year.total')}</h4>
      <div class="lines">
        ${line({ label: say('year.billAll'), amount: money(whole.bill), why: sum(each(({ total }) => total), whole.bill) }, language)}
        ${line({ sign: '−', label: say('year.fundAll'), amount: money(whole.paid), why: sum(paid, whole.paid) }, language)}
        ${benefits.length > 0 ? line({ sign: '−', label: say('year.subsidyAll'), amount: money(whole.benefit), why: sum(benefits, whole.benefit) }, language) : nothing}
        ${line({ sign: '=', label: say('year.spend'), amount: money(whole.net), why: sum(each(({ net }) => net), whole.net), kind: 'line-sum line-last' }, language)}
      </div>
      ${credits.map(one => html`<p>${say('year.credit', { amount: money(one.credit) })}</p>`)}
    </div>`
}

function difference(a, b, language) {
  const { say } = language
  const money = text => shown(value(text), language)
  const minus = (label, from, to) => html`<p class="why-sum figure">${say('why.label', { label })}${money(from)} − ${money(to)} = ${money(yuan(fen(from) - fen(to)))}</p>`
  return html`<details class="line-more"><summary><span class="line-why">${say('why')}</span></summary><div class="why-body">${minus(say('year.spend'), a.net, b.net)}${minus(say('year.fundAll'), a.paid, b.paid)}<p>${say('why.noClause')}</p></div></details>`
}

/** The difference in one sentence, also to be heard. */
export function yearWords(year, a, b, language) {
  const { pick, say } = language
  if (!a || !b) return say('year.incomplete')
  const own = fen(a.net) - fen(b.net)
  const fund = fen(a.paid) - fen(b.paid)
  const word = (one, less, more, same) => say(one > 0n ? less : one < 0n ? more : same, { amount: shown(value(yuan(one < 0n ? -one : one)), language) })
  const untouched = year.example && !year.ways.some(year.touched)
  return say('year.sentence', {
    basis: say(untouched ? 'year.byExample' : 'year.byYours'), way: pick(year.ways[1].label),
    own: word(own, 'year.less', 'year.more', 'year.same'), fund: word(fund, 'year.fundLess', 'year.fundMore', 'year.fundSame'),
  })
}
