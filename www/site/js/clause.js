// A clause: document, article, the sentence as printed with the marked phrase, and how well it is known.

import { el } from './dom.js'
import { day } from './figures.js'

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

/** Clauses (`[ClauseView, marks]`) by document, each document named once. */
export function clauseViews(all, language) {
  const documents = new Map()
  for (const one of all) {
    const source = one[0].id.slice(0, one[0].id.lastIndexOf('/'))
    documents.set(source, [...(documents.get(source) ?? []), one])
  }
  return [...documents.values()].map(clauses => documentView(clauses, language))
}

function documentView(clauses, { lang, say }) {
  const [[document]] = clauses
  const facts = [
    document.issuer && say('clause.issuer', { issuer: document.issuer }),
    document.issued && say('clause.issued', { date: day(document.issued, lang) }),
    say('clause.grade', { grade: say(`grade.${document.grade}`) }),
  ].filter(Boolean)
  return el('figure', { class: 'clause' },
    el('figcaption', { class: 'clause-head', lang: 'zh-CN' }, [say('clause.document', { title: document.title }), document.number].filter(Boolean).join(' ')),
    lang === 'en' && el('p', { class: 'clause-note' }, say('clause.original')),
    clauses.map(([{ article, quote }, marks], i) => [
      article && article !== clauses[i - 1]?.[0].article && el('p', { class: 'clause-article', lang: 'zh-CN' }, article),
      el('blockquote', { class: 'clause-quote', lang: 'zh-CN' }, marked(quote, marks)),
    ]),
    el('p', { class: 'clause-facts' }, facts.join(lang === 'en' ? '; ' : '；')),
    // An address that is not the authority's own is shown, never linked.
    document.readAt && el('p', { class: 'clause-facts' }, say('clause.readAt'), el('span', { class: 'address', lang: 'zh-CN' }, document.readAt)),
  )
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
    parts.push(within[i] ? el('mark', {}, text) : text)
    i = end
  }
  return parts
}
