// 费用变化图: one sentence, the drawing, points by keyboard, and the same as a table. Drawn by hand: the engine hands
// over exact knots, and between them the line is straight.

import { html, nothing, svg } from 'lit'
import { curvesOf, growth, points, stretches, tryCurve } from './curve.js'
import { grouped } from '../figures.js'


const toFen = text => {
  const [whole, part = ''] = text.split('.')
  return `${whole}.${part.padEnd(2, '0').slice(0, 2)}`
}

/** `view`: `{ fact, at, change(view) }` — which amount varies, and the point that is read out. */
export function chart(session, { language, view, columns, width, em }) {
  const curves = curvesOf(session)
  if (curves.length === 0) return undefined
  const { say, pick, zh } = language
  const chosen = curves.find(one => one.key === view.fact) ?? curves[0]
  const all = points(chosen, session)
  const at = Math.min(view.at ?? all.findIndex(one => one.here), all.length - 1)
  const money = text => `${grouped(toFen(text))} ${say('yuan')}`
  const name = pick(chosen.fact.label)
  const second = columns.map(column => ({ label: column.label, curve: tryCurve(session, { ...column.input, facts: { ...column.input.facts } }, chosen.fact, chosen.to) })).find(one => one.curve)
  const words = point => say(point.here ? 'chart.here' : 'chart.point', { name, at: money(point.at), pays: money(point.pays), why: point.why ? say('chart.why', { step: pick(point.why) }) : '' })
  const more = growth(chosen)
  return html`
    <p class="chart-sentence">${say('chart.sentence', { name, at: money(chosen.here), pays: money(session.outcome.decision.amounts.net.text) })}${more === undefined ? nothing : say('chart.growth', { name, more })}</p>
    ${curves.length > 1 ? html`
      <label class="question-title" for="chart-fact">${say('chart.which')}</label>
      <select id="chart-fact" class="field" @change=${event => view.change({ fact: event.target.value, at: undefined })}>${curves.map(one => html`<option value=${one.key} .selected=${one === chosen}>${pick(one.fact.label)}</option>`)}</select>` : nothing}
    ${drawing(chosen, all, at, { second, name, language, width, em })}
    ${second ? html`<ul class="bar-key"><li><svg class="key-line" viewBox="0 0 40 10" aria-hidden="true"><path class="curve" d="M0 5H40" /></svg>${say('chart.now')}</li><li><svg class="key-line" viewBox="0 0 40 10" aria-hidden="true"><path class="curve curve-second" d="M0 5H40" /></svg>${second.label}</li></ul>` : nothing}
    <label class="question-title" for="chart-point">${say('chart.slide')}</label>
    <input id="chart-point" class="slider" type="range" min="0" max=${all.length - 1} step="1" .value=${String(at)} aria-valuetext=${words(all[at])} @input=${event => view.change({ fact: chosen.key, at: Number(event.target.value) })}>
    <p class="chart-point">${words(all[at])}</p>
    <details class="more"><summary>${say('chart.table')}</summary>
      <div class="table-frame" tabindex="0" role="region" aria-label=${say('chart.table')}>
        <table><caption class="only-heard">${say('chart.title')}</caption>
          <thead><tr><th scope="col">${say('chart.col.at', { name })}</th><th scope="col">${say('chart.col.pays')}</th><th scope="col">${say('chart.col.why')}</th></tr></thead>
          <tbody>${all.map(one => html`<tr><th scope="row" class="figure">${grouped(toFen(one.at))}</th><td class="figure">${grouped(toFen(one.pays))}</td><td>${one.here ? say('chart.you') : one.why ? pick(one.why) : zh ? '' : nothing}</td></tr>`)}</tbody>
        </table>
      </div>
      <p class="hint">${say('chart.note')}</p>
    </details>`
}

