// yibao new: the county kit. From a table that an officer fills to a pack, its cases and a sheet to check and sign.

import { existsSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { makeFolder, writeTogether, writeWhole } from '../atomic.mjs'
import { EXIT, Failure, misuse } from '../exit.mjs'
import { SHEET, blankCsv, blankXlsx } from '../kit/blank.mjs'
import { casesText, edgeCases, stay, worked } from '../kit/cases.mjs'
import { csvSheet } from '../kit/csv.mjs'
import { MOST } from '../kit/fault.mjs'
import { fixed } from '../kit/figures.mjs'
import { MARKER, draft, packText } from '../kit/pack.mjs'
import { readTable } from '../kit/read.mjs'
import { checkSheet } from '../kit/sheet.mjs'
import { xlsxSheet } from '../kit/xlsx.mjs'
import { companions } from '../packs.mjs'
import { runCases } from '../testing/run.mjs'

export const name = 'new'
export const summary = { zh: '由待遇表（.csv .xlsx）生成政策包、案例和参数核对表', en: 'a pack, its cases and a sheet to check, from a filled table (.csv .xlsx)' }
export const usage = ['--blank 待遇表.xlsx', '--from 待遇表.xlsx [-o FOLDER] [--force]']
export const options = {
  from: { type: 'string', value: 'FILE', help: { zh: '填好的待遇表：.xlsx 或 .csv（UTF-8、GBK 都行）', en: 'the filled table: .xlsx or .csv (UTF-8 or GBK)' } },
  blank: { type: 'string', value: 'FILE', help: { zh: '写一张空白的待遇表', en: 'write the empty table' } },
  output: { type: 'string', short: 'o', value: 'FOLDER', help: { zh: '放在这里（默认用政策包名称）', en: 'where to put it (the id of the pack)' } },
  force: { type: 'boolean', help: { zh: '代替依据另一份文件的政策包', en: 'take the place of a pack made from another document' } },
}
export const details = {
  zh: '先写一张空白表：yibao new --blank 待遇表.xlsx，照政策文件填好，再 yibao new --from 待遇表.xlsx。\n填错的格子一次全部列出，带单元格地址。空着的数不会被猜：政策包碰到时不给金额。改了表再运行一次就是新的一版；换了文件（标题、文号、日期不同）的表不会盖掉原来的，另放一个文件夹，或用 --force。',
  en: 'Write the empty table with `yibao new --blank 待遇表.xlsx`, fill it from the document, then `yibao new --from` it.\nEvery wrong cell is listed at once with its address (in Chinese, like the table). What is left blank is not guessed:\nthe pack refuses there. Change the table and run it again for a new revision. A table of another\ndocument (title, number or dates differ) does not replace the old pack: choose another folder, or --force.',
}

export async function run(context) {
  const { from, blank } = context.options
  context.expectArgs([])
  if ((from === undefined) === (blank === undefined)) throw misuse('missing-option', { zh: '要 --from 待遇表，或 --blank 写一张空白表', en: 'expected --from TABLE, or --blank to write an empty one' })
  return blank === undefined ? made(context, from) : written(context, blank)
}

function written(context, path) {
  switch (extname(path).toLowerCase()) {
    case '.xlsx': writeWhole(path, blankXlsx(), { exclusive: true }); break
    case '.csv': writeWhole(path, blankCsv(), { exclusive: true }); break
    default: throw misuse('bad-format', { zh: '空白表写成 .xlsx 或 .csv', en: 'the empty table is written as .xlsx or .csv' })
  }
  context.out({ zh: `${path}：照政策文件填“填写”和“原文”两列，再运行 yibao new --from ${path}`, en: `${path}: fill in the columns 填写 and 原文, then run yibao new --from ${path}` })
}

const PACK = { zh: '政策包', en: 'pack' }
const TABLE = { zh: '待遇表', en: 'table' }

function sheetOf(context, path) {
  const bytes = context.read(path, TABLE, { most: MOST.bytes })
  switch (extname(path).toLowerCase()) {
    case '.xlsx': case '.xlsm': return xlsxSheet(path, SHEET, bytes)
    case '.csv': case '.txt': return csvSheet(path, basename(path, extname(path)), bytes)
    default: throw misuse('bad-format', { zh: `\`${path}\` 要是 .xlsx 或 .csv`, en: `\`${path}\` should be an .xlsx or .csv` }, { help: { zh: '.xls、.et、.ods 请另存为 .xlsx', en: 'save .xls, .et or .ods as .xlsx' } })
  }
}

async function made(context, path) {
  const sheet = sheetOf(context, path)
  if (sheet.gbk) context.note({ zh: `提示：\`${path}\` 是 GBK 编码，已按 GBK 读`, en: `note: \`${path}\` is in GBK and read as such` })
  const { answers, problems } = readTable(sheet)
  if (problems.length > 0) throw faulty(path, problems)
  const d = draft(answers, new Date().toISOString().slice(0, 10))
  const folder = context.options.output ?? d.id
  const former = formerPack(context, folder)
  d.revision = revisionAfter(former, d)
  if (!context.options.force) sameDocument(folder, former, packText(d))
  const [pack, cases] = [packText(d), casesText(edgeCases(d), MARKER)]
  const files = { pack: join(folder, 'pack.yaml'), cases: join(folder, 'cases.yaml'), sheet: join(folder, '参数核对表.html') }
  const rules = await compiled(context, files.pack, pack, { answers, sheet, path })
  const sheetText = checkSheet(d, answers, workedSums(d, rules), { digest: JSON.parse(rules.planJson()).digest, table: basename(path) })
  makeFolder(folder)
  writeTogether([[files.sheet, sheetText], [files.cases, cases], [files.pack, pack]])
  const { cases: count, failed } = await runCases(context, [folder])
  context.out(`  ${files.pack}\n  ${files.cases}\n  ${files.sheet}`)
  const blanks = [...answers.keys()].length
  const old = revisionOf(former)
  if (old !== undefined && old !== d.revision) context.out({ zh: `  修订号 ${d.revision}，代替 ${old}`, en: `  revision ${d.revision} in the place of ${old}` })
  context.out({
    zh: `\n${d.value('region')}：${d.levels.length} 个级别，填了 ${blanks} 格；${count} 个案例，${failed} 个不通过。\n接下来：打印 ${files.sheet}，逐项核对签字；yibao serve ${folder} 看演示页；yibao test ${folder} 运行案例。`,
    en: `\n${d.value('region')}: ${d.levels.length} levels, ${blanks} cells filled in; ${count} cases, ${failed} fail.\nNext: print ${files.sheet}, check and sign it; yibao serve ${folder} for the page; yibao test ${folder} for the cases.`,
  })
  return failed > 0 ? EXIT.CASES : EXIT.OK
}

/** All wrong cells in one complaint. */
function faulty(path, problems) {
  const lines = problems.map(({ at, message }) => `\n  「${at}」${message}`).join('')
  return new Failure(EXIT.USAGE, 'bad-table', { zh: `\`${path}\` 有 ${problems.length} 处要改：${lines}`, en: `\`${path}\` has ${problems.length} cells to put right:${lines}` })
}

function formerPack(context, folder) {
  const file = join(folder, 'pack.yaml')
  if (!existsSync(file)) return undefined
  const text = context.readText(file, PACK)
  if (text.startsWith(MARKER)) return text
  throw misuse('exists', { zh: `\`${file}\` 不是由待遇表生成的，不覆盖`, en: `\`${file}\` was not made from a table and is not overwritten` }, { help: { zh: '用 -o 换一个文件夹', en: 'choose another folder with -o' } })
}

/** What makes a document another one, as packs of this kind write it. */
const DOCUMENT = [['标题', /^    title: (.*)$/m], ['文号', /^    number: (.*)$/m], ['发布日期', /^    issued: (.*)$/m], ['有效期', /^period: (.*)$/m], ['地区', /^region: (.*)$/m]]

/** A new year's table is another document: the old pack, by which earlier stays are settled, is not lost in passing. */
function sameDocument(folder, former, text) {
  if (former === undefined) return
  const of = (pattern, from) => pattern.exec(from)?.[1] ?? '（没有）'
  const changed = DOCUMENT.filter(([, pattern]) => of(pattern, former) !== of(pattern, text))
  if (changed.length === 0) return
  const lines = changed.map(([name, pattern]) => `\n  ${name}：${of(pattern, former)} → ${of(pattern, text)}`).join('')
  throw misuse('other-document', { zh: `\`${folder}\` 里的政策包依据的是另一份文件，不覆盖：${lines}`, en: `the pack in \`${folder}\` was made from another document and is not overwritten:${lines}` }, {
    help: { zh: '新文件的表用 -o 另放一个文件夹（旧的照旧用于以前的住院）；只是更正旧表：--force', en: 'put the table of a new document into another folder with -o (earlier stays keep the old one); to correct the old table: --force' },
  })
}

const revisionOf = text => /^revision: (.*)$/m.exec(text ?? '')?.[1]

/** The revision of the month that comes next, or the former one where nothing changed. */
function revisionAfter(former, d) {
  const of = text => /^revision: (\d+\.\d+)\.(\d+)$/m.exec(text ?? '')
  const [, month, count] = of(former) ?? []
  if (month === undefined) return d.revision
  const same = packText({ ...d, revision: `${month}.${count}` }) === former
  if (same) return `${month}.${count}`
  return d.revision.startsWith(`${month}.`) ? `${month}.${Number(count) + 1}` : d.revision
}

/** The pack as rules. What the compiler still finds wrong is said of the cell whose sentence it is about. */
async function compiled(context, file, text, { answers, sheet, path }) {
  const engine = await context.engine()
  try {
    return engine.loadPack(text, { file, ...companions(file, text) })
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    const lines = text.split('\n')
    const problems = error.diagnostics.map(({ message, place }) => {
      const line = lines[(place?.line ?? 1) - 1] ?? ''
      const cell = [...answers.values()].find(({ phrase }) => phrase !== undefined && line.includes(JSON.stringify(phrase).slice(1, -1)))
      if (cell === undefined) return { at: sheet.name, message }
      return { at: `${sheet.name}!C${cell.row + 1}`, message: `标出的「${cell.phrase}」里，引擎没有读出要的数（${message}）；请用【】括准这个数所在的字句，或换写有阿拉伯数字的一句` }
    })
    throw faulty(path, problems)
  }
}

/** Bills of the worked stays, in fen: of the first, a middle and the last level. */
const SUMS = [500_000, 2_000_000, 10_000_000]

/** Three stays by hand; the engine must come to the same. */
function workedSums(d, rules) {
  const whole = d.levels.filter(({ deductible, rate }) => deductible.value !== undefined && rate.value !== undefined)
  if (whole.length === 0 || d.cap.value === undefined) return []
  const cap = d.counts.paid ? d.cap.value : undefined
  return SUMS.map((total, i) => {
    const level = whole[Math.round((i * (whole.length - 1)) / (SUMS.length - 1))]
    const sum = worked({ total, deductible: level.deductible.value, rate: level.rate.value, cap })
    const { facts, ledger } = stay(d, level, total)
    const decided = rules.evaluate('inpatient', { facts, ...(ledger && { ledger }) }).amounts
    if (decided.patient.text !== fixed(sum.patient)) throw new Error(`${level.name}: ${decided.patient.text} is not ${fixed(sum.patient)}`)
    return { level: level.name, total, rate: level.rate.value, ...sum }
  })
}
