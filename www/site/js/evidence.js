// How a pack stands to what is in force, said above every amount.

import { el } from './dom.js'
import { day } from './figures.js'

/** The evidence status in plain words. */
export function statusWords(pack, { lang, say }) {
  if (pack.status === 'dated') return pack.evidenceDate ? say('status.dated', { date: day(pack.evidenceDate, lang) }) : say('status.datedAlone')
  return say(`status.${pack.status}`)
}

/** The note above amounts: status, what else this decision must say, and the pack's own caveats. */
export function evidenceNote(pack, { language, warnings = [], caveats = [], open = false }) {
  const { pick, say } = language
  // The status is said in words above; the engine's warning of it would say it twice.
  const more = warnings.filter(one => one.code !== pack.status)
  return el('div', { class: 'evidence' },
    el('p', { class: 'evidence-status' }, el('strong', { class: 'tag' }, say('demo')), ' ', statusWords(pack, language)),
    el('p', { class: 'evidence-pack' }, pick(pack.title)),
    more.map(one => el('p', { class: 'evidence-warning' }, pick(one.text))),
    caveats.length > 0 && el('details', { class: 'more', open, 'data-open': `evidence-${pack.id}` },
      el('summary', {}, say('evidence.more')),
      el('ul', {}, caveats.map(text => el('li', {}, pick(text))))),
  )
}

/** Why a pack may not be chosen as a place: a word of `standing.*`, or `undefined`. From its header alone. */
export function notAPlaceByHeader({ status, regionCode }) {
  if (['proposal', 'comparison', 'illustrative', 'invented'].includes(status)) return status
  if (regionCode === '000000') return 'anonymous'
  return regionCode === '100000' ? 'national' : undefined
}

/** The same, with what its documents are: a place needs a policy text or a page of its authority. */
export function notAPlace({ pack, sources }) {
  const byHeader = notAPlaceByHeader(pack)
  if (byHeader) return byHeader
  // A document whose id has a colon belongs to a national pack that bounds this one.
  const grades = new Set(sources.filter(one => !one.id.includes(':')).map(one => one.grade))
  if (grades.size === 0) return 'unfound'
  if (grades.has('policy_text') || grades.has('authority_page')) return undefined
  return grades.has('press') ? 'press' : 'collected'
}
