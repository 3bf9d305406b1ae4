// yibao batch: a table of cases decided, row by row, in bounded memory.

import { basename, extname, resolve } from 'node:path'
import { EXIT, misuse } from '../exit.mjs'
import { chosenService } from '../case.mjs'
import { caseOfJson, columnsOf, keptNames } from '../batch/columns.mjs'
import { decideAll, resultColumns } from '../batch/decide.mjs'
import { LineFile } from '../batch/lines.mjs'
import { writerFor } from '../batch/output.mjs'
import { Progress } from '../batch/progress.mjs'
import { FAULTS, arrowRows, csvRows, jsonlRows } from '../batch/rows.mjs'
import { Run } from '../batch/run.mjs'

export const name = 'batch'
export const summary = { zh: '一张表，一行一个案例', en: 'a table of cases, one a row' }
export const usage = ['PACK -i IN.csv|jsonl|arrow -o OUT.csv|jsonl|arrow [-s SERVICE]']
export const options = {
  service: { type: 'string', short: 's', value: 'SERVICE', help: { zh: '服务；只有一个时可以不写', en: 'service; may be left out where there is one' } },
  input: { type: 'string', short: 'i', value: 'FILE', help: { zh: '案例：.csv .jsonl .arrow', en: 'cases: .csv .jsonl .arrow' } },
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '结果：.csv .jsonl .arrow', en: 'results: .csv .jsonl .arrow' } },
  keep: { type: 'string', multiple: true, value: 'COLUMN', help: { zh: '这一列原样带到结果里（列 id 总是带）', en: 'carry this column through (the column id always is)' } },
  step: { type: 'string', multiple: true, value: 'STEP', help: { zh: '结果里加上这一步的值（慢）', en: 'add the value of this step (slower)' } },
  warnings: { type: 'boolean', help: { zh: '结果里加上提醒（慢）', en: 'add the warnings (slower)' } },
  delimiter: { type: 'string', value: 'CHARACTER', help: { zh: 'CSV 的分隔符（默认逗号，.tsv 为制表符）', en: 'of the CSV (a comma; a tab for .tsv)' } },
  guard: { type: 'boolean', help: { zh: "CSV 里表格软件会当公式的格子（= + - @ 开头）前面加 '", en: "put a ' before cells of the CSV that a spreadsheet would take for a formula" } },
  resume: { type: 'boolean', help: { zh: '接着没有做完的一次', en: 'go on with the unfinished run' } },
  restart: { type: 'boolean', help: { zh: '丢掉没有做完的一次，重新做', en: 'drop the unfinished run and begin anew' } },
  strict: { type: 'boolean', help: { zh: '有一行没有算出结果时退出码为 4', en: 'exit code 4 unless every row is computed' } },
}
export const details = {
  zh: '列名用事实名，分层的用点：total admission_date hospital.level ledger.basic_paid previous.discharge_date\nparameters.price；列 previous 填 none 表示没有上一次。空格子表示没有回答，不是 0。\n坏行（读不懂的行、不合要求的答案）带行号和原因写到 OUT.bad.csv（或 .bad.jsonl）：结果行数加坏行数等于输入行数。\n有坏行时退出码为 1。中断后同样的命令加 --resume 接着做。\n带过去的列和坏行里可能有别人写的公式（= + - @ 开头的格子）：结果要用表格软件打开的，加 --guard。',
  en: 'Columns are named after facts, with dots: total admission_date hospital.level ledger.basic_paid\nprevious.discharge_date parameters.price; `none` in the column previous says that there was no stay before.\nAn empty cell is not answered, which is not zero. Bad rows go to OUT.bad.csv (or .bad.jsonl) with line and reason:\nrows out and bad rows add up to the rows of the input, and the exit code is 1 where there is one.\nAfter an interruption the same command with --resume goes on.\nColumns carried through and bad rows may hold formulas that others wrote (cells that begin with = + - @): add --guard\nwhere a spreadsheet opens the result.',
}

const FORMATS = { '.csv': 'csv', '.tsv': 'csv', '.txt': 'csv', '.jsonl': 'jsonl', '.ndjson': 'jsonl', '.arrow': 'arrow', '.feather': 'arrow' }

