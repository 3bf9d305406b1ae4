// The authoring build: the same, and it reads packs and cases as text.

import * as glue from './authoring/yibao.js'
import { AuthoringRules } from './authoring-rules.js'
import { bytesOf } from './bytes.js'
import { fetchDirectly } from './direct.js'
import { Engine } from './engine.js'
import { YibaoError } from './error.js'
import { loadOwn, loadPlan as load } from './rules.js'

export { YibaoError } from './error.js'

const engine = new Engine(glue, { wasm: () => fetchDirectly(new URL('./authoring/yibao_bg.wasm', import.meta.url)) })

export const init = ({ wasm } = {}) => engine.init({ wasm })
export const complete = () => engine.complete()
export const initSync = module => engine.initSync(module)
export const loadPlan = plan => load(engine, plan, AuthoringRules)

function text(source, what) {
  if (typeof source === 'string') return source
  const bytes = bytesOf(source)
  if (bytes === undefined) throw YibaoError.of('wrong-type', `found ${typeof source} where the text of \`${what}\` is expected`)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw YibaoError.of('not-utf-8', `\`${what}\` is not UTF-8`, { help: 'save the file as UTF-8 (not GBK)', cause })
  }
}

/** A text with the name that diagnostics give it: `{ file, text }`, or the text alone. */
function file(source, name) {
  const isNamed = typeof source === 'object' && source !== null && bytesOf(source) === undefined
  return isNamed ? [String(source.file ?? name), text(source.text, name)] : [name, text(source, name)]
}

function sources(pack, { file: name = 'pack.yaml', vocabulary, frames = [] } = {}) {
  return JSON.stringify({
    file: name,
    text: text(pack, name),
    vocabulary: vocabulary === undefined ? null : file(vocabulary, 'vocabulary.yaml'),
    frames: Array.from(frames, (frame, i) => file(frame, `frames[${i}]`)),
  })
}

export function loadPack(pack, options) {
  const given = sources(pack, options)
  return loadOwn(engine, engine.call(glue => glue.compilePack(given)), AuthoringRules)
}

export function canonicalPack(pack, options) {
  const given = sources(pack, options)
  return engine.call(glue => glue.canonicalPack(given))
}

export function checkPack(pack, options) {
  const given = sources(pack, options)
  return JSON.parse(engine.call(glue => glue.checkPack(given)))
}

const places = new WeakMap()

export function parseCase(source, { file = 'case' } = {}) {
  const given = text(source, file)
  const read = JSON.parse(engine.call(glue => glue.readCase(file, given)))
  places.set(read.case, new Map(read.places.map(place => [place.path, place])))
  return read.case
}

export function parseYear(source, { file = 'year' } = {}) {
  const given = text(source, file)
  const read = JSON.parse(engine.call(glue => glue.readData(file, given)))
  places.set(read.case, new Map(read.places.map(place => [place.path, place])))
  return read.case
}

/** The same error with the places that a parsed case's answers have in their file. */
export function located(error, parsed) {
  const known = places.get(parsed)
  if (known === undefined || !(error instanceof YibaoError)) return error
  const moved = error.diagnostics.map(diagnostic => ({ ...diagnostic, ...(known.has(diagnostic.place?.path) && { place: known.get(diagnostic.place.path) }) }))
  return new YibaoError(moved, { cause: error })
}

/** A diagnostic for a terminal; with the text of its file, the line it is about. */
export const renderDiagnostic = (diagnostic, source) => engine.call(glue => glue.renderDiagnostic(JSON.stringify(diagnostic), source))
