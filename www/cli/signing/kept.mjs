// The last good set of packs in a folder: one folder a set, and `current`, one line that names the folder in use and
// remembers what was accepted. It changes last, whole, and after all it speaks of has reached the disk.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { YibaoError, lastText, parseLast } from '../../dist/signatures-node.js'
import { inside, makeFolder, syncFolder, writeWhole } from '../atomic.mjs'
import { readFailure, writeFailure } from '../errno.mjs'
import { isFolder } from '../files.mjs'

/** Before anything was accepted: so that a `current` that is gone later is noticed. */
const NOTHING = 'nothing\n'
const SET = /^v[1-9]\d{0,8}\.[1-9]\d{0,15}$/

const setName = ({ pin, version }) => `v${pin.split(':')[0]}.${version}`

function lost(current) {
  return YibaoError.of('memory-lost', `\`${current}\` is gone or damaged, so an older version could not be told from a new one`, { values: { file: current } })
}

/** The content of `current`; undefined where the folder is still to be used for the first time. */
function memory(folder) {
  const current = join(folder, 'current')
  try {
    return readFileSync(current, 'utf8')
  } catch (error) {
    if (error.code !== 'ENOENT') throw readFailure(error, current)
  }
  // A hidden `.part` is what an interrupted first use leaves.
  if (isFolder(folder) && readdirSync(folder).some(name => !name.startsWith('.'))) throw lost(current)
  return undefined
}

function filesOf(folder) {
  if (!isFolder(folder)) return new Map()
  return new Map(readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isFile()).map(({ name }) => [name, readFileSync(join(folder, name))]))
}

/** What is not in use goes; where it cannot, it does no harm, and the next set takes it along. */
function tidied(path) {
  try {
    rmSync(path, { recursive: true, force: true })
  } catch {
    // The set that was accepted is in use already, or another error is on its way.
  }
}

/** A `kept` for `openPacks`. */
export function keptIn(folder) {
  const current = join(folder, 'current')
  return {
    get() {
      const line = memory(folder)
      if (line === undefined || line === NOTHING) return undefined
      const [name, rest] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]
      let last
      try {
        last = parseLast(rest)
      } catch {
        throw lost(current)
      }
      if (name !== setName(last)) throw lost(current)
      return { last, files: filesOf(join(folder, name)) }
    },

    put({ last, files }) {
      const name = setName(last)
      const part = join(folder, `.${name}.part`)
      makeFolder(folder)
      if (memory(folder) === undefined) writeWhole(current, NOTHING)
      try {
        rmSync(part, { recursive: true, force: true })
        mkdirSync(part)
        for (const [file, content] of files) writeWhole(inside(part, file), content)
        // A set of this name is there only where it was damaged, or cut off before `current` named it.
        rmSync(join(folder, name), { recursive: true, force: true })
        renameSync(part, join(folder, name))
      } catch (error) {
        tidied(part)
        throw writeFailure(error, folder)
      }
      syncFolder(folder)
      writeWhole(current, `${name} ${lastText(last)}`)
      for (const old of readdirSync(folder)) if ((SET.test(old) && old !== name) || /^\..+\.part$/.test(old)) tidied(join(folder, old))
    },
  }
}
