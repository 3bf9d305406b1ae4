// Figures as people type and read them. Money is text or BigInt fen, never a binary fraction.

/**
 * What a person typed, as the engine reads figures: full-width digits, separators, 元 and 万 are understood.
 * What is not understood goes on unchanged: the engine says what is wrong with it.
 */
export function typed(text, type) {
  const plain = text.normalize('NFKC').replace(/[\s\u00a0]+/gu, '').replace(/(\d)。(?=\d)/gu, '$1.')
  if (plain === '') return undefined
  if (type === 'money') return typedMoney(plain)
  if (type === 'rate') return /^[\d.]+$/u.test(plain) ? `${plain}%` : plain
  if (type === 'date') return plain
  return plain.replace(/(天|日|岁|周岁|个月|个百分点)$/u, '')
}

function typedMoney(plain) {
  const bare = plain.replace(/^[¥￥]/u, '').replace(/(元|yuan)$/iu, '')
  const digits = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/u.test(bare.replace(/万$/u, '')) ? bare.replace(/,/gu, '') : bare
  const myriads = /^(-?)(\d+)(?:\.(\d*))?万$/u.exec(digits)
  if (myriads === null) return digits
  const [, sign, whole, part = ''] = myriads
  const shifted = `${whole}${part.padEnd(4, '0').slice(0, 4)}`.replace(/^0+(?=\d)/u, '')
  return part.length > 4 ? `${sign}${shifted}.${part.slice(4)}` : `${sign}${shifted}`
}

/** Yuan as text to fen; `undefined` where it is no amount of whole fen. */
export function fen(yuan) {
  const found = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/u.exec(yuan ?? '')
  if (found === null) return undefined
  const [, sign, whole, part = ''] = found
  const size = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'))
  return sign === '-' ? -size : size
}

/** Fen to yuan with two decimals. */
export function yuan(size) {
  const digits = (size < 0n ? -size : size).toString().padStart(3, '0')
  return `${size < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** Thousands separators, and a real minus sign. */
export function grouped(text) {
  const [whole, part] = text.split('.')
  const spaced = whole.replace(/\B(?=(\d{3})+$)/gu, ',').replace('-', '−')
  return part === undefined ? spaced : `${spaced}.${part}`
}

/** A value of the engine with its unit. */
export function shown(value, { lang, pick, say }) {
  if (value.state !== 'known') return say(`state.${value.state}`)
  const zh = lang === 'zh-CN'
  switch (value.unit) {
    case 'yuan': return `${grouped(value.text)} ${zh ? '元' : 'yuan'}`
    case 'points': return zh ? `${value.text}个百分点` : `${value.text} points`
    case 'days': return days(value.text, zh)
    case 'months': return zh ? `${value.text}个月` : `${value.text} ${value.text === '1' ? 'month' : 'months'}`
    case 'date': return day(value.text, lang)
    case 'bool': return say(value.text === 'true' ? 'yes' : 'no')
    case 'option': return value.label ? pick(value.label) : value.text
    default: return value.text
  }
}

function days(text, zh) {
  const weeks = /^\d+$/u.test(text) && text !== '0' && Number(text) % 7 === 0 ? Number(text) / 7 : undefined
  if (zh) return weeks === undefined ? `${text}天` : `${text}天（${weeks}周）`
  return weeks === undefined ? `${text} days` : `${text} days (${weeks} weeks)`
}

/** An ISO date in a sentence. */
export function day(iso, lang) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(iso ?? '')
  return found === null || lang !== 'zh-CN' ? (iso ?? '') : `${found[1]}年${Number(found[2])}月${Number(found[3])}日`
}

const DIGITS = '零一二三四五六七八九'

/** An amount in Chinese words (三万元整), so that a nought too many is seen. */
export function inWords(text) {
  const size = fen(text)
  if (size === undefined) return ''
  const all = size < 0n ? -size : size
  const [whole, jiao, rest] = [all / 100n, Number((all / 10n) % 10n), Number(all % 10n)]
  let out = size < 0n ? '负' : ''
  if (whole > 0n || all === 0n) out += `${spoken(whole).replace(/^一十/u, '十')}元`
  if (jiao > 0) out += `${DIGITS[jiao]}角`
  if (rest > 0) out += `${jiao === 0 && whole > 0n ? '零' : ''}${DIGITS[rest]}分`
  return jiao === 0 && rest === 0 ? `${out}整` : out
}

function spoken(n) {
  if (n === 0n) return DIGITS[0]
  for (const [unit, word] of [[100_000_000n, '亿'], [10_000n, '万']]) {
    if (n < unit) continue
    const rest = n % unit
    return `${spoken(n / unit)}${word}${rest === 0n ? '' : `${rest < unit / 10n ? '零' : ''}${spoken(rest)}`}`
  }
  let out = ''
  let gap = false
  for (const [place, word] of [[1000n, '千'], [100n, '百'], [10n, '十'], [1n, '']]) {
    const digit = Number((n / place) % 10n)
    if (digit === 0) { gap = out !== ''; continue }
    out += `${gap ? '零' : ''}${DIGITS[digit]}${word}`
    gap = false
  }
  return out
}
