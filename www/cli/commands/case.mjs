// yibao case: a shared link or an exported result becomes a case of a case file.

import { choice } from '../args.mjs'
import { EXIT, misuse } from '../exit.mjs'
import { answersIn, caseYaml } from '../link.mjs'

export const name = 'case'
export const summary = { zh: '把分享的链接或导出的结果变成案例', en: 'a shared link or an exported result becomes a case' }
export const usage = ['from-link URL|FILE --pack PACK [--id ID]']
export const details = {
  zh: '链接里 # 后面的答案不经过服务器；FILE 是页面“导出”的 JSON。期望的数由引擎算出，要对照原文核对后才算案例。',
  en: 'The answers after the # of a link never reach a server; FILE is the JSON that a page exports. The expected figures\nare what the engine gives: hold them against the text before they count as a case.',
}
export const options = {
  pack: { type: 'string', value: 'PACK', help: { zh: '用哪个政策包算（默认链接里写的）', en: 'the pack that decides (the one named in the link)' } },
  id: { type: 'string', value: 'ID', help: { zh: '案例的名称', en: 'id of the case' } },
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '写到文件', en: 'write to a file' } },
}

export async function run(context) {
  const [verb, given] = context.expectArgs(['from-link', 'URL|FILE'])
  choice('case', verb, ['from-link'])
  const { pack, id = 'from_link', output } = context.options
  const engine = await context.engine()
  const found = answersIn(context, given)
  const wanted = pack ?? found.pack
  if (wanted === undefined) throw misuse('missing-option', { zh: '里面没有写政策包：用 --pack 给出', en: 'it names no pack: give one with --pack' })
  const { rules } = await context.loadPack(wanted)
  choice('service', found.service, rules.services.map(one => one.id))
  let decision
  try {
    decision = rules.evaluate(found.service, found.case)
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    throw misuse('bad-link', { zh: '里面的答案算不了', en: 'its answers cannot be decided' }, { diagnostics: error.diagnostics, cause: error })
  }
  if (found.receipt && found.receipt.digest !== decision.receipt.digest) context.note({ zh: `导出时用的政策包是 ${found.receipt.pack} ${found.receipt.revision}，和这里的不同`, en: `it was exported under ${found.receipt.pack} ${found.receipt.revision}, which is not the pack here` })
  context.write(output, caseYaml({ id, service: found.service, given: found.case, decision, expect: found.expect, origin: found.origin }))
  if (found.expect === undefined) context.note({ zh: '期望的数由引擎算出：对照原文核对，再把 origin 改成 derived 并写 working', en: 'the expected figures come from the engine: hold them against the text, then make origin `derived` and write the working' })
  return EXIT.OK
}
