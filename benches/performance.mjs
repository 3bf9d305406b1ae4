// The comparison: installs the peers, holds every answer to exact arithmetic, measures all in one run and writes
// docs/performance.md. `node benches/performance.mjs`; `--only NAME,…` and `--rounds N` try a part and write nothing.

import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkAll } from './performance/check.mjs'
import { growth, loading } from './performance/engine.mjs'
import { install, startable } from './performance/install.mjs'
import { machine } from './performance/machine.mjs'
import { PEERS } from './performance/peers.mjs'
import { folder, makeData } from './performance/data.mjs'
import { measure } from './performance/rounds.mjs'
import { sizes } from './performance/sizes.mjs'
import { starts } from './performance/start.mjs'
import { judge, write } from './performance/report.mjs'

const { values: options } = parseArgs({ options: { only: { type: 'string' }, rounds: { type: 'string', default: '15' }, 'no-install': { type: 'boolean', default: false } } })
const rounds = Number(options.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('`--rounds` takes a whole number from 1')
const only = options.only?.split(',')
const unknown = only?.filter(name => !PEERS.some(peer => peer.name === name)) ?? []
if (unknown.length > 0) throw new Error(`there is no peer ${unknown.join(', ')}; there are ${PEERS.map(peer => peer.name).join(', ')}`)
const chosen = only === undefined ? PEERS : PEERS.filter(({ name }) => only.includes(name))

mkdirSync(folder, { recursive: true })
makeData()
const failures = options['no-install'] ? [] : install()
const peers = startable(chosen, failures)
const answers = await checkAll(peers, failures)
const times = await measure(peers.filter(({ name }) => answers.has(name)), rounds)
const whole = only === undefined && rounds >= 7
const found = { rounds, machine: machine(), peers: chosen, answers, times, failures }
if (whole) Object.assign(found, { starts: starts(rounds), loading: loading(), growth: growth(), sizes: await sizes(failures) })

for (const row of judge(found)) console.log(`${row.met ? 'met   ' : 'missed'}  ${row.what}: ${row.found} (target ${row.target})`)
if (whole) write(found)
if (failures.length > 0) {
  for (const failure of failures) console.error(`FAILED: ${failure}`)
  process.exitCode = 1
}
