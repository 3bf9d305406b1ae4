// What every peer's answers are held to: the rule in whole numbers of any size, in ten-thousandths of a fen, without the
// engine and without a division before the last moment.

import { CHANGED } from './cases.mjs'

const DEDUCTIBLES = { employee: { first: 200n, second: 400n, third: 800n }, resident: { first: 150n, second: 450n, third: 1_000n } }
const FEN = 100n

const least = (...all) => all.reduce((a, b) => (b < a ? b : a))
const positive = n => (n > 0n ? n : 0n)

/** `n / d`, half up; neither is negative here. */
const halfUp = (n, d) => (2n * n + d) / (2n * d)

/** The sum over bands of fen × per cent; the last band has no edge. */
function bands(amount, rows) {
  let [sum, below] = [0n, 0n]
  for (const [edge, rate] of rows) {
    const top = edge === undefined ? amount : least(amount, edge * FEN)
    sum += positive(top - below) * rate
    below = edge === undefined ? below : edge * FEN
  }
  return sum
}

/** What the two payers pay, in fen. */
export function exact({ total, outOfScope, paid, day, scheme, level, referred, away }) {
  const eligible = BigInt(total) - BigInt(outOfScope)
  const before = scheme === 'resident' && level === 'second' && day < CHANGED
  const full = (before ? 500n : DEDUCTIBLES[scheme][level]) * FEN
  const deductible = referred ? full / 2n : full
  const share = eligible - least(deductible, eligible)
  const inBands = halfUp(bands(share, [[10_000n, 70n], [50_000n, 80n], [undefined, 90n]]), 100n)
  const room = positive(200_000n * FEN - BigInt(paid))
  const basic = least(halfUp(inBands * (away ? 85n : 100n), 100n), room, share)
  const above = positive(eligible - basic - 14_000n * FEN)
  const critical = least(halfUp(bands(above, [[30_000n, 60n], [undefined, 70n]]), 100n), 300_000n * FEN, share - basic)
  return { basic: Number(basic), critical: Number(critical) }
}
