// Reading a decision of ours, or one of the same shape made by hand.

const fen = ({ text }) => Number(text.replace('.', ''))

export const fenOfDecision = ({ amounts: { payments: [basic, critical] } }) => ({ basic: fen(basic.amount), critical: fen(critical.amount) })

/** All that a portal shows of a decision: every payer, the person's share, the verdict, what is missing. */
export function readDecision({ outcome, amounts, verdict, missing, refusals }) {
  let read = outcome.length + missing.length + refusals.length
  if (verdict !== null) read += verdict.is.length
  if (amounts === null) return read
  for (const { amount, payer } of amounts.payments) read += amount.text.length + payer.length
  return read + amounts.patient.text.length + amounts.cash.text.length + amounts.net.text.length
}
