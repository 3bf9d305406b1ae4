// The help texts.

import { COMMON } from './args.mjs'
import { load, names } from './commands.mjs'

const CODES = {
  zh: '退出码：0 正常 · 1 案例或覆盖不通过 · 2 用法错误或文件读写不了 · 3 政策包无效 · 4 --strict 而结果未定 · 5 签名或摘要不符',
  en: 'Exit codes: 0 ok · 1 case or coverage failure · 2 usage or unreadable file · 3 pack invalid · 4 result unknown with --strict · 5 signature or integrity',
}
const PACK = {
  zh: 'PACK 是含 pack.yaml 的文件夹、文件、.plan.json，或 packs/ 下政策包的名称。公用事实（../vocabulary.yaml）\n和 `frame:` 所指的政策包（../PACK/pack.yaml）在它旁边找。',
  en: 'PACK is a folder with a pack.yaml, a file, a .plan.json, or the id of a pack under packs/. The vocabulary\n(../vocabulary.yaml) and the packs named in `frame:` (../PACK/pack.yaml) are found beside it.',
}

/** Text padded to a width in which a Chinese character counts two. */
export function pad(text, width) {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}

export const columns = text => Array.from(text).reduce((sum, one) => sum + (/[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(one) ? 2 : 1), 0)

export async function overview(t) {
  const all = await Promise.all(names.map(load))
  const lines = all.map(({ name, summary }) => `  ${pad(name, 10)}${t(summary)}`)
  return `${t({ zh: '用法：yibao 命令 [参数…]', en: 'usage: yibao COMMAND [ARGUMENTS…]' })}

${lines.join('\n')}

${t({ zh: '一个命令的说明：yibao help 命令', en: 'about one command: yibao help COMMAND' })}

${t(PACK)}

${t(CODES)}
`
}

export function ofCommand({ name, summary, usage, options = {}, details }, t) {
  const heads = usage.map(line => `yibao ${name} ${line}`.trimEnd())
  const first = t({ zh: '用法：', en: 'usage: ' })
  const body = details === undefined ? '' : `\n\n${t(details).trim()}`
  return `${heads.map((line, i) => `${i === 0 ? first : ' '.repeat(columns(first))}${line}`).join('\n')}

${t(summary)}${body}
${listed(options, t)}${listed(COMMON, t)}`
}

function listed(options, t) {
  const rows = Object.entries(options).map(([name, { short, value, help }]) => [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, t(help ?? '')])
  if (rows.length === 0) return ''
  const lines = rows.map(([left, right]) => columns(left) > 28 ? `  ${left}\n${' '.repeat(32)}${right}` : `  ${pad(left, 30)}${right}`)
  return `\n${lines.join('\n')}\n`
}
