// yibao check: every problem of packs at once.

import { EXIT, misuse } from '../exit.mjs'
import { diagnostics } from '../report.mjs'

export const name = 'check'
export const summary = { zh: '一次列出政策包的全部问题', en: 'every problem of packs, at once' }
export const usage = ['PACK...']
export const options = {}

export async function run(context) {
  if (context.args.length === 0) throw misuse('wrong-arguments', { zh: '`check` 要一个 PACK', en: '`check` expects a PACK' })
  const engine = await context.engine()
  let errors = 0
  for (const given of context.args) {
    const { bytes, options, texts } = context.openPack(given)
    const found = engine.checkPack(bytes, options)
    await diagnostics(context, found, texts)
    errors += found.filter(({ severity }) => severity === 'error').length
    context.out(found.length === 0 ? { zh: `${given}：没有问题`, en: `${given}: no problems` } : { zh: `${given}：${found.length} 个问题`, en: `${given}: ${found.length} ${found.length === 1 ? 'problem' : 'problems'}` })
  }
  return errors > 0 ? EXIT.INVALID_PACK : EXIT.OK
}
