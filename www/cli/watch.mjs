// Runs again when a file changes.

import { existsSync, watch } from 'node:fs'
import { dirname } from 'node:path'
import { EXIT } from './exit.mjs'
import { isFolder } from './files.mjs'
import { complaint, failure } from './report.mjs'

/** An editor writes a file in several steps. */
const SETTLED = 80

/** Calls back, once things have settled, when something below these paths changes. Gives what ends it. */
export function onChange(paths, changed) {
  let timer
  const later = (_, name) => {
    if (name !== null && /(^|[/\\])(\.|node_modules[/\\])|\.part$/.test(String(name))) return
    clearTimeout(timer)
    timer = setTimeout(changed, SETTLED)
  }
  // A folder is watched and not the file: editors put a new file in the place of the old one.
  const folders = new Set(paths.map(path => (isFolder(path) ? path : dirname(path))).filter(path => existsSync(path)))
  const watchers = Array.from(folders, folder => watch(folder, { recursive: true }, later))
  return () => {
    clearTimeout(timer)
    watchers.forEach(one => one.close())
  }
}

/** Runs, and again at each change, until Ctrl-C. */
export async function watched(context, paths, run) {
  const again = async () => {
    if (context.stdout.isTTY) context.stdout.write('\x1b[2J\x1b[H')
    try {
      await run()
    } catch (error) {
      await failure(context, complaint(error))
    }
    context.note({ zh: '等待文件改动（Ctrl-C 结束）', en: 'waiting for a change (Ctrl-C ends it)' })
  }
  let running = again()
  const stop = onChange(paths, () => {
    running = running.then(again)
  })
  await new Promise(done => context.ended.addEventListener('abort', done, { once: true }))
  stop()
  await running
  return EXIT.INTERRUPTED
}
