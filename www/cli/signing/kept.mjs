// The last good set of packs in a folder: one folder a version, and a file `current` that names the one in use.

import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isFolder, writeFailure, writeWhole } from '../files.mjs'

/** A `kept` for `openPacks`. */
export function keptIn(folder) {
  const current = join(folder, 'current')
  return {
    get() {
      let version
      try {
        version = readFileSync(current, 'utf8').trim()
      } catch (error) {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
        throw error
      }
      const at = join(folder, version)
      if (!/^v\d+$/.test(version) || !isFolder(at)) return new Map()
      return new Map(readdirSync(at).map(name => [name, readFileSync(join(at, name))]))
    },

    put({ version, files }) {
      const name = `v${version}`
      const part = join(folder, `.${name}.${process.pid}.part`)
      try {
        mkdirSync(part, { recursive: true })
        for (const [file, content] of files) writeFileSync(join(part, file), content)
        rmSync(join(folder, name), { recursive: true, force: true })
        renameSync(part, join(folder, name))
        writeWhole(current, `${name}\n`)
      } catch (error) {
        throw writeFailure(error, folder)
      } finally {
        rmSync(part, { recursive: true, force: true })
      }
      for (const old of readdirSync(folder)) if (/^v\d+$/.test(old) && old !== name) rmSync(join(folder, old), { recursive: true })
    },
  }
}
