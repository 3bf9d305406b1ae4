// From the import to the first result in a fresh process, without the start of Node itself.

import { spawnSync } from 'node:child_process'
import { folder, path } from './data.mjs'
import { summary } from './rounds.mjs'

export const STARTED = ['by-hand', 'yibao', 'json-logic-engine', 'json-logic-js', 'publicodes', 'feelin', 'zen']

/** Wall and CPU ms by peer; the order changes with the round. */
export function starts(rounds) {
  const all = new Map(STARTED.map(name => [name, { wall: [], cpu: [] }]))
  for (let round = 0; round < 2 * rounds; round++) {
    for (const name of round % 2 ? STARTED : STARTED.toReversed()) {
      const { stdout, status } = spawnSync(process.execPath, [path('benches/peers/first.mjs'), name, folder], { encoding: 'utf8' })
      if (status !== 0) continue
      const { wall, cpu } = JSON.parse(stdout)
      all.get(name).wall.push(wall)
      all.get(name).cpu.push(cpu)
    }
  }
  return new Map([...all].filter(([, { wall }]) => wall.length > 0).map(([name, { wall, cpu }]) => [name, { wall: summary(wall), cpu: summary(cpu) }]))
}
