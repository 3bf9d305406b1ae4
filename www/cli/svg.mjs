// A curve as a drawing: no scripts, no fonts, no colours that differ by hue alone.

import { markup as escape } from './markup.mjs'

const [WIDTH, HEIGHT] = [720, 420]
const EDGE = { left: 90, right: 20, top: 56, bottom: 56 }
const DASHES = ['', '8 4', '2 4', '12 4 2 4', '4 4', '16 6']
const COLOURS = ['#0b5394', '#a61c00', '#38761d', '#674ea7', '#7f6000', '#444444']

const grouped = number => number.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',')

/** A round step for about `count` ticks up to `most`. */
function tick(most, count) {
  const rough = most / count
  const power = 10 ** Math.floor(Math.log10(rough || 1))
  return [1, 2, 5, 10].map(by => by * power).find(step => step >= rough)
}

export function svg({ pieces }, lines, { labels, title, over }) {
  const values = pieces.flatMap(piece => lines.flatMap(id => (piece.lines[id] ? [Number(piece.lines[id].atFrom), Number(piece.lines[id].atTo)] : [])))
  const [left, right] = [Number(pieces[0].from.at), Number(pieces.at(-1).to.at)]
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)]
  const x = at => EDGE.left + ((at - left) / (right - left || 1)) * (WIDTH - EDGE.left - EDGE.right)
  const y = at => HEIGHT - EDGE.bottom - ((at - low) / (high - low)) * (HEIGHT - EDGE.top - EDGE.bottom)
  const point = (at, value) => `${x(Number(at)).toFixed(2)},${y(Number(value)).toFixed(2)}`
  const marks = (from, to, step) => Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
  const across = marks(Math.ceil(left / tick(right - left, 5)) * tick(right - left, 5), right, tick(right - left, 5))
  const up = marks(Math.ceil(low / tick(high - low, 6)) * tick(high - low, 6), high, tick(high - low, 6))
  const path = id => pieces.filter(piece => piece.lines[id]).map(piece => `M${point(piece.from.at, piece.lines[id].atFrom)}L${point(piece.to.at, piece.lines[id].atTo)}`).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="sans-serif" font-size="12">
<title>${escape(title)}</title>
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${EDGE.left}" y="22" font-size="14">${escape(title)}</text>
${across.map(at => `<path d="M${x(at).toFixed(2)},${EDGE.top}V${HEIGHT - EDGE.bottom}" stroke="#dddddd"/><text x="${x(at).toFixed(2)}" y="${HEIGHT - EDGE.bottom + 18}" text-anchor="middle">${grouped(at)}</text>`).join('\n')}
${up.map(at => `<path d="M${EDGE.left},${y(at).toFixed(2)}H${WIDTH - EDGE.right}" stroke="#dddddd"/><text x="${EDGE.left - 8}" y="${(y(at) + 4).toFixed(2)}" text-anchor="end">${grouped(at)}</text>`).join('\n')}
<text x="${(EDGE.left + WIDTH - EDGE.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escape(over)} (元)</text>
${lines.map((id, i) => `<path d="${path(id)}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2" stroke-dasharray="${DASHES[i % DASHES.length]}"/>`).join('\n')}
${lines.map((id, i) => `<g transform="translate(${EDGE.left + 8 + (i % 3) * 200},${38 + Math.floor(i / 3) * 14})"><path d="M0,0h28" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2" stroke-dasharray="${DASHES[i % DASHES.length]}"/><text x="34" y="4">${escape(labels(id))}</text></g>`).join('\n')}
</svg>
`
}
