// Plain pieces that several commands share: tables, places in plans, names in two spellings.

import { columns, pad } from './help.mjs'
import { misuse } from './exit.mjs'

/** Rows as aligned columns. `right` says which columns hold figures. */
export function table(head, rows, { right = [] } = {}) {
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map(row => columns(String(row[i] ?? '')))))
  const line = row => row.map((cell, i) => {
    const text = String(cell ?? '')
    return right.includes(i) ? ' '.repeat(widths[i] - columns(text)) + text : pad(text, widths[i])
  }).join('  ').trimEnd()
  return [line(head), widths.map(width => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

/** Rows as a table of Markdown. */
export function markdown(head, rows, { right = [] } = {}) {
  const cell = text => String(text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ')
  const line = row => `| ${row.map(cell).join(' | ')} |`
  return [line(head), `| ${head.map((_, i) => (right.includes(i) ? '---:' : '---')).join(' | ')} |`, ...rows.map(line)].join('\n')
}

/** Whether Excel, WPS and LibreOffice take a cell for a formula: a number with its sign, or a fraction, is none. */
export const isFormula = text => /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?(\/\d+)?%?$/.test(text)

/** Rows as CSV (RFC 4180); what a spreadsheet would take for a formula stands behind an apostrophe. */
export function csv(rows) {
  const cell = value => {
    const text = String(value ?? '')
    const safe = isFormula(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return `${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`
}

export const camel = name => name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase())
export const snake = key => key.replace(/[A-Z]/gu, letter => `_${letter.toLowerCase()}`)

/** The fact that holds the deciding day of a service, as the pack writes it; nothing where no day decides. */
export function dayOf(rules, service) {
  const { asOf, program } = JSON.parse(rules.planJson()).services.find(({ id }) => id === service)
  return program.inputs[asOf]?.name
}

/** A case (sections or facts alone) with some answers replaced. */
export function withFacts(input, answers) {
  const sections = ['facts', 'parameters', 'ledger', 'previous']
  const isSectioned = Object.keys(input).some(key => sections.includes(key))
  const [facts, rest] = isSectioned ? [input.facts ?? {}, input] : [input, {}]
  const named = new Set(Object.keys(answers).flatMap(name => [camel(name), snake(name)]))
  const kept = Object.fromEntries(Object.entries(facts).filter(([name]) => !named.has(name)))
  return { ...rest, facts: { ...kept, ...answers } }
}

/** `level=county,place=in_city` as answers. */
export function answersOf(text, option) {
  return Object.fromEntries(text.split(',').map(part => {
    const at = part.indexOf('=')
    if (at <= 0) throw misuse('bad-option', { zh: `\`${option}\` 写成 名称=值，用逗号分开，不是 \`${text}\``, en: `\`${option}\` is written NAME=VALUE, separated by commas, not \`${text}\`` })
    const value = part.slice(at + 1).trim()
    return [part.slice(0, at).trim(), value === 'true' || value === 'false' ? value === 'true' : value]
  }))
}

/** An amount option. */
export function amountOf(text, option) {
  if (text === undefined || /^\d+(\.\d+)?$/.test(text)) return text
  throw misuse('bad-option', { zh: `\`${option}\` 要一个以元为单位的数，如 20000.50，不是 \`${text}\``, en: `\`${option}\` expects an amount in yuan, such as 20000.50, not \`${text}\`` })
}

/** A whole number option. */
export function countOf(text, option, most) {
  if (text === undefined) return undefined
  if (/^\d{1,16}$/.test(text) && Number(text) <= most) return Number(text)
  throw misuse('bad-option', { zh: `\`${option}\` 要一个 0 到 ${most} 的整数，不是 \`${text}\``, en: `\`${option}\` expects a whole number from 0 to ${most}, not \`${text}\`` })
}
