// @gorules/zen-engine: a decision table for the deductible and an expression node, with its trace.

import { ZenEngine } from '@gorules/zen-engine'

const input = (id, field) => ({ id, name: field, field })
const row = (number, scheme, level, date, full) => ({ _id: `r${number}`, s: `"${scheme}"`, l: `"${level}"`, d: date, full: String(full) })
const expressions = all => Object.entries(all).map(([key, value], i) => ({ id: `e${i}`, key, value }))

const DEDUCTIBLE = {
  hitPolicy: 'first',
  inputs: [input('s', 'scheme'), input('l', 'level'), input('d', 'day')],
  outputs: [{ id: 'full', name: 'full', field: 'full' }],
  rules: [
    row(1, 'employee', 'first', '', 200), row(2, 'employee', 'second', '', 400), row(3, 'employee', 'third', '', 800), row(4, 'resident', 'first', '', 150),
    row(5, 'resident', 'second', '< 19723', 500), row(6, 'resident', 'second', '>= 19723', 450), row(7, 'resident', 'third', '', 1000),
  ],
  passThrough: true, inputField: null, outputPath: null, executionMode: 'single',
}

const AMOUNTS = expressions({
  eligible: 'total - outOfScope',
  deductible: 'referred ? full * 0.5 : full',
  borne: 'min([$.deductible, $.eligible])',
  share: '$.eligible - $.borne',
  inBands: 'round(min([$.share, 10000]) * 0.7 + max([0, min([$.share, 50000]) - 10000]) * 0.8 + max([0, $.share - 50000]) * 0.9, 2)',
  factor: 'away ? 0.85 : 1',
  room: 'max([0, 200000 - paid])',
  basic: 'min([round($.inBands * $.factor, 2), $.room, $.share])',
  own: '$.eligible - $.basic',
  above: 'max([0, $.own - 14000])',
  inIllness: 'min([$.above, 30000]) * 0.6 + max([0, $.above - 30000]) * 0.7',
  critical: 'min([round($.inIllness, 2), 300000, $.share - $.basic])',
})

const node = (id, type, content) => ({ id, name: id, type, position: { x: 0, y: 0 }, content })
const edge = (sourceId, targetId) => ({ id: `${sourceId}-${targetId}`, type: 'edge', sourceId, targetId })

export const prepare = ({ total, outOfScope, paid, day, scheme, level, referred, away }) => ({
  total: total / 100, outOfScope: outOfScope / 100, paid: paid / 100, day, scheme, level, referred, away,
})

export function make() {
  const decision = new ZenEngine().createDecision({
    contentType: 'application/vnd.gorules.decision',
    nodes: [
      node('in', 'inputNode', {}), node('deductible', 'decisionTableNode', DEDUCTIBLE),
      node('amounts', 'expressionNode', { expressions: AMOUNTS, passThrough: false, inputField: null, outputPath: null, executionMode: 'single' }),
      node('out', 'outputNode', {}),
    ],
    edges: [edge('in', 'deductible'), edge('deductible', 'amounts'), edge('amounts', 'out')],
  })
  return async context => decision.evaluate(context, { trace: true })
}

export const answer = ({ result: { basic, critical } }) => ({ basic: Math.round(basic * 100), critical: Math.round(critical * 100) })
export const use = ({ result: { basic, critical } }) => basic + critical
