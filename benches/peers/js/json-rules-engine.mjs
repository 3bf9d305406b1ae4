// json-rules-engine: the deductible by rules whose events set it, amounts as facts that are calculated when asked for.

import { Engine } from 'json-rules-engine'

const equal = (fact, value) => ({ fact, operator: 'equal', value })
const DEDUCTIBLES = [
  ['employee', 'first', [], 20_000], ['employee', 'second', [], 40_000], ['employee', 'third', [], 80_000], ['resident', 'first', [], 15_000],
  ['resident', 'second', [{ fact: 'day', operator: 'lessThan', value: 19_723 }], 50_000],
  ['resident', 'second', [{ fact: 'day', operator: 'greaterThanInclusive', value: 19_723 }], 45_000],
  ['resident', 'third', [], 100_000],
]
const percent = fen => Math.floor((fen + 50) / 100)

const FACTS = {
  eligible: async a => (await a.factValue('total')) - (await a.factValue('outOfScope')),
  deductible: async a => (await a.factValue('full')) * ((await a.factValue('referred')) ? 0.5 : 1),
  share: async a => {
    const eligible = await a.factValue('eligible')
    return eligible - Math.min(await a.factValue('deductible'), eligible)
  },
  inBands: async a => {
    const share = await a.factValue('share')
    return percent(Math.min(share, 1_000_000) * 70 + Math.max(0, Math.min(share, 5_000_000) - 1_000_000) * 80 + Math.max(0, share - 5_000_000) * 90)
  },
  factor: async a => ((await a.factValue('away')) ? 85 : 100),
  room: async a => Math.max(0, 20_000_000 - (await a.factValue('paid'))),
  basic: async a => Math.min(percent((await a.factValue('inBands')) * (await a.factValue('factor'))), await a.factValue('room'), await a.factValue('share')),
  above: async a => Math.max(0, (await a.factValue('eligible')) - (await a.factValue('basic')) - 1_400_000),
  critical: async a => {
    const above = await a.factValue('above')
    const asked = percent(Math.min(above, 3_000_000) * 60 + Math.max(0, above - 3_000_000) * 70)
    return Math.min(asked, 30_000_000, (await a.factValue('share')) - (await a.factValue('basic')))
  },
}

export const prepare = raw => raw

export function make() {
  const engine = new Engine()
  for (const [name, work] of Object.entries(FACTS)) engine.addFact(name, (_, almanac) => work(almanac))
  for (const [scheme, level, dated, amount] of DEDUCTIBLES) {
    engine.addRule({
      priority: 2,
      conditions: { all: [equal('scheme', scheme), equal('level', level), ...dated] },
      event: { type: 'deductible', params: { amount } },
      onSuccess: (event, almanac) => { almanac.addRuntimeFact('full', event.params.amount) },
    })
  }
  engine.addRule({ priority: 1, conditions: { all: [{ fact: 'basic', operator: 'greaterThanInclusive', value: 0 }] }, event: { type: 'paid' } })
  return async input => {
    const { almanac } = await engine.run(input)
    return { basic: await almanac.factValue('basic'), critical: await almanac.factValue('critical') }
  }
}

export const answer = found => found
export const use = ({ basic, critical }) => basic + critical
