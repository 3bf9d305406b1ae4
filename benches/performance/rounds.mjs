// The measurement: every peer alive in its own process, one asked at a time, in another order each round.

import { COUNT } from '../peers/cases.mjs'
import { isBatch, isSingle } from './peers.mjs'
import { Worker } from './worker.mjs'

/** CPU time that a turn should take at least, in ns: long against the clock's tick of some systems. */
const TURN = 80_000_000
const MOST = 2_000_000

const sorted = all => all.toSorted((a, b) => a - b)
const quantile = (all, part) => sorted(all)[Math.round((all.length - 1) * part)]

/** Median, and half the distance between the quartiles as a part of it. */
export function summary(all) {
  const median = quantile(all, 0.5)
  return { median, spread: (quantile(all, 0.75) - quantile(all, 0.25)) / 2 / median }
}

/** Another order each round, from a fixed seed. */
function shuffled(all, round) {
  const order = [...all]
  let seed = round + 1
  for (let i = order.length - 1; i > 0; i--) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const k = Math.floor((seed / 2 ** 32) * (i + 1))
    ;[order[i], order[k]] = [order[k], order[i]]
  }
  return order
}

/** The cases of a turn. The first answer warms up, the second tells. */
async function calibrated(worker, batch) {
  const first = batch ? COUNT : 20
  await worker.ask('time', first)
  const enough = Math.min(MOST, Math.max(first, Math.ceil(TURN / (await worker.ask('time', first)))))
  const again = Math.min(MOST, Math.max(first, Math.ceil(TURN / (await worker.ask('time', enough)))))
  return batch ? Math.ceil(again / COUNT) * COUNT : again
}

/** ns of CPU time for a case, by `name` and `name batch`: the median, the spread and all rounds. */
export async function measure(peers, rounds) {
  const turns = []
  for (const peer of peers) {
    if (isSingle(peer)) turns.push({ key: peer.name, peer, batch: false })
    if (isBatch(peer)) turns.push({ key: `${peer.name} batch`, peer, batch: true })
  }
  for (const turn of turns) {
    turn.worker = new Worker(turn.peer)
    turn.count = await calibrated(turn.worker, turn.batch)
    turn.all = []
  }
  for (let round = 0; round < rounds; round++) {
    for (const turn of shuffled(turns, round)) turn.all.push(await turn.worker.ask('time', turn.count))
    console.log(`round ${round + 1} of ${rounds}`)
  }
  for (const { worker } of turns) worker.end()
  return new Map(turns.map(({ key, all }) => [key, { all, ...summary(all) }]))
}

/** The ratio of two, round by round: what disturbed one round disturbed both. */
export const ratio = (times, a, b) => {
  if (!times.has(a) || !times.has(b)) return undefined
  return summary(times.get(a).all.map((ns, round) => ns / times.get(b).all[round]))
}
