// What an officer writes in a cell, as a figure; and the ways in which a sentence may print that figure.

import { beyond } from './beyond.mjs'

/** A complaint about a cell, in its officer's words. */
export class CellFault extends Error {}

const fault = message => new CellFault(message)

/** Full-width digits, signs and spaces as ordinary ones. */
export const narrow = text => text.normalize('NFKC').replaceAll('，', ',').replace(/\s+/g, ' ').trim()

const SCIENTIFIC = /^\d+(\.\d+)?e\+?\d+$/i
const CHINESE_NUMBER = /[〇零一二两三四五六七八九十百千]/

/** A plain decimal as whole units of `1 / 10^places`, or undefined where it has more places. */
function scaled(text, places) {
  const [whole, part = ''] = text.split('.')
  const kept = part.replace(/0+$/, '')
  return kept.length > places ? undefined : Number(whole + kept.padEnd(places, '0'))
}

/** Money in fen. A bare number is yuan, as the name of the row says. */
export function money({ text, number, percent }) {
  if (percent) throw fault(`是百分数 ${text}，这里要金额，如 200 或 200元`)
  const given = narrow(text)
  if (SCIENTIFIC.test(given)) throw fault(`「${text}」是 Excel 改写过的数，请把单元格设为“文本”，再写完整的数，如 ${Number(given)}`)
  const found = /^(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*(万)?\s*(元)?$/.exec(given)
  if (found === null) {
    const other = beyond(given)
    if (other !== undefined) throw fault(other)
    if (/[%]/.test(given)) throw fault(`「${text}」是比例，这里要金额，如 200 或 200元`)
    if (CHINESE_NUMBER.test(given)) throw fault(`「${text}」请用阿拉伯数字，如 200元`)
    throw fault(`「${text}」不是金额，请写成 200、200元 或 1.5万元`)
  }
  const fen = scaled(found[1].replaceAll(',', '') + (found[2] ?? ''), found[3] ? 6 : 2)
  if (fen === undefined) throw fault(`「${text}」的小数太多，金额最多到分${number ? '（单元格里可能有公式算出的尾数）' : ''}`)
  if (fen > 1_000_000_000) throw fault(`「${text}」超过一千万元，请核对单位`)
  return fen
}

/** A rate in hundredths of a per cent. */
export function rate({ text }) {
  const given = narrow(text)
  const found = /^(\d+)(\.\d+)?\s*%$/.exec(given)
  if (found === null) throw fault(beyond(given) ?? rateHelp(text, given))
  const parts = scaled(found[1] + (found[2] ?? ''), 2)
  if (parts === undefined) throw fault(`「${text}」的小数太多，比例最多两位小数`)
  if (parts > 10_000) throw fault(`「${text}」超过 100%`)
  return parts
}

function rateHelp(text, given) {
  if (/^0?\.\d+$/.test(given)) return `「${text}」没有百分号；是 ${shortPercent(Number(given))} 的话，请写成 ${shortPercent(Number(given))}`
  if (/^\d+(\.\d+)?$/.test(given)) return `「${text}」没有百分号，请写成 ${given}%`
  if (/成/.test(given)) return `「${text}」请写成百分数，如 七成写 70%`
  if (/^百分之/.test(given)) return `「${text}」请写成百分数，如 75%`
  return `「${text}」不是比例，请写成 75% 这样`
}

const shortPercent = share => `${String(Math.round(share * 10_000) / 100)}%`

/** A day as `2024-03-01`. */
export function date({ text }) {
  const given = narrow(text).replaceAll(' ', '')
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(given)
  if (found === null) {
    if (/^\d{5}$/.test(given)) throw fault(`「${text}」像是 Excel 的日期序号，请写成 2024-03-01`)
    if (/^\d{8}$/.test(given)) throw fault(`「${text}」请写成 ${given.slice(0, 4)}-${given.slice(4, 6)}-${given.slice(6)}`)
    if (/^\d{4}[-/.年]\d{1,2}月?$/.test(given)) throw fault(`「${text}」只有年月，请写到日；原文只有月份的，这一格写不了，请找到具体日期`)
    throw fault(`「${text}」不是日期，请写成 2024-03-01 或 2024年3月1日`)
  }
  const day = [found[1], found[2].padStart(2, '0'), found[3].padStart(2, '0')].join('-')
  const read = new Date(day)
  if (Number.isNaN(read.getTime()) || read.toISOString().slice(0, 10) !== day) throw fault(`「${text}」没有这一天`)
  // The day after it is still one that the engine knows.
  if (day < '1900' || day > '2199-12-30') throw fault(`「${text}」的年份不在 1900 到 2199 之间，请核对`)
  return day
}

/** A day of every year as `01-01`. */
export function dayOfYear({ text }) {
  const found = /^(\d{1,2})(?:月|-|\/|\.)(\d{1,2})日?$/.exec(narrow(text).replaceAll(' ', ''))
  const [month, day] = found === null ? [0, 0] : [Number(found[1]), Number(found[2])]
  if (month < 1 || month > 12 || day < 1 || day > 28) throw fault(`「${text}」请写成 1月1日 这样（日子不超过 28 日）`)
  return `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

// ── how a sentence may print a figure ────────────────────────────────────────────────────────────────────────────

const DIGITS = '零一二三四五六七八九'

/** Whole numbers below ten thousand in Chinese, in the ways they are written. */
function chinese(n) {
  if (n < 1 || n > 9_999) return []
  const units = ['', '十', '百', '千']
  let text = ''
  let gap = false
  String(n).split('').map(Number).forEach((digit, i, all) => {
    const unit = units[all.length - 1 - i]
    if (digit === 0) gap = text !== ''
    else {
      text += (gap ? '零' : '') + DIGITS[digit] + unit
      gap = false
    }
  })
  return text.startsWith('一十') ? [text, text.slice(1)] : [text]
}

const grouped = digits => digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
const decimalOf = (units, places) => {
  const text = String(units).padStart(places + 1, '0')
  return `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '')
}

/** Spellings of an amount of fen, with their unit. */
export function moneySpellings(fen) {
  const yuan = decimalOf(fen, 2)
  const all = [`${yuan}元`, `${grouped(yuan)}元`]
  if (fen % 100 === 0) all.push(`${yuan}.00元`, ...chinese(fen / 100).map(text => `${text}元`))
  if (fen >= 1_000_000) {
    const wan = decimalOf(fen, 6)
    all.push(`${wan}万元`, `${wan}万`, ...(fen % 1_000_000 === 0 ? chinese(fen / 1_000_000).flatMap(text => [`${text}万元`, `${text}万`]) : []))
  }
  return all
}

/** Spellings of hundredths of a per cent. */
export function rateSpellings(parts) {
  const percent = decimalOf(parts, 2)
  const all = [`${percent}%`]
  if (parts % 100 === 0) {
    all.push(`${percent}.0%`, `${percent}.00%`, ...chinese(parts / 100).map(text => `百分之${text}`))
    const tens = parts / 1000
    if (Number.isInteger(tens) && tens < 10) all.push(`${DIGITS[tens]}成`, `${tens}成`)
    if (parts % 1000 === 500) all.push(`${DIGITS[Math.floor(tens)]}成五`)
  }
  if (parts === 5_000) all.push('减半')
  return all
}

export const yuan = fen => `${decimalOf(fen, 2)}元`
export const percent = parts => `${decimalOf(parts, 2)}%`
/** Two decimals, as decisions print money. */
export const fixed = fen => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
