// A clause: document, article, the sentence as printed with the marked phrase, and how well it is known.

import { html, nothing } from 'lit'
import { day } from '../figures.js'

/** Cites of several steps, one entry a clause, with all their marks. */
export function gathered(cites) {
  const marks = new Map()
  for (const { clause, mark } of cites) {
    const all = marks.get(clause) ?? []
    if (mark && !all.some(([first, end]) => first === mark[0] && end === mark[1])) all.push(mark)
    marks.set(clause, all)
  }
  return [...marks].map(([clause, all]) => ({ clause, marks: all.sort((a, b) => a[0] - b[0]) }))
}

/** Clauses (`[Clause, marks]`) by document, each document named once. */
export function clauseViews(all, context) {
  const documents = new Map()
  for (const one of all) {
    const source = one[0].id.slice(0, one[0].id.lastIndexOf('/'))
    documents.set(source, [...(documents.get(source) ?? []), one])
  }
  return [...documents.values()].map(clauses => documentView(clauses, context))
}

function documentView(clauses, { language, header }) {
  const { lang, zh, say } = language
  const [[document]] = clauses
  const facts = [
    document.issuer && say('clause.issuer', { issuer: document.issuer }),
    document.issued && say('clause.issued', { date: day(document.issued, lang) }),
    header && say('clause.force', { period: period(header, language) }),
    say('clause.grade', { grade: say(`grade.${document.grade}`) }),
  ].filter(Boolean)
  return html`
    <figure class="clause">
      <figcaption class="clause-head" lang="zh-CN">《${document.title}》 ${document.number ?? nothing}</figcaption>
      ${zh ? nothing : html`<p class="clause-note">${say('clause.original')}</p>`}
      ${clauses.map(([{ article, quote }, marks], i) => html`
        ${article && article !== clauses[i - 1]?.[0].article ? html`<p class="clause-article" lang="zh-CN">${article}</p>` : nothing}
        <blockquote class="clause-quote" lang="zh-CN">${marked(quote, marks)}</blockquote>`)}
      <p class="clause-facts">${facts.join(zh ? '；' : '; ')}</p>
      ${document.readAt ? html`<details class="officer"><summary>${say('clause.officer')}</summary><p class="clause-facts">${say('clause.readAt')}<span class="address" lang="zh-CN">${document.readAt}</span></p></details>` : nothing}
    </figure>`
}

/** In force from–to, as far as the pack knows. */
export function period({ from, until }, { lang, say }) {
  if (from && until) return say('period.both', { from: day(from, lang), until: day(until, lang) })
  if (from) return say('period.from', { from: day(from, lang) })
  return until ? say('period.until', { until: day(until, lang) }) : say('period.unknown')
}

/** The quote with its marked phrases. Marks count characters, not UTF-16 units. */
function marked(quote, marks) {
  const letters = [...quote]
  const within = letters.map((_, i) => marks.some(([first, end]) => i >= first && i < end))
  const parts = []
  for (let i = 0; i < letters.length;) {
    let end = i
    while (end < letters.length && within[end] === within[i]) end += 1
    const text = letters.slice(i, end).join('')
    parts.push(within[i] ? html`<mark>${text}</mark>` : text)
    i = end
  }
  return parts
}
