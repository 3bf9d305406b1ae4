// A disk for tests: each call that changes something can be made to fail, and what was not synced is lost when the
// power goes.

import fs, { existsSync, readFileSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { dirname, resolve } from 'node:path'

const CHANGING = ['writeSync', 'fsyncSync', 'renameSync', 'mkdirSync', 'rmSync', 'fchmodSync']

export class Disk {
  #real = { ...fs }
  #opened = new Map()
  #synced = new Map()
  #names = []
  calls = 0

  /** `at`: the call that fails, from 1; `cut`: all that follow fail too, until `restore`. */
  constructor({ at = Infinity, cut = false } = {}) {
    const call = (name, work) => {
      this.calls += 1
      if (this.calls === at || (cut && this.calls > at)) throw Object.assign(new Error('EIO: made to fail'), { code: 'EIO', syscall: name })
      return work()
    }
    for (const name of CHANGING) fs[name] = (...given) => call(name, () => this.#done(name, given))
    fs.openSync = (path, flags, ...rest) => {
      const open = () => {
        const fd = this.#real.openSync(path, flags, ...rest)
        this.#opened.set(fd, resolve(path))
        if (flags !== 'r') this.#synced.set(resolve(path), undefined)
        return fd
      }
      return flags === 'r' ? open() : call('openSync', open)
    }
    syncBuiltinESMExports()
  }

  #done(name, given) {
    const [from, to] = given.slice(0, 2).map(one => (typeof one === 'string' ? resolve(one) : one))
    const before = name === 'renameSync' && existsSync(to) && fs.statSync(to).isFile() ? readFileSync(to) : undefined
    const result = this.#real[name](...given)
    if (name === 'fsyncSync') {
      const path = this.#opened.get(from)
      if (this.#synced.has(path)) this.#synced.set(path, readFileSync(path))
      else this.#names = this.#names.filter(one => dirname(one.to) !== path)
    }
    if (name === 'renameSync') {
      for (const [path, content] of this.#synced) if (path === from || path.startsWith(`${from}/`)) {
        this.#synced.delete(path)
        this.#synced.set(`${to}${path.slice(from.length)}`, content)
      }
      this.#names.push({ from, to, before })
    }
    return result
  }

  restore() {
    for (const name of [...CHANGING, 'openSync']) fs[name] = this.#real[name]
    syncBuiltinESMExports()
  }

  /** The power went: content that was not synced is gone, and so are names whose folder was not. */
  lose() {
    for (const [path, content] of this.#synced) if (existsSync(path)) fs.writeFileSync(path, content ?? '')
    for (const { from, to, before } of this.#names.reverse()) {
      if (!existsSync(to)) continue
      fs.renameSync(to, from)
      if (before !== undefined) fs.writeFileSync(to, before)
    }
  }
}
