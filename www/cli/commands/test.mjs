// yibao test: the cases of packs, by the engine's own runner.

import { EXIT, misuse } from '../exit.mjs'
import { apply, planned } from '../testing/update.mjs'
import { otherEngine } from '../testing/engines.mjs'
import { belowMinimum, emptyRun, minimum, runCases, verdict } from '../testing/run.mjs'
import { github, json, junit, sarif, tap } from '../testing/reporters/machines.mjs'
import { plain } from '../testing/reporters/plain.mjs'
import { pretty } from '../testing/reporters/pretty.mjs'
import { watched } from '../watch.mjs'

const REPORTERS = { pretty, plain, tap, junit, json, github, sarif }

export const name = 'test'
export const summary = { zh: '运行案例（cases.yaml、*.cases.yaml）', en: 'run cases (cases.yaml, *.cases.yaml)' }
export const usage = ['[PATH...]']
export const details = {
  zh: 'PATH 是案例文件、政策包的文件夹，或含政策包的文件夹；不写就是当前文件夹。一个案例也没有运行算不通过。',
  en: 'PATH is a case file, the folder of a pack, or a folder of packs; the current folder where none is given.\nA run in which no case ran fails.',
}
export const options = {
  name: { type: 'string', short: 'n', multiple: true, value: 'TEXT', help: { zh: '只运行名称含 TEXT 的案例（可多次）', en: 'only cases whose id contains TEXT (may be repeated)' } },
  tag: { type: 'string', short: 't', multiple: true, value: 'TAG', help: { zh: '只运行有这个标签的案例', en: 'only cases with this tag' } },
  clause: { type: 'string', multiple: true, value: 'SOURCE/CLAUSE', help: { zh: '只运行结果引用了这一条款的案例', en: 'only cases whose answer shows this clause' } },
  reporter: { type: 'string', short: 'r', choices: Object.keys(REPORTERS), value: Object.keys(REPORTERS).join('|'), help: { zh: '怎样写结果（终端上默认 pretty，否则 plain）', en: 'how results are written (pretty on a terminal, else plain)' } },
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '结果写到文件', en: 'write the results to a file' } },
  coverage: { type: 'boolean', help: { zh: '列出没有案例的行、条款和界限', en: 'list the rows, clauses and edges that have no case' } },
  'min-coverage': { type: 'string', value: 'PERCENT', help: { zh: '覆盖不到就不通过：90，或 rules=100,clauses=100,edges=80', en: 'fail below it: 90, or rules=100,clauses=100,edges=80' } },
  update: { type: 'boolean', short: 'u', help: { zh: '把案例里不同的数改成算出的数，逐个列出（CI 里不许）', en: 'put what came out in the place of what differs, listing each (refused in CI)' } },
  watch: { type: 'boolean', short: 'w', help: { zh: '文件一改就再运行', en: 'run again when a file changes' } },
  engine: { type: 'string', choices: ['wasm', 'js', 'both'], value: 'wasm|js|both', help: { zh: 'js、both：JavaScript 版也算一遍，一个字节都不许差（默认 wasm）', en: 'js, both: the JavaScript build decides too and must give the same bytes (wasm)' } },
}

export async function run(context) {
  const { options } = context
  const least = minimum(options['min-coverage'])
  if (options.update && isCi(context.env)) throw misuse('update-in-ci', { zh: 'CI 里不许 --update：期望的数由人来改', en: '--update is refused in CI: expected figures are changed by people' })
  if (options.update && options.watch) throw misuse('bad-option', { zh: '--update 和 --watch 不能同时用', en: '--update and --watch do not go together' })
  if (options.watch) return watched(context, watchedPaths(context), () => once(context, least))
  return options.update ? update(context) : once(context, least)
}

const isCi = env => ['CI', 'CONTINUOUS_INTEGRATION', 'BUILD_NUMBER'].some(name => env[name] && env[name] !== 'false')
const watchedPaths = context => (context.args.length === 0 ? ['.'] : context.args)

async function once(context, least) {
  const { options } = context
  const other = await otherEngine(options.engine ?? 'wasm')
  const result = await runCases(context, context.args, options, other)
  const short = belowMinimum(result, least)
  const coverage = options.coverage || options['min-coverage'] !== undefined
  const reporter = options.reporter ?? (context.stdout.isTTY || context.color ? 'pretty' : 'plain')
  context.write(options.output, await REPORTERS[reporter](context, result, { coverage, least, short }))
  if (result.cases === 0) throw emptyRun(result)
  for (const { kind, percent, all, reached } of short) context.note({ zh: `覆盖不够：${kind} ${reached}/${all}，最低 ${percent}%`, en: `coverage: ${kind} ${reached} of ${all}, expected ${percent}% at least` })
  return verdict(result, least)
}

async function update(context) {
  const result = await runCases(context, context.args, context.options)
  if (result.cases === 0) throw emptyRun(result)
  const { changes, kept } = planned(result)
  apply(changes)
  for (const { one, place, difference, redo } of changes) {
    context.out(`${one.place.file}:${place.line}  ${one.id}  ${difference.path}  ${context.paint('red', difference.expected)} → ${context.paint('green', difference.found)}`)
    if (redo) context.note({ zh: `  ${one.id}：working 的算式要按原文重新写`, en: `  ${one.id}: work the sum in \`working\` out anew, by hand from the text` })
  }
  for (const { one, difference, why } of kept) context.out({ zh: `${one.place.file}:${one.place.line}  ${one.id}  未改 ${difference.message}（${why.zh}）`, en: `${one.place.file}:${one.place.line}  ${one.id}  kept: ${difference.message} (${why.en})` })
  context.out({ zh: `改了 ${changes.length} 个数，留下 ${kept.length} 处不同。每个新数都请对照原文。`, en: `${changes.length} figures changed, ${kept.length} differences kept. Hold every new figure against the text.` })
  return kept.length > 0 ? EXIT.CASES : EXIT.OK
}
