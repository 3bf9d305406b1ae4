// Arguments, with complaints in both languages and the nearest known word.

import { parseArgs } from 'node:util'
import { misuse } from './exit.mjs'

export const LANGS = ['zh-CN', 'en']
export const FORMATS = ['human', 'plain', 'json']

/** Options of every command. */
export const COMMON = {
  lang: { type: 'string', choices: LANGS, value: 'zh-CN|en', help: { zh: '文字所用的语言', en: 'language of the words' } },
  'error-format': { type: 'string', choices: FORMATS, value: FORMATS.join('|'), help: { zh: '问题怎样写出（默认 human）', en: 'how problems are written (human)' } },
  color: { type: 'string', choices: ['auto', 'always', 'never'], value: 'auto|always|never', help: { zh: '颜色；NO_COLOR 也管用', en: 'colour; NO_COLOR is heeded too' } },
  help: { type: 'boolean', short: 'h', help: { zh: '这段说明', en: 'this text' } },
}

/**
 * Values and positionals of a command. Options beyond `node:util`'s keys: `choices` (words it takes), `value` and
 * `help` for the help text.
 */
export function parse(args, options = {}) {
  const known = { ...options, ...COMMON }
  const bare = Object.fromEntries(Object.entries(known).map(([name, { type, short, multiple }]) => [name, { type, ...(short && { short }), ...(multiple && { multiple }) }]))
  const { values, positionals, tokens } = parseArgs({ args, options: bare, allowPositionals: true, strict: false, tokens: true })
  for (const token of tokens) if (token.kind === 'option') mustFit(token, known)
  return { values, positionals }
}

function mustFit({ name, rawName, value, inlineValue }, known) {
  const option = Object.hasOwn(known, name) ? known[name] : undefined
  if (option === undefined) {
    const near = nearest(name, Object.keys(known))
    throw misuse('unknown-option', { zh: `没有选项 \`${rawName}\``, en: `there is no option \`${rawName}\`` }, { help: near && { zh: `是不是 \`--${near}\`？`, en: `did you mean \`--${near}\`?` } })
  }
  if (option.type === 'boolean' && value !== undefined) throw misuse('bad-option', { zh: `\`${rawName}\` 不带值，却写了 \`${value}\``, en: `\`${rawName}\` takes no value, found \`${value}\`` })
  // `-i --json`: the next option is no value. A file called so can be given as `--input=--json`.
  const isNext = !inlineValue && /^-./.test(value ?? '')
  if (option.type === 'string' && (value === undefined || isNext)) throw misuse('bad-option', { zh: `\`${rawName}\` 后面缺少值`, en: `\`${rawName}\` expects a value` })
  if (option.choices) choice(rawName, value, option.choices)
}

/** `value` if it is one of `choices`, or a complaint. */
export function choice(name, value, choices) {
  if (choices.includes(value)) return value
  const near = nearest(value, choices)
  const list = choices.join(' ')
  throw misuse('bad-option', { zh: `\`${name}\` 不能是 \`${value}\`，可用 ${list}`, en: `\`${name}\` cannot be \`${value}\`, expected one of ${list}` }, { help: near && { zh: `是不是 \`${near}\`？`, en: `did you mean \`${near}\`?` } })
}

/** What is longer is no misspelt word, and would take long to compare. */
const LONGEST_WORD = 100

/** The closest word at no more than a third of its letters away. */
export function nearest(given, words) {
  if (given.length > LONGEST_WORD) return undefined
  const all = words.map(word => ({ word, away: distance(given, word) })).sort((a, b) => a.away - b.away)
  return all.length > 0 && all[0].away <= Math.max(1, Math.floor(all[0].word.length / 3)) ? all[0].word : undefined
}

/** Letters left out, added, replaced, or two that changed places: one each. */
function distance(a, b) {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity
      rows[i][j] = Math.min(rows[i][j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), swapped)
    }
  }
  return rows[a.length][b.length]
}
