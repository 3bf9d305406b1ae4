// Two languages. A `language` is handed to whatever writes words; nothing here is global.

import { WORDS } from './words.js'

export const LANGUAGES = ['zh-CN', 'en']

/** `say(key, values)` for the page's own words, `pick(text)` for a text of the engine or a pack. */
export function language(lang) {
  const zh = lang !== 'en'
  return {
    lang: zh ? 'zh-CN' : 'en',
    pick: text => (text === null || text === undefined ? '' : zh ? text.zh : text.en),
    say(key, values = {}) {
      const words = WORDS[key]
      if (words === undefined) throw new Error(`no words for ${key}`)
      return words[zh ? 0 : 1].replace(/\{(\w+)\}/gu, (_, name) => values[name] ?? '')
    },
    list: texts => texts.join(zh ? '、' : ', '),
  }
}

/** The language asked for in the address, else Chinese. */
export function languageOf(address) {
  const asked = new URL(address).searchParams.get('lang') ?? ''
  return asked.toLowerCase().startsWith('en') ? 'en' : 'zh-CN'
}
