// For programs: TAP 14, JUnit XML, JSON, GitHub's workflow commands, SARIF 2.1.0.

import { markup } from '../../markup.mjs'
import { jsonText, oneLine, visible } from '../../terminal.mjs'
import { belowMinimum } from '../run.mjs'

const spot = (one, place) => place ?? one.place
const failures = ({ packs }) => packs.flatMap(({ pack, cases }) => cases.flatMap(one => one.differences.map(({ difference, place }) => ({ pack, one, difference, at: spot(one, place) }))))

export async function tap(context, result) {
  const lines = ['TAP version 14', `1..${result.cases}`]
  let number = 0
  for (const { pack, cases } of result.packs) {
    for (const one of cases) {
      number += 1
      lines.push(`${one.failed ? 'not ok' : 'ok'} ${number} - ${oneLine(`${pack.id} ${one.id}`).replaceAll('\\', '\\\\').replaceAll('#', '\\#')}`)
      if (!one.failed) continue
      lines.push('  ---', ...one.differences.map(({ difference, place }) => {
        const { line, column } = spot(one, place)
        return `  - { message: ${jsonText(difference.message)}, path: ${jsonText(difference.path)}, expected: ${jsonText(difference.expected)}, found: ${jsonText(difference.found)}, at: ${jsonText(`${one.place.file}:${line}:${column}`)} }`
      }), '  ...')
    }
  }
  return `${lines.join('\n')}\n`
}

/** Text for XML. Characters that XML 1.0 has not are among those that are shown by their number. */
const xml = text => markup(text).replaceAll(/[\ufffe\uffff]/g, one => `\\u{${one.codePointAt(0).toString(16)}}`)
  .replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')

export async function junit(context, result) {
  const suites = result.packs.map(({ pack, cases }) => {
    const failed = cases.filter(one => one.failed).length
    const inside = cases.map(one => {
      const start = `    <testcase name="${xml(one.id)}" classname="${xml(`${pack.id}.${one.service}`)}" time="0"`
      if (!one.failed) return `${start}/>`
      const [{ difference }] = one.differences
      const all = one.differences.map(({ difference, place }) => `${one.place.file}:${spot(one, place).line}: ${difference.message}`).join('\n')
      return `${start}>\n      <failure message="${xml(difference.message)}" type="expectation">${xml(all)}</failure>\n    </testcase>`
    })
    return `  <testsuite name="${xml(pack.id)}" tests="${cases.length}" failures="${failed}" errors="0" skipped="0" time="0">\n${inside.join('\n')}\n  </testsuite>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="yibao test" tests="${result.cases}" failures="${result.failed}" errors="0" time="0">\n${suites.join('\n')}\n</testsuites>\n`
}

export async function json(context, result, { least, short }) {
  const packs = result.packs.map(({ pack, files, cases, left, coverage }) => ({ pack, files, left, cases, coverage }))
  return `${jsonText({ cases: result.cases, passed: result.cases - result.failed, failed: result.failed, left: result.left, coverage: result.coverage, minimum: least, belowMinimum: short.map(({ kind }) => kind), packs }, 2)}\n`
}

const command = text => visible(text).replaceAll('%', '%25').replaceAll('\n', '%0A')
const property = text => command(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

export async function github(context, result, { least }) {
  const lines = failures(result).map(({ pack, one, difference, at }) => `::error file=${property(one.place.file)},line=${at.line},col=${at.column},title=${property(`${pack.id} ${one.id}`)}::${command(difference.message)}`)
  for (const { kind, percent, all, reached } of belowMinimum(result, least)) lines.push(`::error title=coverage::${kind}: ${reached} of ${all}, expected ${percent}%25 at least`)
  lines.push(`${result.cases} cases, ${result.cases - result.failed} passed, ${result.failed} failed`)
  return `${lines.join('\n')}\n`
}

export async function sarif(context, result) {
  const { version } = await context.package()
  const kinds = [...new Set(failures(result).map(({ difference }) => ruleOf(difference)))].sort()
  const uri = file => encodeURI(file.replaceAll('\\', '/'))
  const results = failures(result).map(({ pack, one, difference, at }) => ({
    ruleId: ruleOf(difference),
    level: 'error',
    message: { text: `${pack.id} ${one.id}: ${difference.message}` },
    locations: [{ physicalLocation: {
      artifactLocation: { uri: uri(one.place.file) },
      region: { startLine: at.line, startColumn: at.column, endLine: at.endLine, endColumn: at.endColumn },
    } }],
    partialFingerprints: { 'case/v1': `${pack.id}/${one.id}/${difference.path}` },
  }))
  const driver = { name: 'yibao test', version, rules: kinds.map(id => ({ id, shortDescription: { text: RULES[id] } })) }
  return `${jsonText({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [{ tool: { driver }, columnKind: 'unicodeCodePoints', results }] }, 2)}\n`
}

const RULES = {
  amount: 'an amount differs from what the case expects', step: 'the value of a step differs from what the case expects',
  outcome: 'the outcome, verdict or reason differs from what the case expects', error: 'the answers of the case are refused',
}

function ruleOf({ path }) {
  const kind = path.replace(/^encounters\.[^.]*\.?/, '').split('.')[0]
  if (path === '' || kind === 'error') return 'error'
  if (['amounts', 'bounds', 'credit', 'after', 'limit'].includes(kind)) return 'amount'
  return kind === 'steps' ? 'step' : 'outcome'
}
