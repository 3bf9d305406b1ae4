// Where in its sentence a figure stands: the phrase that a cite marks.

import { CellFault } from './figures.mjs'

const BOUNDARY = /[0-9０-９.,，．]/
const FENCE = /[;；。]/
/** Punctuation, but for what stands inside a number. */
const PART = /[。;；:：、]|[,，](?!\d{3})/g

/** A quote without the marks 【】 that an officer set in it. */
export const bare = quote => quote.replaceAll('【', '').replaceAll('】', '')

/**
 * The phrase of `quote` that holds the figure: what 【】 marks, or the figure with the words before it. `level` is the
 * name of the level it belongs to, `others` are those of the other levels, where a sentence names several.
 */
export function phraseOf(quote, spellings, shown, level, others = []) {
  const marked = /【([^】]*)】/.exec(quote)?.[1]
  const text = bare(quote)
  if (marked !== undefined) {
    if (marked === '' || count(text, marked) !== 1) throw new CellFault(`【】里的字「${marked}」在这一句里${marked === '' ? '是空的' : '不止一处'}，请多括几个字`)
    if (found(marked, spellings).length === 0) throw new CellFault(`【${marked}】里没有 ${shown}`)
    return marked
  }
  const places = found(text, spellings)
  if (places.length === 0) {
    const broken = found(text.replaceAll(' ', ''), spellings).length > 0 ? '（原文的数字中间有空格，像是换行或复制时断开的，请删去）' : ''
    throw new CellFault(`原文里没有 ${shown}${broken}：请照抄写有这个数的那一句，或核对填写的数`)
  }
  const own = ofLevel(text, places, level, others)
  if (own.length === 0) throw new CellFault(`原文里的 ${shown} 不在「${level}」后面：请核对这个数是不是这一级的；是的话请用【】括出`)
  if (own.length > 1) throw new CellFault(`原文里有 ${places.length} 处 ${shown}，分不清是哪一处：请用【】括出这一处连同前面几个字`)
  return widened(text, own[0], level)
}

const count = (text, part) => text.split(part).length - 1

/** Places of the figure where no other number runs into it. */
function found(text, spellings) {
  const plain = text.replace(/[０-９％．]/g, c => c.normalize('NFKC'))
  const all = new Map()
  for (const spelling of spellings) {
    for (let at = plain.indexOf(spelling); at >= 0; at = plain.indexOf(spelling, at + 1)) {
      const before = plain[at - 1] ?? ''
      const inChinese = /^[零一二三四五六七八九十]/.test(spelling)
      if (inChinese ? /[零一二三四五六七八九十百千万点]/.test(before) : BOUNDARY.test(before) && !(/[,，]/.test(before) && !/\d/.test(plain[at - 2] ?? ''))) continue
      const longest = Math.max(all.get(at)?.[1] ?? 0, at + spelling.length)
      all.set(at, [at, longest])
    }
  }
  return [...all.values()]
}

/** The places in the part of the sentence that names the level: up to the next level or the end of the part. */
function ofLevel(text, places, level, others) {
  if (level === undefined || count(text, level) !== 1) return places
  const start = text.indexOf(level)
  const after = start + level.length
  const ends = [text.slice(after).search(FENCE), ...others.map(name => text.slice(after).indexOf(name))].filter(at => at >= 0)
  const end = after + Math.min(text.length, ...ends)
  const own = places.filter(([from, to]) => from >= start && to <= end)
  // Where no other level is named, the figure may well stand before this one.
  return own.length > 0 || others.some(name => text.includes(name)) ? own : places
}

/**
 * The figure with the words before it: from the level's name where it is near, else from the start of its part of the
 * sentence, and further where that would stand twice.
 */
function widened(text, [from, to], level) {
  const once = start => count(text, text.slice(start, to)) === 1
  const named = level === undefined ? -1 : text.lastIndexOf(level, from)
  if (named >= 0 && to - named <= 60 && !FENCE.test(text.slice(named, from)) && once(named)) return text.slice(named, to)
  const parts = Array.from(text.slice(0, from).matchAll(PART), ({ index }) => index + 1)
  const start = [...parts.reverse(), 0].find(once)
  return text.slice(start ?? 0, to)
}
