// A bar of who pays what. Each segment has its own pattern, and every figure also stands in words beside it.

import { el, newId, svg } from './dom.js'
import { fen } from './figures.js'

const WIDTH = 1000
const HEIGHT = 44

/**
 * `segments`: `{ kind: 'fund' | 'own' | 'benefit', label, amount }` with `amount` as yuan text, all at least zero.
 * `whole`: yuan text that the full width stands for; bars with the same `whole` can be compared.
 */
export function bar(segments, whole) {
  const full = fen(whole)
  const shownOnes = segments.filter(one => fen(one.amount) > 0n)
  const stem = newId('bar')
  let at = 0
  const drawn = shownOnes.map(one => {
    const width = full > 0n ? Number((fen(one.amount) * BigInt(WIDTH)) / full) : 0
    const x = at
    at += width
    return svg('rect', { class: `bar-${one.kind}`, x: x + 1, y: 1, width: Math.max(width - 2, 3), height: HEIGHT - 2, fill: one.kind === 'fund' ? undefined : `url(#${stem}-${one.kind})` })
  })
  return el('div', { class: 'bar' },
    svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
      svg('defs', {}, hatch(`${stem}-own`), dots(`${stem}-benefit`)), drawn),
    el('ul', { class: 'bar-key' }, shownOnes.map(one => el('li', {}, swatch(one.kind), el('span', {}, one.label), ' ', el('span', { class: 'figure' }, one.text)))),
  )
}

function swatch(kind) {
  const id = newId('swatch')
  return svg('svg', { class: 'swatch', viewBox: '0 0 22 22', 'aria-hidden': 'true', focusable: 'false' },
    svg('defs', {}, kind === 'own' && hatch(id), kind === 'benefit' && dots(id)),
    svg('rect', { class: `bar-${kind}`, x: 1, y: 1, width: 20, height: 20, fill: kind === 'fund' ? undefined : `url(#${id})` }))
}

function hatch(id) {
  return svg('pattern', { id, width: 10, height: 10, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
    svg('rect', { class: 'bar-paper', width: 10, height: 10 }), svg('rect', { class: 'bar-ink', width: 4, height: 10 }))
}

function dots(id) {
  return svg('pattern', { id, width: 8, height: 8, patternUnits: 'userSpaceOnUse' },
    svg('rect', { class: 'bar-paper', width: 8, height: 8 }), svg('circle', { class: 'bar-ink', cx: 4, cy: 4, r: 2.4 }))
}
