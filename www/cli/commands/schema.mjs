// yibao schema: the JSON Schemas by which an editor completes keys and marks mistakes.

import { join } from 'node:path'
import { choice } from '../args.mjs'
import { misuse } from '../exit.mjs'
import { makeFolder, writeTogether } from '../atomic.mjs'
import { shipped } from '../packs.mjs'

const KINDS = ['pack', 'cases', 'vocabulary']
const SCHEMA = { zh: '模式', en: 'schema' }

export const name = 'schema'
export const summary = { zh: '编辑器用的 JSON Schema（draft-07）', en: 'JSON Schemas (draft-07) for editors' }
export const usage = [KINDS.join('|'), '--write DIR']
export const details = {
  zh: '写在文件第一行，编辑器（YAML language server）就会提示和检查：\n  # yaml-language-server: $schema=schema/pack.schema.json',
  en: 'As the first line of a file it makes an editor (YAML language server) complete and check:\n  # yaml-language-server: $schema=schema/pack.schema.json',
}
export const options = {
  write: { type: 'string', value: 'DIR', help: { zh: '三个模式都写到这个文件夹', en: 'write all three into this folder' } },
}

/** The text of a schema. */
export const schemaText = (context, kind) => context.readText(shipped(`shared/schema/${kind}.schema.json`), SCHEMA)

/** Path and text of each schema in a folder. */
export const schemaFiles = (context, folder) => KINDS.map(kind => [join(folder, `${kind}.schema.json`), schemaText(context, kind)])

export async function run(context) {
  const { write } = context.options
  if (write !== undefined) {
    if (context.args.length > 0) throw misuse('wrong-arguments', { zh: '`--write` 写出全部三个，不要再给名称', en: '`--write` writes all three: give no name' })
    const files = schemaFiles(context, write)
    makeFolder(write)
    writeTogether(files)
    for (const [path] of files) context.out(path)
    return
  }
  const [kind] = context.expectArgs([KINDS.join('|')])
  context.out(schemaText(context, choice('schema', kind, KINDS)))
}
