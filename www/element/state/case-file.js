// A case as the package and the command read it: answers, what came out, and its receipt.

import { caseOf } from './answers.js'
import { fen, typed, yuan } from '../figures.js'

const snake = key => key.replace(/[A-Z]/gu, letter => `_${letter.toLowerCase()}`)
const named = value => (Array.isArray(value) ? value.map(named) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [snake(key), named(inner)])) : value)

/** What `exportCase()` gives: names as packs write them. */
export function caseFile(session) {
  const { facts, ledger, previous } = caseOf(session.asks, session.raw, session.given)
  const { decision } = session.outcome
  return {
    service: session.service.id, facts: named(facts), ...(ledger && { ledger: named(ledger) }), ...(previous && { previous }),
    ...(decision && { receipt: decision.receipt }),
  }
}

/** A test case for the authors of a pack: what a real statement says, line by line. `raw`: what was entered, by step. */
export function testCase(session, raw) {
  const { receipt, ...given } = caseFile(session)
  const said = Object.entries(raw).map(([id, text]) => [id, fen(typed(text, 'money'))]).filter(([, amount]) => amount !== undefined)
  const { total, patient, ...steps } = Object.fromEntries(said.map(([id, amount]) => [id, yuan(amount)]))
  const amounts = { ...(total && { total }), ...(patient && { patient }) }
  return { cases: [{ id: 'statement', ...given, origin: 'published', expect: { amounts, steps } }], receipt }
}

export function download(text, name) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
