// From a sheet to answers: every fault with the address of its cell, all at once.

import { nearest } from '../args.mjs'
import { beyond } from './beyond.mjs'
import { COLUMNS, LEVELS, ROWS } from './cells.mjs'
import { CellFault, date, dayOfYear, money, moneySpellings, narrow, percent, rate, rateSpellings, yuan } from './figures.mjs'
import { bare, phraseOf } from './mark.mjs'
import { misplaced } from './regions.mjs'
import { letters } from './xlsx.mjs'

const MOST_QUOTE = 1_200
/** In the place of a sentence that is not looked through: too long, or with what nobody sees. */
const UNREAD = Symbol('not looked through')
const HIDDEN = /(?!\t)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const SAME = new Set(['同上', '〃'])

/** Spaces that a page's layout put among Chinese words and before units; those between Latin words or numbers stay. */
const spaced = text => text.replace(/(?<![A-Za-z0-9０-９])\s+|\s+(?![A-Za-z0-9０-９])/g, '')

/** Cell texts of rows as their officer reads them, without line breaks that a wide text took on. */
const textOf = cell => (cell?.text ?? '').replace(/[\r\n\u200b\ufeff]+/g, '').trim()

export function readTable(sheet) {
  const reading = new Reading(sheet)
  const answers = reading.answers()
  return { answers, problems: reading.problems }
}

class Reading {
  problems = []
  #sheet
  #columns
  #rows = new Map()

  constructor(sheet) {
    this.#sheet = sheet
    this.#columns = this.#header()
    if (this.#columns !== undefined) this.#find()
  }

  #say(row, column, message) {
    this.problems.push({ at: `${this.#sheet.name}!${letters(column)}${row + 1}`, message })
  }

  /** The columns by their names in the first row, wherever they stand. */
  #header() {
    const names = (this.#sheet.rows[0] ?? []).map(cell => narrow(textOf(cell)).replaceAll(' ', ''))
    const columns = {}
    for (const [id, name] of Object.entries(COLUMNS)) {
      const at = names.findIndex(given => given === name || (id === 'quote' && given.startsWith('原文')))
      if (names.filter(given => given === name).length > 1) this.#say(0, names.lastIndexOf(name), `列「${name}」出现两次`)
      columns[id] = at
      if (at >= 0 || id === 'help') continue
      const near = names.findIndex(given => given !== '' && !Object.values(COLUMNS).includes(given))
      this.#say(0, near < 0 ? names.length : near, `第一行没有列「${name}」${near < 0 ? '' : `；是不是把列名改成了「${names[near]}」？请改回「${name}」`}`)
    }
    return ['name', 'value', 'quote'].every(id => columns[id] >= 0) ? columns : undefined
  }