/** One unit is one pixel, so that letters keep the size that the reader chose. */
function drawing(chosen, all, at, { second, name, language, width: WIDTH, em }) {
  const EDGE = { left: em * 2.6, right: em, top: em * 1.2, bottom: em * 1.8 }
  const HEIGHT = Math.max(Math.min(WIDTH * 0.6, 420), em * 14)
  const { say } = language
  const mostX = Number(chosen.to)
  const lines = [chosen.curve, second?.curve].filter(Boolean).map(stretches)
  const mostY = Math.max(1, ...lines.flat().flatMap(one => [Number(one.atFrom), Number(one.atTo)]))
  const x = value => EDGE.left + (Number(value) / mostX) * (WIDTH - EDGE.left - EDGE.right)
  const y = value => HEIGHT - EDGE.bottom - (Number(value) / mostY) * (HEIGHT - EDGE.top - EDGE.bottom)
  const path = pieces => pieces.map((one, i) => {
    const joined = i > 0 && Number(pieces[i - 1].atTo) === Number(one.atFrom)
    return `${joined ? '' : `M${round(x(one.from))} ${round(y(one.atFrom))}`}L${round(x(one.to))} ${round(y(one.atTo))}`
  }).join('')
  const ticksX = ticks(mostX)
  const ticksY = ticks(mostY)
  const here = all.find(one => one.here)
  const point = all[at]
  const bottom = HEIGHT - EDGE.bottom
  const word = say('chart.you')
  // Beside the point where there is room, else as far right as it fits.
  const wordX = Math.max(0, Math.min(x(here.at) + 14, WIDTH - em * (language.zh ? word.length : word.length * 0.7) - 4))
  return html`
    <p class="axis-title">${say('chart.axis.y')}</p>
    <svg class="chart" width=${WIDTH} height=${HEIGHT} viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${say('chart.title')} part="chart">
      ${ticksY.map(value => svg`<line class="grid" x1=${EDGE.left} x2=${WIDTH - EDGE.right} y1=${y(value)} y2=${y(value)} /><text class="tick" x=${EDGE.left - 8} y=${y(value) + em / 3} text-anchor="end">${myriads(value)}</text>`)}
      ${ticksX.map(value => svg`<line class="tick-mark" x1=${x(value)} x2=${x(value)} y1=${bottom} y2=${bottom + 6} /><text class="tick" x=${x(value)} y=${bottom + em * 1.3} text-anchor="middle">${myriads(value)}</text>`)}
      <line class="axis" x1=${EDGE.left} x2=${WIDTH - EDGE.right} y1=${bottom} y2=${bottom} /><line class="axis" x1=${EDGE.left} x2=${EDGE.left} y1=${EDGE.top} y2=${bottom} />
      ${second ? svg`<path class="curve curve-second" d=${path(lines[1])} />` : nothing}
      <path class="curve" d=${path(lines[0])} />
      ${all.filter(one => one.knot).map(one => svg`<rect class="knot" x=${x(one.at) - 5} y=${y(one.pays) - 5} width="10" height="10" />`)}
      <line class="drop" x1=${x(here.at)} x2=${x(here.at)} y1=${y(here.pays)} y2=${bottom} />
      <circle class="here" cx=${x(here.at)} cy=${y(here.pays)} r="9" />
      <text class="here-word" x=${wordX} y=${Math.max(em, y(here.pays) - 14)}>${word}</text>
      ${point.here ? nothing : svg`<circle class="read" cx=${x(point.at)} cy=${y(point.pays)} r="11" />`}
    </svg>
    <p class="axis-title axis-x">${say('chart.axis.x', { name })}</p>`
}

const round = value => Math.round(value * 10) / 10

/** Four or five round figures from nothing up. */
function ticks(most) {
  const raw = most / 4
  const unit = 10 ** Math.floor(Math.log10(raw))
  const step = [1, 2, 2.5, 5, 10].map(one => one * unit).find(one => one >= raw)
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step)
}

/** Axes are in 万元. */
const myriads = value => String(Math.round((value / 10_000) * 10_000) / 10_000)
