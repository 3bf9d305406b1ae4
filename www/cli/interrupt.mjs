// Ctrl-C. Left alone it ends the program at once, whatever it waits for. Only who has something to put in order
// first listens, and only for so long.

import { EXIT } from './exit.mjs'

const ctrlC = new AbortController()
/** What is to be done first. */
const tasks = new Set()
/** A signal was handed out: the program is ended here from then on. */
let handedOut = false

function interrupted() {
  ctrlC.abort()
  for (const task of tasks) task()
  // What waits for the signal (a server, a watcher) has ended by then.
  setImmediate(() => process.exit(EXIT.INTERRUPTED))
}

function listen() {
  if (process.listeners('SIGINT').includes(interrupted)) return
  process.once('SIGINT', interrupted)
}

/** A signal that Ctrl-C gives from now on. */
export function whenEnded() {
  handedOut = true
  listen()
  return ctrlC.signal
}

/** Has `task` done before Ctrl-C ends the program; gives what takes it back. */
export function beforeEnd(task) {
  tasks.add(task)
  listen()
  return () => {
    tasks.delete(task)
    if (tasks.size === 0 && !handedOut) process.off('SIGINT', interrupted)
  }
}
