// One line a case, for logs: no colour, no columns.

import { oneLine } from '../../terminal.mjs'
import { coverageLines } from './pretty.mjs'

export async function plain(context, result, { coverage, least }) {
  const lines = result.packs.flatMap(({ pack, cases }) => cases.flatMap(one => {
    if (!one.failed) return [`ok ${pack.id} ${one.id}`]
    return one.differences.map(({ difference, place }) => {
      const { file, line, column } = place ?? one.place
      return `not ok ${pack.id} ${one.id} ${place === null ? file : `${one.place.file}`}:${line}:${column} ${difference.message}`
    })
  }))
  for (let i = 0; i < lines.length; i++) lines[i] = oneLine(lines[i])
  if (coverage) lines.push(...coverageLines(context, result, least))
  lines.push(`${result.cases} ${result.cases === 1 ? 'case' : 'cases'}, ${result.cases - result.failed} passed, ${result.failed} failed, ${result.left} left out`)
  return `${lines.join('\n')}\n`
}
