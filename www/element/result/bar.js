// A bar of who pays what. Each segment has its own pattern, and every figure also stands in words beside it.

import { html, nothing, svg } from 'lit'
import { fen } from '../figures.js'

const WIDTH = 1000
const HEIGHT = 44

/**
 * `segments`: `{ kind: 'fund' | 'own' | 'benefit', label, amount, text }` with `amount` as yuan text, all at least zero.
 * `whole`: yuan text that the full width stands for; bars with the same `whole` can be compared.
 */
export function bar(segments, whole) {
  const full = fen(whole) ?? 0n
  const shown = segments.filter(one => fen(one.amount) > 0n)
  let at = 0
  const drawn = shown.map(one => {
    const width = full > 0n ? Number((fen(one.amount) * BigInt(WIDTH)) / full) : 0
    const x = at
    at += width
    return svg`<rect class="bar-${one.kind}" x=${x + 1} y="1" width=${Math.max(width - 2, 3)} height=${HEIGHT - 2} fill=${one.kind === 'fund' ? nothing : `url(#pattern-${one.kind})`} />`
  })
  return html`
    <div class="bar">
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">${drawn}</svg>
      <ul class="bar-key">${shown.map(one => html`<li>${swatch(one.kind)}<span>${one.label}</span> <span class="figure">${one.text}</span></li>`)}</ul>
    </div>`
}

const swatch = kind => html`<svg class="swatch" viewBox="0 0 22 22" aria-hidden="true" focusable="false"><rect class="bar-${kind}" x="1" y="1" width="20" height="20" fill=${kind === 'fund' ? nothing : `url(#pattern-${kind})`} /></svg>`

/** The patterns, once in a root. */
export const patterns = html`
  <svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
    <pattern id="pattern-own" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="bar-paper" width="10" height="10" /><rect class="bar-ink" width="4" height="10" /></pattern>
    <pattern id="pattern-benefit" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="bar-paper" width="8" height="8" /><circle class="bar-ink" cx="4" cy="4" r="2.4" /></pattern>
  </defs></svg>`
