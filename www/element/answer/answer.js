// The answer and what goes beyond it, in a file of its own: it comes with the engine, while the form is already there.

import { html, nothing } from 'lit'
import { addWords } from '../words/language.js'
import { chart } from '../chart/chart.js'
import { compare, MOST_COLUMNS } from '../compare/compare.js'
import { decided } from '../compare/paths.js'
import { download, testCase } from '../state/case-file.js'
import { linkTo, qr } from '../share/link.js'
import { printPaper } from '../sheet/print.js'
import { share } from '../share/view.js'
import { sheet, summary } from '../sheet/sheet.js'
import { statement } from '../statement/statement.js'
import { ZH } from '../words/zh-answer.js'
import FURTHER from '../styles/further.css'
import PAPER from '../sheet/paper.css'
import RESULT from '../styles/result.css'

export { download }
export { glossOf } from './gloss.js'
export { evidenceNote } from '../result/evidence.js'
export { patterns } from '../result/bar.js'
export { resultView, resultWords } from '../result/result.js'
export { Year } from '../year/year.js'
export { caseFile } from '../state/case-file.js'
export { dress } from '../styles/dress.js'
export { yearView, yearWords } from '../year/view.js'
export const styles = RESULT + FURTHER

addWords(ZH)

/** A section that opens; what is in it is made when it is open. */
function section(host, id, title, make) {
  const { view } = host
  const open = view.open?.has(id) ?? false
  return html`
    <details class="section" part="section" .open=${open} @toggle=${event => {
      view.open = new Set(view.open)
      if (event.target.open) view.open.add(id)
      else view.open.delete(id)
      host.requestUpdate()
    }}><summary><span>${title}</span></summary>${open ? html`<div class="section-body">${make()}</div>` : nothing}</details>`
}

export function further(host) {
  const { session, words, allows, view } = host
  const { say } = words
  const { decision } = session.outcome
  const bill = decision.outcome === 'computed' && decision.amounts !== null
  const change = part => next => { Object.assign(view[part], next); host.requestUpdate() }
  const analysed = bill && host.canAnalyse && session.service.kind === 'settlement'
  return [
    analysed && allows.has('chart') ? section(host, 'chart', say('chart.title'), () => chart(session, { language: words, view: { ...view.chart, change: change('chart') }, columns: view.columns.map(one => ({ ...one, label: words.pick(one.label) })), width: host.space, em: host.em }) ?? html`<p>${say('chart.none')}</p>`) : nothing,
    analysed && allows.has('compare') ? section(host, 'compare', say('compare.title'), () => compare(session, { language: words, view: { ...view.compare, change: change('compare') }, columns: view.columns, keep: () => keepColumn(host), drop: one => { view.columns = view.columns.filter(each => each !== one); host.requestUpdate() } })) : nothing,
    bill && allows.has('year') && session.pack.rules.isComplete ? section(host, 'year', say('year.title'), () => html`<p>${say('year.lead')}</p><button type="button" class="button" @click=${() => { host.startOwnYear([both(host, 'year.wayA'), both(host, 'year.wayB')]); host.focusTop() }}>${say('year.start')}</button>`) : nothing,
    bill ? section(host, 'statement', say('statement.title'), () => statement(session, {
      language: words, header: session.pack.header, options: session.pack.options, raw: view.statement,
      set: (id, text) => { view.statement = { ...view.statement, [id]: text }; host.requestUpdate() },
      exportCase: allows.has('export') && (() => download(`${JSON.stringify(testCase(session, view.statement), null, 2)}\n`, 'statement-case.json')),
    })) : nothing,
    allows.has('share') ? section(host, 'share', say('share.title'), () => shared(host)) : nothing,
  ]
}

/** A text of the element's own as a pack would give it. */
const both = ({ words }, key) => ({ zh: words.say(key), en: words.say(key) })

function keepColumn(host) {
  const { session, view, words } = host
  const n = view.columns.length + 1
  if (n > MOST_COLUMNS) return
  const input = JSON.parse(JSON.stringify(session.case))
  const label = words.say('compare.column', { n })
  view.columns = [...view.columns, { label: { zh: label, en: label }, input, ...decided(session, input) }]
  host.announce(words.say('compare.kept', { n }))
  host.requestUpdate()
}

function shared(host) {
  const { session, words, view } = host
  const link = linkTo({ pack: session.pack.id, service: session.service.id, raw: session.raw }, location.href)
  const text = summary(session, { language: words, header: session.pack.header })
  const set = next => { view.share = { ...view.share, ...next }; host.requestUpdate() }
  const current = view.share.link === link ? view.share : {}
  return share({
    language: words, link, text, view: current,
    copy: async what => {
      try {
        await navigator.clipboard.writeText(what)
        set({ link, copied: 'done' })
      } catch {
        set({ link, copied: 'failed' })
      }
    },
    drawQr: async () => set({ link, code: await qr(link) }),
  })
}

export function printSheet(host) {
  const { session, words } = host
  const paper = session && sheet(session, { language: words, header: session.pack.header })
  if (paper) printPaper(paper, PAPER)
}
