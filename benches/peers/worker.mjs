// One peer in a process of its own: `node worker.mjs PEER FOLDER`, then a line for each thing to do, a line back for each.
//   check FILE   every case once, what the two payers pay written as doubles
//   time COUNT   the first COUNT cases; nanoseconds of process CPU time for one

import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { caseAt, read } from './cases.mjs'

const [name, folder] = process.argv.slice(2)
const peer = await import(`./js/${name}.mjs`)
const columns = read(folder)
const size = columns.total.length
const rule = await peer.make(folder, columns)
// A batch takes the columns whole; the others a list of cases.
const inputs = peer.batch ? undefined : Array.from({ length: size }, (_, i) => peer.prepare(caseAt(columns, i)))
let sink = 0

async function check(file) {
  const found = new Float64Array(2 * size)
  const keep = (i, { basic, critical }) => {
    found[2 * i] = basic
    found[2 * i + 1] = critical
  }
  if (peer.batch) peer.answers(await rule(size), keep)
  else for (let i = 0; i < size; i++) keep(i, peer.answer(await rule(inputs[i])))
  writeFileSync(file, new Uint8Array(found.buffer))
}

function plainly(count) {
  for (let i = 0; i < count; i++) sink += peer.use(rule(inputs[i % size]))
}

async function awaiting(count) {
  for (let i = 0; i < count; i++) sink += peer.use(await rule(inputs[i % size]))
}

async function time(count) {
  const isAsync = !peer.batch && rule(inputs[0]) instanceof Promise
  const before = process.cpuUsage()
  if (peer.batch) for (let left = count; left > 0; left -= size) sink += peer.use(rule(Math.min(left, size)))
  else if (isAsync) await awaiting(count)
  else plainly(count)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / count
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word, value] = line.split(' ')
  const reply = word === 'check' ? await check(value) : await time(Number(value))
  console.log(JSON.stringify({ reply: reply ?? null }))
}
if (!Number.isFinite(sink)) throw new Error('nothing was read')
