// yibao init: a pack that compiles, with cases that pass, ready for an editor and for CI.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { misuse } from '../exit.mjs'
import { makeFolder, writeTogether } from '../atomic.mjs'
import { isFolder } from '../files.mjs'
import { schemaFiles } from './schema.mjs'

const TEMPLATE = fileURLToPath(new URL('../template/', import.meta.url))
const SAMPLE = { zh: '样例', en: 'sample' }

export const name = 'init'
export const summary = { zh: '新建政策包：样例规则、案例、编辑器提示、CI', en: 'a new pack: sample rules, cases, editor help, CI' }
export const usage = ['DIR']
export const options = {
  id: { type: 'string', value: 'ID', help: { zh: '政策包的名称（默认用文件夹名）', en: 'id of the pack (the name of the folder)' } },
}

export async function run(context) {
  const [folder] = context.expectArgs(['DIR'])
  const id = packId(context.options.id ?? basename(resolve(folder)))
  const template = file => context.readText(join(TEMPLATE, file), SAMPLE).replaceAll('sample-city', id)
  const files = [
    ...['pack.yaml', 'cases.yaml', 'stay.yaml'].map(file => [join(folder, file), template(file)]),
    [join(folder, '.github/workflows/rules.yml'), template('ci.yml')],
    ...schemaFiles(context, join(folder, 'schema')),
  ]
  if (existsSync(folder) && !isFree(folder, new Map(files))) throw misuse('exists', { zh: `\`${folder}\` 已经有了，而且不是空文件夹`, en: `\`${folder}\` is there already and is no empty folder` })
  for (const [path] of files) makeFolder(dirname(path))
  writeTogether(files)
  for (const [path] of files) context.out(`  ${path}`)
  const at = relative('.', folder) || '.'
  context.out({
    zh: `\n接下来：\n  cd ${at}\n  yibao test --coverage                 # 案例都通过，每一行都有案例\n  yibao eval . -i stay.yaml             # 算一次\n  yibao explain . -i stay.yaml rate     # 为什么是这个比例\n  yibao serve .                         # 边改边看`,
    en: `\nNext:\n  cd ${at}\n  yibao test --coverage                 # the cases pass, and every row has one\n  yibao eval . -i stay.yaml             # one estimate\n  yibao explain . -i stay.yaml rate     # why this rate\n  yibao serve .                         # see it while you write`,
  })
}

/** Whether a folder is empty, or holds what a run that was cut off left there. */
function isFree(folder, files) {
  if (!isFolder(folder)) return false
  return readdirSync(folder, { recursive: true }).map(name => join(folder, name)).every(path => statSync(path).isDirectory() || /\.part$/.test(path) || (files.has(path) && readFileSync(path, 'utf8') === files.get(path)))
}

function packId(text) {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 60) return text
  throw misuse('bad-id', { zh: `\`${text}\` 不能作政策包的名称`, en: `\`${text}\` cannot be the id of a pack` }, { help: { zh: '用小写字母和数字，词之间用 -，如 hebei-xingtai：--id hebei-xingtai', en: 'use lower-case letters and digits, words joined by -, such as hebei-xingtai: --id hebei-xingtai' } })
}
