// yibao types: a pack's services, facts and steps as TypeScript.

import { typesOf } from '../types.mjs'

export const name = 'types'
export const summary = { zh: '政策包的 TypeScript 类型', en: 'TypeScript types of a pack' }
export const usage = ['PACK [-o FILE]']
export const options = {
  output: { type: 'string', short: 'o', value: 'FILE', help: { zh: '写到文件', en: 'write to a file' } },
}

export async function run(context) {
  const [given] = context.expectArgs(['PACK'])
  const { rules } = await context.loadPack(given)
  context.write(context.options.output, typesOf(rules))
}
