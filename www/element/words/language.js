// Two languages. A `language` is handed to whatever writes words; nothing here is global.

import { ZH } from './zh.js'

let english
const chinese = { ...ZH }

/** Chinese words that come with a later file. */
export const addWords = words => Object.assign(chinese, words)

/** Whether a language is at hand; English comes in a file of its own. */
export const hasWords = lang => !isEnglish(lang) || english !== undefined
export const isEnglish = lang => (lang ?? '').toLowerCase().startsWith('en')

export async function loadWords(lang) {
  if (isEnglish(lang)) english ??= (await import('./en.js')).EN
}

/** `say(key, values)` for the element's own words, `pick(text)` for a text of the engine or a pack. */
export function language(lang) {
  const zh = !isEnglish(lang) || english === undefined
  const words = zh ? chinese : english
  return {
    lang: zh ? 'zh-CN' : 'en',
    zh,
    pick: text => (text === null || text === undefined ? '' : zh ? text.zh : text.en),
    say(key, values = {}) {
      const text = words[key]
      if (text === undefined) throw new Error(`no words for ${key}`)
      return text.replace(/\{(\w+)\}/gu, (_, name) => values[name] ?? '')
    },
    list: texts => texts.join(zh ? '、' : ', '),
    /** A sentence that ends, whatever its text ends with. */
    sentence: text => (/[。！？.!?]$/u.test(text) ? text : `${text}${zh ? '。' : '.'}`),
  }
}
