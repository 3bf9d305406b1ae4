// Case files, and the pack that each belongs to.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { misuse } from '../exit.mjs'
import { isFolder } from '../files.mjs'

const SKIPPED = new Set(['node_modules', 'dist', 'target'])
const isCases = name => name === 'cases.yaml' || name.endsWith('.cases.yaml')
const HIGHEST = 4

/** Packs with their case files, in the order of the paths: `[{ pack, files }]`. */
export function casesByPack(paths) {
  const files = new Set((paths.length === 0 ? ['.'] : paths).flatMap(casesOf))
  if (files.size === 0) throw nothing(paths)
  const packs = new Map()
  for (const file of files) {
    const pack = packOf(file)
    packs.set(pack, [...(packs.get(pack) ?? []), file])
  }
  return Array.from(packs, ([pack, files]) => ({ pack, files }))
}

function casesOf(path) {
  if (isFolder(path)) return below(path)
  if (existsSync(path)) return [path]
  const shipped = join('packs', path)
  if (isFolder(shipped)) return below(shipped)
  throw misuse('no-such-file', { zh: `没有 \`${path}\``, en: `there is no \`${path}\`` }, { help: { zh: '给出案例文件、政策包的文件夹，或含政策包的文件夹', en: 'give a case file, the folder of a pack, or a folder of packs' } })
}

function below(folder) {
  const found = []
  for (const name of readdirSync(folder).sort()) {
    const path = folder === '.' ? name : join(folder, name)
    if (name.startsWith('.') || SKIPPED.has(name)) continue
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) found.push(...below(path))
    else if (isCases(name)) found.push(path)
  }
  return found
}

/** The nearest pack.yaml: beside the case file or in a folder above it. */
function packOf(file) {
  let folder = dirname(resolve(file))
  for (let level = 0; level < HIGHEST; level++) {
    const pack = join(folder, 'pack.yaml')
    if (existsSync(pack)) return relative(process.cwd(), pack) || 'pack.yaml'
    folder = dirname(folder)
  }
  throw misuse('no-pack', { zh: `\`${file}\` 旁边和上级文件夹里都没有 pack.yaml`, en: `there is no pack.yaml beside \`${file}\` or above it` })
}

function nothing(paths) {
  const where = paths.length === 0 ? '.' : paths.join(' ')
  return misuse('no-cases', { zh: `${where} 里没有案例文件`, en: `there are no case files in ${where}` }, { help: { zh: '案例写在政策包旁边的 cases.yaml 或 某某.cases.yaml 里；`yibao init` 建一个样例', en: 'cases stand in cases.yaml or NAME.cases.yaml beside a pack; `yibao init` makes a sample' } })
}
