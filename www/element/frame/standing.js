// How a pack stands to what is in force.

import { day } from '../figures.js'

/** The evidence status in plain words. */
export function statusWords({ status, evidenceDate }, { lang, say }) {
  if (status === 'dated') return evidenceDate ? say('status.dated', { date: day(evidenceDate, lang) }) : say('status.datedAlone')
  return say(`status.${status}`)
}

/** What is known of a pack's standing: `reviewed unreviewed expired failed`. */
export function standing({ reviewedBy, until }, { failed = false, asOf } = {}) {
  if (failed) return 'failed'
  if (until && asOf && asOf >= until) return 'expired'
  return reviewedBy ? 'reviewed' : 'unreviewed'
}
