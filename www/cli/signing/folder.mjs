// A folder of files as those who verify ask for them: by name; what is not there is undefined.

import { readFileSync, statSync } from 'node:fs'
import { inside } from '../atomic.mjs'
import { readFailure } from '../errno.mjs'

/** Whether there is something of this name. What the system refuses to tell is an error, and not an absence. */
export function isThere(path) {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    throw readFailure(error, path)
  }
}

export const readerOf = folder => name => {
  const path = inside(folder, name)
  try {
    return readFileSync(path)
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw readFailure(error, path)
  }
}
