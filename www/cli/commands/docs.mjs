// yibao docs: a static page per pack that an officer can read and print.

import { misuse } from '../exit.mjs'
import { inside, makeFolder, writeTogether } from '../atomic.mjs'
import { indexOf, pageOf } from '../page.mjs'

export const name = 'docs'
export const summary = { zh: '每个政策包一页说明，逐条附原文，可打印', en: 'a page per pack, each rule beside its sentence, to read and print' }
export const usage = ['PACK', 'PACK... -o DIR']
export const options = {
  output: { type: 'string', short: 'o', value: 'DIR', help: { zh: '写到这个文件夹，并写目录 index.html', en: 'write into this folder, with an index.html' } },
}

export async function run(context) {
  const { output } = context.options
  if (context.args.length === 0) throw misuse('wrong-arguments', { zh: '这里要 PACK', en: 'expected a PACK' })
  if (output === undefined && context.args.length > 1) throw misuse('missing-option', { zh: '多个政策包要写到文件夹：-o DIR', en: 'several packs are written into a folder: -o DIR' })
  const pages = []
  for (const given of context.args) {
    const { rules } = await context.loadPack(given)
    pages.push({ file: `${rules.pack.id}.html`, pack: rules.pack, text: pageOf(rules, context.lang) })
  }
  if (output === undefined) return context.write(undefined, pages[0].text)
  makeFolder(output)
  const files = [...pages, { file: 'index.html', text: indexOf(pages, context.lang) }].map(({ file, text }) => [inside(output, file), text])
  writeTogether(files)
  for (const [path] of files) context.out(path)
}