function needed(context, option) {
  const given = context.options[option]
  if (given === undefined) throw misuse('missing-option', { zh: `缺少 --${option} 文件`, en: `--${option} FILE is missing` })
  if (given === '-') throw misuse('bad-option', { zh: `--${option} 要一个文件：中断后才能接着做`, en: `--${option} takes a file, so that a run can be resumed` })
  return given
}

function formatOf(file) {
  const ending = extname(file).toLowerCase()
  if (FORMATS[ending]) return FORMATS[ending]
  const excel = /^\.xlsx?$/.test(ending)
  throw misuse('bad-format', { zh: `\`${file}\` 的扩展名不是 .csv .jsonl .arrow`, en: `\`${file}\` does not end in .csv .jsonl .arrow` }, excel ? { help: { zh: '在 Excel 里另存为“CSV UTF-8（逗号分隔）”', en: 'save it as “CSV UTF-8” in Excel' } } : {})
}

async function arrowLibrary() {
  try {
    return await import('apache-arrow')
  } catch (cause) {
    throw misuse('no-arrow', { zh: '读写 Arrow 要另装 apache-arrow', en: 'Arrow files need the package apache-arrow' }, { help: { zh: 'npm install apache-arrow，或改用 .csv .jsonl', en: 'npm install apache-arrow, or use .csv .jsonl' }, cause })
  }
}

export async function run(context) {
  context.expectArgs(['PACK'])
  const [input, output] = [needed(context, 'input'), needed(context, 'output')]
  const formats = { in: formatOf(input), out: formatOf(output) }
  if (resolve(input) === resolve(output)) throw misuse('same-file', { zh: '输入和结果是同一个文件', en: 'input and output are the same file' })
  if (context.options.resume && formats.out === 'arrow') throw misuse('bad-option', { zh: 'Arrow 结果不能接着写，请用 --restart 或改用 .csv', en: 'an Arrow file cannot be gone on with; use --restart, or .csv' })
  const { rules } = await context.loadPack(context.args[0])
  const job = new Job(context, rules, chosenService(rules, context.options.service), { input, output, formats })
  if (Object.values(formats).includes('arrow')) job.arrow = await arrowLibrary()
  return job.run()
}

/** Rows decided at once: few enough that what was made of them is gone before the next. */
const SLICE = 256

class Job {
  constructor(context, rules, service, { input, output, formats }) {
    const { keep = [], step: steps = [], warnings = false, guard = false, delimiter } = context.options
    const plan = JSON.parse(rules.planJson())
    Object.assign(this, { context, rules, service, plan, input, output, formats })
    this.info = rules.services.find(({ id }) => id === service)
    this.keep = keep
    this.delimiter = separator(delimiter ?? (extname(input).toLowerCase() === '.tsv' ? '\t' : ','))
    const known = plan.services.find(({ id }) => id === service).steps.map(({ id }) => id)
    const wrong = steps.find(id => !known.includes(id))
    if (wrong !== undefined) throw misuse('bad-option', { zh: `没有步骤 \`${wrong}\``, en: `there is no step \`${wrong}\`` }, { help: { zh: `步骤有 ${known.join(' ')}`, en: `steps are ${known.join(' ')}` } })
    this.columns = resultColumns(plan, service, { steps, warnings, t: text => context.t(text) })
    this.asked = { digest: plan.digest, service, keep, steps, warnings, ...(guard && { guard }), delimiter: this.delimiter, lang: context.lang, input: resolve(input) }
  }

  async run() {
    const { context } = this
    this.file = new LineFile(this.input, { binary: this.formats.in === 'arrow' })
    try {
      if (this.file.size === 0) throw misuse('empty-file', { zh: `\`${this.input}\` 是空的`, en: `\`${this.input}\` is empty` })
      await this.#prepare()
      const { resume, restart } = context.options
      const asked = { ...this.asked, size: this.file.size, mtime: this.file.mtimeMs }
      const files = new Run(this.output, this.badFile, asked, { resume, restart })
      return await this.#filled(files)
    } finally {
      this.file.close()
    }
  }

