// Formulas for people: names become labels, operators become the signs of schoolbooks.

import { grouped } from '../figures.js'

const SIGNS = { '*': '×', '/': '÷', '-': '−', '<=': '≤', '>=': '≥', '!=': '≠' }
const ZH = { if: '如果', then: '，就是', else: '，否则', and: '且', or: '或', not: '不', in: '属于', min: '取小', max: '取大', clamp: '限定', round: '取整', true: '是', false: '否', days: '天', weeks: '周', months: '个月', points: '个百分点', within: '在', of: '之内，从' }
const TOKEN = /\d{4}-\d{2}-\d{2}|\d+(?:\.\d+)?%?|[a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*|<=|>=|!=|[^\sa-z0-9]|\s+/giu

/** The formula as written, in the reader's words. */
export const formulaWords = (formula, options, language) => words(formula.text, formula, options, language)

/** The formula with its numbers, in the reader's words; `undefined` where that says nothing more. */
export function filledWords(formula, options, language) {
  if (formula.filled === formula.text || formula.reads.length === 0) return undefined
  return words(formula.filled, formula, options, language)
}

/** Whether a formula is more than a single name or figure. */
export const isSum = formula => /[\s(]/u.test(formula.text.trim())

function words(text, formula, options, { lang, pick }) {
  const labels = new Map(formula.reads.map(read => [read.id, read.label]))
  const zh = lang === 'zh-CN'
  const parts = (text.match(TOKEN) ?? [text]).map(token => {
    if (labels.has(token)) return pick(labels.get(token))
    if (options.has(token)) return pick(options.get(token))
    if (zh && token in ZH) return ZH[token]
    if (/^\d+\.\d\d$/u.test(token)) return grouped(token)
    return token in SIGNS ? SIGNS[token] : token
  })
  const joined = parts.join('')
  return zh ? joined.replace(/ ([，、]|个月|天|周|个百分点)/gu, '$1').replace(/(如果|就是|否则|属于|不) /gu, '$1') : joined
}
