// For a person at a terminal.

import { columns } from '../../help.mjs'
import { isBeside, isReached } from '../run.mjs'
import { story } from '../story.mjs'

export async function pretty(context, result, { coverage, least, short }) {
  const engine = await context.engine()
  const widest = Math.max(0, ...result.packs.map(({ pack }) => columns(pack.id)))
  const lines = []
  for (const { pack, cases, texts, left } of result.packs) {
    const failed = cases.filter(one => one.failed)
    const mark = failed.length > 0 ? context.paint('red', '✗') : cases.length === 0 ? '-' : context.paint('green', '✓')
    const count = context.t({ zh: `${cases.length - failed.length}/${cases.length} 个案例通过`, en: `${cases.length - failed.length} of ${cases.length} ${cases.length === 1 ? 'case' : 'cases'} pass` })
    if (cases.length > 0 || left === 0) lines.push(`${mark} ${context.paint('bold', pack.id)}${' '.repeat(widest - columns(pack.id))}  ${count}`)
    for (const one of failed) {
      lines.push('', `  ${context.paint(['red', 'bold'], one.id)}  ${context.paint('dim', `${one.place.file}:${one.place.line}`)}`, '')
      lines.push(...story(context, one, { texts, engine }).map(line => `    ${line}`.trimEnd()), '')
    }
  }
  if (coverage) lines.push('', ...coverageLines(context, result, least))
  lines.push('', total(context, result, short))
  return `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
}

function total(context, { cases, failed, left }, short) {
  const words = context.t({ zh: `${cases} 个案例：${cases - failed} 个通过，${failed} 个不通过`, en: `${cases} ${cases === 1 ? 'case' : 'cases'}: ${cases - failed} passed, ${failed} failed` })
  const rest = left > 0 ? context.t({ zh: `，筛去 ${left} 个`, en: `, ${left} left out` }) : ''
  return context.paint(failed > 0 || short.length > 0 || cases === 0 ? ['red', 'bold'] : ['green', 'bold'], words + rest)
}

export const KINDS = {
  rules: { zh: '规则（表的行、档、条件、步骤）', en: 'rules (rows, bands, conditions, steps)' },
  clauses: { zh: '条款', en: 'clauses' },
  edges: { zh: '界限（少一分、正好、多一分）', en: 'edges (a fen below, at, a fen above)' },
}

const SIDES = [['below', { zh: '少一个单位', en: 'one below' }], ['equal', { zh: '正好', en: 'at it' }], ['above', { zh: '多一个单位', en: 'one above' }]]

export function coverageLines(context, result, least) {
  const lines = [context.paint('bold', context.t({ zh: '覆盖', en: 'Coverage' }))]
  for (const [kind, words] of Object.entries(KINDS)) {
    const { all, reached } = result.coverage[kind]
    const percent = all === 0 ? '—' : `${Math.floor((reached * 100) / all)}%`
    const floor = least[kind] === undefined ? '' : context.t({ zh: `  最低 ${least[kind]}%`, en: `  minimum ${least[kind]}%` })
    const fits = least[kind] === undefined || reached * 100 >= least[kind] * all
    lines.push(`  ${fits ? '' : context.paint('red', '✗ ')}${percent.padStart(4)}  ${reached}/${all}  ${context.t(words)}${floor}`)
  }
  for (const { pack, coverage } of result.packs) {
    const missing = [
      ...coverage.rules.filter(rule => !isReached(rule)).map(({ id }) => context.t({ zh: `没有案例到达 ${id}`, en: `no case reaches ${id}` })),
      ...coverage.clauses.filter(clause => !isReached(clause)).map(({ id }) => context.t({ zh: `没有案例用到条款 ${id}`, en: `no case uses the clause ${id}` })),
      ...coverage.edges.filter(edge => !isBeside(edge)).map(edge => {
        const sides = SIDES.filter(([side]) => edge[side].length === 0).map(([, words]) => context.t(words)).join(context.t({ zh: '、', en: ', ' }))
        return context.t({ zh: `${edge.service}.${edge.step} 的界限 ${edge.at}（${edge.of}）缺案例：${sides}`, en: `${edge.service}.${edge.step}: the edge ${edge.at} of ${edge.of} lacks cases: ${sides}` })
      }),
    ]
    if (missing.length > 0) lines.push(`  ${pack.id}`, ...missing.map(line => `    ${line}`))
  }
  return lines
}