  /** The header, and with it what the columns mean. */
  async #prepare() {
    const { formats, context, file } = this
    this.badFile = this.output.replace(/(\.[^.]*)?$/, formats.in === 'jsonl' ? '.bad.jsonl' : '.bad.csv')
    if (formats.in === 'jsonl') {
      this.kept = keptNames(this.plan, this.keep)
      this.from = 1
    } else {
      const header = await this.#header()
      const { kept, absent, caseOf } = columnsOf(this.plan, this.info, header.cells, this.keep, this.input)
      Object.assign(this, { header: header.cells, kept: kept.map(({ name }) => name), keptAt: kept.map(({ at }) => at), caseOf, from: header.next })
      if (absent.length > 0) context.note({ zh: `提示：这些事实没有列，按没有回答处理：${absent.join(' ')}`, en: `note: these facts have no column and are not answered: ${absent.join(' ')}` })
    }
    const own = this.columns.map(([name]) => name)
    const double = this.kept.find(name => own.includes(name))
    if (double !== undefined) throw misuse('bad-column', { zh: `带过去的列 \`${double}\` 与结果的列同名`, en: `the column \`${double}\` is carried through and is also one of the results` })
    if (file.encoding === 'gb18030' && formats.in !== 'arrow') context.note({ zh: `提示：\`${this.input}\` 是 GBK 编码，已按 GBK 读；结果为 UTF-8`, en: `note: \`${this.input}\` is in GBK and read as such; results are in UTF-8` })
    const bom = file.bom > 0 || file.encoding === 'gb18030'
    const formula = cell => this.#formula(cell)
    this.writer = writerFor(formats.out, [...this.kept, ...own], { bom, arrow: this.arrow, formula })
    this.badWriter = writerFor(formats.in === 'jsonl' ? 'jsonl' : 'csv', formats.in === 'jsonl' ? ['line', 'code', 'reason', 'row'] : ['line', 'code', 'reason', ...this.header], { bom, formula })
  }

  /** Tables of others reach a spreadsheet by way of the result: who opens it is told once. */
  #formula(cell) {
    if (this.context.options.guard) return `'${cell}`
    if (!this.warned) this.context.note({ zh: "提示：有的格子以 = + - @ 开头，表格软件打开结果会当公式执行；--guard 在前面加 '", en: "note: some cells begin with = + - @, and a spreadsheet that opens the result would run them as formulas; --guard puts a ' before them" })
    this.warned = true
    return cell
  }

  async #header() {
    if (this.formats.in === 'arrow') {
      for await (const { names } of arrowRows(this.input, this.arrow)) return { cells: names, next: 1 }
      throw misuse('empty-file', { zh: `\`${this.input}\` 没有行`, en: `\`${this.input}\` has no rows` })
    }
    for await (const { rows } of csvRows(this.file, this.delimiter)) {
      const [first] = rows
      if (first?.cells === undefined) throw misuse('bad-header', { zh: `\`${this.input}\` 的第一行（列名）读不懂`, en: `the first line of \`${this.input}\` (names of columns) cannot be read` })
      if (first.cells.length === 1 && /[;\t]/.test(first.raw)) throw misuse('bad-header', { zh: `\`${this.input}\` 好像不是用逗号分隔的`, en: `\`${this.input}\` does not look separated by commas` }, { help: { zh: '用 --delimiter ";" 或 --delimiter tab', en: 'try --delimiter ";" or --delimiter tab' } })
      return { cells: first.cells, next: first.line + first.raw.split('\n').length }
    }
    throw misuse('empty-file', { zh: `\`${this.input}\` 没有列名`, en: `\`${this.input}\` has no names of columns` })
  }

  #rows(from) {
    switch (this.formats.in) {
      case 'csv': return csvRows(this.file, this.delimiter, from)
      case 'jsonl': return jsonlRows(this.file, from)
      default: return arrowRows(this.input, this.arrow, from)
    }
  }

  async #filled(files) {
    const { context, writer, badWriter } = this
    // All rows were done when the run was cut off: what is left is to give the files their names.
    if (files.done.ended) {
      files.finish()
      return this.#ended(files.done)
    }
    const progress = new Progress(context, this.file.size, files.done.rows)
    // Between two chunks what is written and what is noted agree; the signal comes only there.
    const pause = () => {
      files.checkpoint()
      progress.clear()
      context.note({ zh: `已中断，做完 ${files.done.rows} 行。接着做：同样的命令加 --resume`, en: `interrupted after ${files.done.rows} rows. To go on: the same command with --resume` })
    }
    context.ended.addEventListener('abort', pause, { once: true })
    try {
      if (!files.done.headed) files.add({ out: Buffer.from(await writer.head()), bad: Buffer.from(badWriter.head()) }, { headed: true })
      for await (const { rows, bytes, next } of this.#rows(Math.max(this.from, files.done.next))) {
        await this.#chunk(files, rows, next)
        progress.show(bytes, files.done)
      }
      files.add({ out: Buffer.from(await writer.end()), bad: Buffer.alloc(0) }, {})
      context.ended.removeEventListener('abort', pause)
      files.finish()
    } catch (error) {
      progress.clear()
      context.ended.removeEventListener('abort', pause)
      throw files.stopped(error)
    }
    progress.clear()
    return this.#ended(files.done)
  }

  async #chunk(files, rows, next) {
    const [out, bad] = [[], []]
    const { done } = files
    const counts = { next, rows: done.rows + rows.length, good: done.good, bad: done.bad, computed: done.computed }
    for (let at = 0; at < rows.length; at += SLICE) {
      const { good, wrong, computed } = this.#decided(rows.slice(at, at + SLICE))
      if (good.length > 0) out.push(Buffer.from(await this.writer.rows(good)))
      if (wrong.length > 0) bad.push(Buffer.from(this.badWriter.rows(wrong)))
      counts.good += good.length
      counts.bad += wrong.length
      counts.computed += computed
    }
    files.add({ out: Buffer.concat(out), bad: Buffer.concat(bad) }, counts)
  }

  /** What some rows become: rows of the result, bad rows, and how many were computed. */
  #decided(rows) {
    const [good, wrong] = [[], []]
    const wellFormed = rows.map(row => this.#wellFormed(row))
    const results = decideAll(this.rules, this.service, this.columns, rows.filter((_, i) => wellFormed[i]).map(row => (row.value === undefined ? this.caseOf(row.cells) : caseOfJson(row.value, this.kept))))
    let [at, computed] = [0, 0]
    rows.forEach((row, i) => {
      const result = wellFormed[i] ? results[at++] : row
      if (result.outcome === undefined) wrong.push(this.#badRow(row, result))
      else {
        good.push([...this.#carried(row), ...result.cells])
        if (result.outcome === 'computed') computed += 1
      }
    })
    return { good, wrong, computed }
  }

  #wellFormed(row) {
    if (row.fault !== undefined) Object.assign(row, { code: row.fault, reason: this.context.t(FAULTS[row.fault]) })
    else if (row.cells !== undefined && row.cells.length !== this.header.length) {
      Object.assign(row, { code: 'columns', reason: this.context.t({ zh: `这一行有 ${row.cells.length} 格，列名有 ${this.header.length} 个`, en: `the row has ${row.cells.length} cells, and there are ${this.header.length} columns` }) })
    } else return true
    return false
  }

  #carried({ cells, value }) {
    if (cells !== undefined) return this.keptAt.map(at => cells[at])
    return this.kept.map(name => (value[name] === undefined || value[name] === null ? '' : typeof value[name] === 'string' ? value[name] : JSON.stringify(value[name])))
  }

  #badRow(row, { code, reason }) {
    const head = [String(row.line), code, reason]
    return this.formats.in === 'jsonl' || row.cells === undefined ? [...head, row.raw] : [...head, ...row.cells]
  }

  #ended({ rows, good, bad, computed }) {
    const { context } = this
    const { status, evidenceDate } = this.plan.pack
    context.note({
      zh: `${basename(this.output)}：${rows} 行，算出 ${computed}，未算出 ${good - computed}，坏行 ${bad}${bad > 0 ? `（见 ${basename(this.badFile)}）` : ''}`,
      en: `${basename(this.output)}: ${rows} rows, ${computed} computed, ${good - computed} not, ${bad} bad${bad > 0 ? ` (see ${basename(this.badFile)})` : ''}`,
    })
    if (evidenceDate) context.note({ zh: `依据日期 ${evidenceDate}，状态 ${status}：服务日期不同的，政策可能已变（--warnings 逐行列出）`, en: `evidence of ${evidenceDate}, status ${status}: for other service dates the rules may differ (--warnings says where)` })
    if (context.options.strict && (computed < good || bad > 0)) return EXIT.UNKNOWN
    return bad > 0 ? EXIT.CASES : EXIT.OK
  }
}

function separator(given) {
  const character = given === 'tab' || given === '\\t' ? '\t' : given
  if (character.length === 1 && !/["\r\n]/.test(character)) return character
  throw misuse('bad-option', { zh: `--delimiter 要一个字符，给了 \`${given}\``, en: `--delimiter takes one character, found \`${given}\`` })
}
