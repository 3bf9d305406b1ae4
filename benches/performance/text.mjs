// Figures and tables as Markdown.

export const percent = part => `±${Math.round(part * 100)} %`

/** Two digits are all that a ratio of times is worth. */
export const times = ratio => `${ratio >= 10 ? Math.round(Number(ratio.toPrecision(2))).toLocaleString('en') : ratio.toFixed(ratio >= 0.095 ? 1 : 3)}×`.replace(/^(\d)\.0×/u, '$1.0×')

export const us = ns => {
  const value = ns / 1_000
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2)
}

export function table(head, rows, align) {
  const line = cells => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (align[i] === 'r' ? '---:' : '---'))), ...rows.map(line)].join('\n')
}
