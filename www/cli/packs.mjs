// Packs as a command's user names them: a folder, a file, a plan, or the id of a pack that is shipped.

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest } from './args.mjs'
import { EXIT, Failure, misuse } from './exit.mjs'
import { isFolder, readBytes, readText, utf8 } from './files.mjs'

const PACK = { zh: '政策包', en: 'pack' }
const FRAME = { zh: '上位限额的政策包', en: 'frame pack' }
const VOCABULARY = { zh: '公用事实', en: 'vocabulary' }

/** What is shipped with the package. */
export const shipped = path => fileURLToPath(new URL(`../dist/${path}`, import.meta.url))

/** The file that a PACK argument means. */
export function packFile(given) {
  if (isFolder(given)) {
    const inside = join(given, 'pack.yaml')
    if (existsSync(inside)) return inside
    throw misuse('no-pack', { zh: `文件夹 \`${given}\` 里没有 pack.yaml`, en: `the folder \`${given}\` has no pack.yaml` })
  }
  if (existsSync(given)) return given
  const found = [join('packs', given, 'pack.yaml'), shipped(`plans/${basename(given)}.plan.json`)].find(path => existsSync(path))
  if (found !== undefined) return found
  throw misuse('no-pack', { zh: `没有政策包 \`${given}\``, en: `there is no pack \`${given}\`` }, { help: nearby(given) })
}

function nearby(given) {
  const here = isFolder('packs') ? readdirSync('packs').filter(name => existsSync(join('packs', name, 'pack.yaml'))) : []
  const near = nearest(basename(given), here)
  if (near !== undefined) return { zh: `是不是 \`${near}\`？`, en: `did you mean \`${near}\`?` }
  return here.length === 0 ? { zh: '给出含 pack.yaml 的文件夹、政策包文件，或随软件包带的政策包的名称', en: 'give a folder with a pack.yaml, the file of a pack, or the id of a pack that is shipped' } : { zh: `packs/ 里有 ${here.join(' ')}`, en: `packs/ has ${here.join(' ')}` }
}

/** A named text of the engine, with its bytes. */
const source = (path, what) => ({ file: path, text: readText(path, what) })

/** What a pack leans on, beside it: the vocabulary, and the packs named in `frame:`. */
export function companions(path, text) {
  const beside = resolve(dirname(path), '..')
  const vocabulary = [join(beside, 'vocabulary.yaml'), shipped('shared/vocabulary.yaml')].find(file => existsSync(file))
  const names = new Set(Array.from(text.matchAll(/\bframe:\s*["']?([a-z0-9-]+)\//g), match => match[1]))
  const frames = [...names].flatMap(name => [join(beside, name, 'pack.yaml'), shipped(`shared/${name}/pack.yaml`)].filter(file => existsSync(file)).slice(0, 1))
  return { vocabulary: vocabulary && source(vocabulary, VOCABULARY), frames: frames.map(file => source(file, FRAME)) }
}

/** Everything the engine needs to read a pack, and the texts for excerpts. */
export function openPack(given) {
  const path = packFile(given)
  const bytes = readBytes(path, PACK)
  const text = utf8(path, bytes)
  const options = { file: path, ...companions(path, text) }
  const others = [options.vocabulary, ...options.frames].filter(Boolean)
  const texts = new Map([...others.map(({ file, text }) => [file, text]), [path, text]])
  return { given, path, bytes, options, texts, isPlan: path.endsWith('.plan.json') }
}

export function loadPack(engine, given) {
  const pack = openPack(given)
  return { ...pack, rules: rulesOf(engine, pack) }
}

export function rulesOf(engine, { given, bytes, options, texts, isPlan }) {
  try {
    return isPlan ? engine.loadPlan(bytes) : engine.loadPack(bytes, options)
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    throw new Failure(EXIT.INVALID_PACK, 'invalid-pack', { zh: `\`${given}\` 不是有效的政策包`, en: `\`${given}\` is not a valid pack` }, { diagnostics: error.diagnostics, texts, cause: error })
  }
}
