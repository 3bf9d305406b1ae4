// The measurement: every peer alive in its own process, one asked at a time, in another order each round.

import { COUNT } from '../peers/cases.mjs'
import { isBatch, isSingle } from './peers.mjs'
import { Worker } from './worker.mjs'

/** CPU time that a turn should take at least, in ns: long against the clock's tick of some systems. */
const TURN = 80_000_000
const MOST = 2_000_000
/** Turns of warming up. */
const MOST_WARMING = 20

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

/**
 * The cases of a turn, for a batch all of them so many times. What is called often is compiled, and then a turn takes
 * more of them: asked again until it is as long as it should be.
 */
async function calibrated(worker, batch) {
  const step = batch ? COUNT : 20
  let count = step
  for (let i = 0; i < MOST_WARMING; i++) {
    const ns = await worker.ask('time', count)
    const needed = Math.ceil(Math.min(MOST, Math.max(1, TURN / ns)) / step) * step
    if (needed <= count) break
    count = needed
  }
  return count
}

/** A turn that can be asked; undefined where the peer does not get as far. */
async function ready(peer, batch, failures) {
  const worker = new Worker(peer)
  try {
    return { key: batch ? `${peer.name} batch` : peer.name, worker, count: await calibrated(worker, batch), all: [] }
  } catch (error) {
    failures.push(`${peer.title} could not be measured: ${error.message}`)
    return undefined
  }
}

/** ns of CPU time for a case, by `name` and `name batch`: the median, the spread and all rounds. */
export async function measure(peers, rounds, failures) {
  const turns = []
  for (const peer of peers) {
    if (isSingle(peer)) turns.push(await ready(peer, false, failures))
    if (isBatch(peer)) turns.push(await ready(peer, true, failures))
  }
  const running = turns.filter(turn => turn !== undefined)
  for (let round = 0; round < rounds; round++) {
    for (const turn of shuffled(running, round)) turn.all.push(await turn.worker.ask('time', turn.count))
    console.log(`round ${round + 1} of ${rounds}`)
  }
  for (const { worker } of running) worker.end()
  return new Map(running.map(({ key, all }) => [key, { all, ...summary(all) }]))
}

/** The ratio of two, round by round: what disturbed one round disturbed both. */
export const ratio = (times, a, b) => {
  if (!times.has(a) || !times.has(b)) return undefined
  return summary(times.get(a).all.map((ns, round) => ns / times.get(b).all[round]))
}
