// Every answer of every peer against exact arithmetic.

import { readFileSync } from 'node:fs'
import { COUNT } from '../peers/cases.mjs'
import { expected, folder } from './data.mjs'
import { Worker } from './worker.mjs'

/** How many cases are wrong by a fen or more. */
function wrong(file) {
  const bytes = readFileSync(file)
  const found = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
  if (found.length !== expected.length) return COUNT
  let count = 0
  for (let i = 0; i < COUNT; i++) if (found[2 * i] !== expected[2 * i] || found[2 * i + 1] !== expected[2 * i + 1]) count += 1
  return count
}

async function check(peer, answers, failures) {
  const worker = new Worker(peer)
  const file = `${folder}/${peer.name}.answers.bin`
  try {
    await worker.ask('check', file)
    const count = wrong(file)
    answers.set(peer.name, count)
    console.log(`checked: ${peer.title}: ${count} of ${COUNT} wrong`)
    if (peer.exact && count > 0) failures.push(`${peer.title}: ${count} of ${COUNT} answers are wrong, none may be`)
  } catch (error) {
    failures.push(`${peer.title} did not run: ${error.message}`)
  } finally {
    worker.end()
  }
}

/** Wrong answers by peer; one that did not run has none. Two at a time: nothing is measured here. */
export async function checkAll(peers, failures) {
  const answers = new Map()
  const waiting = [...peers]
  const take = async () => {
    for (let peer = waiting.shift(); peer !== undefined; peer = waiting.shift()) await check(peer, answers, failures)
  }
  await Promise.all([take(), take()])
  return answers
}
