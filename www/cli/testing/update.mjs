// New figures in the place of old ones, in the text of the case file itself: comments and layout stay.

import { writeTogether } from '../atomic.mjs'

/** Expected values that are one figure or word. */
const FIGURES = /^(encounters\.[^.]+\.)?(amounts|steps|after|bounds)\.|(^|\.)(outcome|verdict|limit|credit)(\.|$)/

/** What would change: `{ changes, kept }`. `kept` says why a difference stays. */
export function planned(result) {
  const [changes, kept] = [[], []]
  for (const { pack, cases, texts } of result.packs) {
    for (const one of cases.filter(({ failed }) => failed)) {
      const own = []
      for (const { difference, place } of one.differences) {
        const why = reason(one, difference, place)
        if (why === undefined) own.push({ pack, one, difference, place, text: texts.get(one.place.file), redo: redone(one, difference) })
        else kept.push({ pack, one, difference, why })
      }
      changes.push(...own)
      // A working is held against the figure that is about to change: what is said of that one is said of both.
      const settled = ({ one: other, difference: { path } }) => other === one && path.startsWith('working.') && own.some(change => change.difference.path.endsWith(path.slice('working'.length)))
      kept.splice(0, kept.length, ...kept.filter(each => !settled(each)))
    }
  }
  return { changes, kept }
}

/** Whether the sum behind a figure that changes does not give the new one. */
function redone(one, { path, found }) {
  const working = one.working.find(([name]) => path.endsWith(`.${name}`))
  if (working === undefined) return false
  const gives = one.differences.find(({ difference }) => difference.path === `working.${working[0]}`)?.difference.found
  return gives === undefined || gives === null || Number(gives) !== (found.endsWith('%') ? Number(found.slice(0, -1)) / 100 : Number(found))
}

function reason(one, { path, found }, place) {
  if (one.origin === 'published') return { zh: '出自公布的结果，不改', en: 'it is a published result' }
  if (place === null || !FIGURES.test(path)) return { zh: '请手工改', en: 'change it by hand' }
  return found === null ? { zh: '没有算出数', en: 'nothing came out' } : undefined
}

/** Writes the changes, each file whole or not at all. */
export function apply(changes) {
  const files = Map.groupBy?.(changes, ({ one }) => one.place.file) ?? grouped(changes)
  writeTogether(Array.from(files, ([file, here]) => [file, changed(here[0].text, here)]))
}

function grouped(changes) {
  const files = new Map()
  for (const change of changes) files.set(change.one.place.file, [...(files.get(change.one.place.file) ?? []), change])
  return files
}

/** The text with each figure replaced; from the last to the first, so that places stay true. */
function changed(text, changes) {
  const lines = text.split('\n')
  const sorted = changes.toSorted((a, b) => b.place.line - a.place.line || b.place.column - a.place.column)
  for (const { place, difference } of sorted) {
    const characters = Array.from(lines[place.line - 1])
    characters.splice(place.column - 1, place.endColumn - place.column, ...quoted(difference.found))
    lines[place.line - 1] = characters.join('')
  }
  return lines.join('\n')
}

/** A word stands as it is; a figure in quotes, so that no editor makes a number of it. */
const quoted = text => Array.from(/^[a-z][a-z0-9_]*$/.test(text) ? text : JSON.stringify(text))