  /** The rows by the names of their cells. */
  #find() {
    const known = new Map(ROWS.map(row => [narrow(row.name).replaceAll(' ', ''), row]))
    this.#sheet.rows.forEach((cells, at) => {
      if (at === 0) return
      const given = textOf(cells[this.#columns.name])
      const row = known.get(narrow(given).replaceAll(' ', ''))
      if (given === '') {
        const filled = ['value', 'quote'].find(id => textOf(cells[this.#columns[id]]) !== '')
        if (filled !== undefined) this.#say(at, this.#columns.name, '这一行填了内容，却没有项目名称')
      } else if (row === undefined) {
        const near = nearest(given, ROWS.map(({ name }) => name))
        this.#say(at, this.#columns.name, `没有「${given}」这一项${near ? `，是不是「${near}」？` : '；项目名称不要改，也不要加行'}`)
      } else if (this.#rows.has(row.id)) this.#say(at, this.#columns.name, `「${row.name}」已经在第 ${this.#rows.get(row.id) + 1} 行填过`)
      else this.#rows.set(row.id, at)
    })
    for (const { id, name } of ROWS) if (!this.#rows.has(id)) this.#say(this.#sheet.rows.length, this.#columns.name, `缺少「${name}」这一行；不需要填的也请保留`)
    for (const range of this.#sheet.merged) {
      const [first] = range.split(':')
      this.problems.push({ at: `${this.#sheet.name}!${first}`, message: `合并了单元格 ${range}，请取消合并，每格各填各的` })
    }
  }

  #cell(row, column) {
    return this.#sheet.rows[this.#rows.get(row)]?.[this.#columns[column]]
  }

  #fault(row, column, message) {
    this.#say(this.#rows.get(row) ?? 0, this.#columns[column], message)
  }

  answers() {
    if (this.#columns === undefined) return undefined
    const all = new Map()
    let above
    for (const row of ROWS) {
      if (!this.#rows.has(row.id)) continue
      const quote = this.#quote(row, above)
      if (quote !== undefined) above = quote
      const value = this.#value(row)
      if (value !== undefined) all.set(row.id, { ...this.#placed(row, value, quote), row: this.#rows.get(row.id) })
    }
    this.#marks(all)
    this.#together(all)
    return all
  }

  #value(row) {
    const cell = this.#cell(row.id, 'value')
    const text = textOf(cell)
    if (cell?.formula) return this.#fault(row.id, 'value', `「${row.name}」是公式，请填算好的数`)
    if (cell?.error) return this.#fault(row.id, 'value', `「${row.name}」显示 ${text}，请重新填写`)
    if (text === '') {
      if (row.needed) this.#fault(row.id, 'value', `「${row.name}」没有填；${row.help}`)
      return undefined
    }
    if (this.#hides(row, 'value', text)) return undefined
    try {
      return READERS[row.kind]({ ...cell, text }, row)
    } catch (error) {
      if (!(error instanceof CellFault)) throw error
      this.#fault(row.id, 'value', error.message)
      return undefined
    }
  }

  /** A character that nobody sees has no business in a pack. */
  #hides(row, column, text) {
    const hidden = HIDDEN.exec(text)?.[0]
    if (hidden === undefined) return false
    this.#fault(row.id, column, `有看不见的字符（U+${hidden.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}），像是复制时带来的，请把这一格清空重新输入`)
    return true
  }

  #quote(row, above) {
    const cell = this.#cell(row.id, 'quote')
    const text = textOf(cell)
    if (text === '') return undefined
    if (!row.quoted) {
      this.#fault(row.id, 'quote', `「${row.name}」不需要原文，请把这一格空着`)
      return undefined
    }
    if (SAME.has(text)) {
      if (above === undefined) this.#fault(row.id, 'quote', '写了“同上”，上面却没有原文')
      return above
    }
    if (this.#hides(row, 'quote', text)) return UNREAD
    if (cell.formula) this.#fault(row.id, 'quote', '原文是公式，请照抄文字')
    if (text.length <= MOST_QUOTE) return spaced(text)
    this.#fault(row.id, 'quote', `原文有 ${text.length} 个字，最多 ${MOST_QUOTE} 个；只抄有这个数的那一句`)
    return UNREAD
  }

  #placed(row, value, quote) {
    return { value, quote, name: row.name }
  }

  /** Of every figure the phrase that proves it. */
  #marks(all) {
    const names = [...all].filter(([id]) => id.endsWith('.name')).map(([, { value }]) => value)
    for (const row of ROWS.filter(({ quoted }) => quoted)) {
      const answer = all.get(row.id)
      if (answer === undefined) {
        if (this.#rows.has(row.id) && textOf(this.#cell(row.id, 'quote')) !== '' && textOf(this.#cell(row.id, 'value')) === '') this.#fault(row.id, 'value', `「${row.name}」有原文，却没有填数；要测算请填上，不要测算请把原文也空着`)
        continue
      }
      if (answer.quote === UNREAD) continue
      // Zero, no cap and the same each time are no figures of a sentence.
      const figure = FIGURES[row.kind](answer.value)
      if (figure === undefined) {
        if (answer.quote !== undefined) answer.quote = bare(answer.quote)
        continue
      }
      if (answer.quote === undefined) {
        this.#fault(row.id, 'quote', `${figure.shown} 没有原文；请照抄写有这个数的那一句，没有依据的数不能用`)
        continue
      }
      const level = row.id.startsWith('level_') ? all.get(row.id.replace(/\..*/, '.name'))?.value : undefined
      try {
        answer.phrase = phraseOf(answer.quote, figure.spellings, figure.shown, level, names.filter(name => name !== level))
      } catch (error) {
        if (!(error instanceof CellFault)) throw error
        this.#fault(row.id, 'quote', error.message)
      }
      answer.quote = bare(answer.quote)
    }
  }

  /** What the cells say to each other. */
  #together(all) {
    const value = id => all.get(id)?.value
    for (let n = 1; n <= LEVELS; n++) {
      const name = value(`level_${n}.name`)
      const filled = ['deductible', 'rate'].filter(field => all.has(`level_${n}.${field}`))
      if (name === undefined && filled.length > 0 && n > 1) this.#fault(`level_${n}.name`, 'value', `级别${n} 填了数，却没有名称`)
      if (name !== undefined && /门诊|大病|救助/.test(name)) this.#fault(`level_${n}.name`, 'value', beyond(name))
      for (let m = 1; m < n; m++) if (name !== undefined && name === value(`level_${m}.name`)) this.#fault(`level_${n}.name`, 'value', `「${name}」与级别${m} 重复`)
    }
    if (value('code') !== undefined && value('region') !== undefined) {
      const wrong = misplaced(value('code'), value('region'))
      if (wrong !== undefined) this.#fault('code', 'value', wrong)
    }
    if (value('evidence') !== undefined && value('until') !== undefined && value('evidence') > value('until')) this.#fault('evidence', 'value', `依据日期 ${value('evidence')} 晚于有效期止 ${value('until')}：那一天这份文件已经失效；请填文件有效的一天，一般同发布日期`)
    if (value('from') !== undefined && value('until') !== undefined && value('from') > value('until')) this.#fault('until', 'value', `有效期止 ${value('until')} 早于有效期起 ${value('from')}`)
    const counts = (value('cap') !== undefined && value('cap') !== 'none') || (value('repeat') !== undefined && value('repeat') !== 'same')
    if (counts && value('year') === undefined && this.#rows.has('year') && textOf(this.#cell('year', 'value')) === '') this.#fault('year', 'value', '有年度限额或再次住院规定，要填结算年度从哪一天开始，如 1月1日')
    if (!ROWS.some(({ id, quoted }) => quoted && all.get(id)?.phrase !== undefined) && this.problems.length === 0) this.#fault('level_1.deductible', 'value', '整张表没有一个有原文的数，没有什么可以测算')
  }
}

const choice = ({ text }, { choices }) => {
  const given = narrow(text)
  if (Object.hasOwn(choices, given)) return choices[given]
  throw new CellFault(`「${text}」不在可填的里面，请填 ${Object.keys(choices).join('、')} 之一`)
}

/** How it is said that there is no cap. */
const NO_CAP = new Set(['无', '没有', '不设', '不限', '无限', '无限额', '不设限', '不设限额', '不限额', '不封顶', '不设封顶', '不设封顶线', '无封顶线'])

const READERS = {
  text({ text, day, number }) {
    if (day || number) throw new CellFault(`这里要文字，单元格里是${day ? '日期' : '数'} ${text}；请把单元格设为“文本”再填`)
    return text
  },
  code({ text }) {
    const given = narrow(text)
    if (/^\d{6}$/.test(given)) return given
    throw new CellFault(`「${text}」不是六位数字的行政区划代码`)
  },
  id({ text }) {
    const given = narrow(text)
    if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(given) && given.length <= 60) return given
    throw new CellFault(`「${text}」不能作名称，请用小写拼音，词之间用 -，如 moushi-mouxian-resident`)
  },
  url({ text }) {
    if (/^https?:\/\/\S+$/.test(text)) return text
    throw new CellFault(`「${text}」不是网址，要以 http:// 或 https:// 开头；不是网上读到的就空着`)
  },
  choice,
  date: cell => date(cell),
  day({ text, day }) {
    return dayOfYear({ text: day ? text.slice(5) : text })
  },
  money: cell => money(cell),
  cap: cell => (NO_CAP.has(narrow(cell.text)) ? 'none' : positive(money(cell), cell)),
  rate: cell => rate(cell),
  repeat: cell => (narrow(cell.text) === '每次相同' ? 'same' : narrow(cell.text) === '减半' ? 5_000 : rate(cell)),
}

function positive(fen, { text }) {
  if (fen > 0) return fen
  throw new CellFault(`「${text}」：限额不能是 0；文件不设限额的填 无`)
}

const ofMoney = fen => (fen === 0 ? undefined : { shown: yuan(fen), spellings: moneySpellings(fen) })
const ofRate = parts => (parts === 0 || parts === 10_000 ? undefined : { shown: percent(parts), spellings: rateSpellings(parts) })
const FIGURES = {
  money: ofMoney,
  cap: value => (value === 'none' ? undefined : ofMoney(value)),
  rate: ofRate,
  repeat: value => (value === 'same' ? undefined : ofRate(value)),
}
