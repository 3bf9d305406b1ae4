// 带这张纸去窗口: one A4 page in large print, with what was entered, the lines, the clauses and the question for the
// clerk. No name, no number of a person.

import { html, nothing } from 'lit'
import { entered } from '../questions/entered.js'
import { shown } from '../figures.js'
import { gathered } from '../why/clause.js'
import { citesOf } from '../why/why.js'
import { paidByOthers, resultWords } from '../result/result.js'
import { statusWords } from '../frame/standing.js'
import { titleOf } from '../questions/question.js'

/** The paper itself: plain elements, styled by the sheet that is printed with it. */
export function sheet(session, { language, header, address }) {
  const { pick, say, lang } = language
  const { decision } = session.outcome
  if (decision === undefined) return undefined
  const used = gathered(decision.steps.flatMap(citesOf).concat(decision.refusals.flatMap(one => one.cites))).map(({ clause }) => decision.clauses.find(one => one.id === clause)).filter(Boolean)
  const papers = decision.documents.filter(one => one.held !== true)
  return html`
    <article class="paper" lang=${lang}>
      <h1>${pick(session.service.title)}</h1>
      <p class="paper-place">${pick(header.region)} · ${statusWords(header, language)}${header.reviewedBy ? nothing : html` · <strong>${say('paper.demo')}</strong>`}</p>
      <section><h2>${say('paper.entered')}</h2>
        <dl>${entered(session, language).map(([one, answer]) => html`<div><dt>${pick(one.fact.label) || titleOf({ ...one.fact, section: one.section }, language)}</dt><dd>${answer}</dd></div>`)}</dl>
      </section>
      <section><h2>${say('result.title')}</h2>
        <p class="paper-result">${resultWords(decision, { language })}</p>
        ${decision.amounts && decision.outcome === 'computed' ? paperLines(decision, language) : nothing}
        ${decision.verdict ? html`<ul>${decision.steps.filter(one => one.form === 'condition').map(step => html`<li>${say(`condition.${step.value.state !== 'known' ? 'open' : step.value.text === 'true' ? 'holds' : 'fails'}`)}${lang === 'en' ? ': ' : '：'}${pick(step.value.state === 'known' ? step.says ?? step.label : step.label)}</li>`)}</ul>` : nothing}
      </section>
      ${papers.length > 0 ? html`<section><h2>${say('documents')}</h2><ul class="paper-boxes">${papers.map(one => html`<li>${pick(one.label)}</li>`)}</ul></section>` : nothing}
      ${used.length > 0 ? html`<section class="paper-clauses"><h2>${say('why.basis')}</h2>${used.slice(0, 4).map(one => html`<p lang="zh-CN"><strong>《${one.title}》${one.number ?? ''} ${one.article ?? ''}</strong>：${one.quote}</p>`)}${used.length > 4 ? html`<p>${say('paper.more', { n: used.length - 4 })}</p>` : nothing}</section>` : nothing}
      <section class="paper-ask"><h2>${say('paper.ask')}</h2><p>${clerkQuestion(decision, language)}</p><p class="paper-blank">${say('paper.reply')}</p></section>
      <footer><p>${say('foot.desk')} ${say('foot.private')}</p>
        <p class="paper-pack">${say('foot.pack')} ${header.id} · ${say('foot.revision')} ${header.revision} · ${say('foot.digest')} ${session.pack.digest}</p>${address ? html`<p class="paper-pack">${address}</p>` : nothing}</footer>
    </article>`
}

function paperLines({ amounts }, language) {
  const { pick, say } = language
  const row = (label, value, sum = false) => html`<tr class=${sum ? 'paper-sum' : ''}><th scope="row">${label}</th><td>${shown(value, language)}</td></tr>`
  return html`<table><tbody>
    ${row(say('money.bill'), amounts.total)}
    ${amounts.payments.map(one => row(`− ${pick(one.payerLabel)}`, one.amount))}
    ${row(`= ${say('money.patient')}`, amounts.patient, true)}
    ${amounts.benefits.map(one => row(`− ${pick(one.payerLabel)}`, one.amount))}
    ${amounts.benefits.length > 0 ? row(`= ${say('money.net')}`, amounts.net, true) : nothing}
  </tbody></table>`
}

/** What to ask at the counter, after what is open. */
function clerkQuestion(decision, { pick, say, list }) {
  if (decision.outcome === 'refused') return say('paper.askRefused', { why: list([...new Set(decision.refusals.map(one => pick(one.text)))]) })
  if (decision.missing.length > 0) return say('paper.askMissing', { what: list(decision.missing.slice(0, 4).map(one => pick(one.label))) })
  if (decision.verdict) return say('paper.askVerdict')
  return say('paper.askMoney')
}

/** The result in a few lines of text, for a message. */
export function summary(session, { language, header }) {
  const { pick, say } = language
  const { decision } = session.outcome
  const paid = decision.amounts && decision.outcome === 'computed' ? [`${say('money.fundPays')} ${shown(paidByOthers(decision.amounts), language)}`] : []
  return [
    `${pick(session.service.title)}（${pick(header.region)}）`,
    resultWords(decision, { language }),
    ...paid.slice(1),
    ...entered(session, language).map(([one, answer]) => `${pick(one.fact.label)}：${answer}`),
    statusWords(header, language),
    say('foot.desk'),
  ].filter(Boolean).join('\n')
}
