// The files of a run: the result and the bad rows grow under other names, beside a note of how far they are good, and
// get their own names when all is done. Whatever ends a run early, the note and `--resume` go on from there.

import { closeSync, existsSync, fdatasyncSync, ftruncateSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { misuse } from '../exit.mjs'
import { syncFolder, writeWhole } from '../atomic.mjs'
import { writeFailure } from '../errno.mjs'

const BETWEEN_NOTES = 2_000

export class Run {
  #files
  #noted = Date.now()
  #asked

  /** `asked` is what a resumed run must have in common with this one. */
  constructor(out, bad, asked, { resume, restart }) {
    this.out = out
    this.note = `${out}.progress.json`
    this.#asked = JSON.stringify(asked)
    this.#files = { out: { final: out, part: `${out}.part` }, bad: { final: bad, part: `${bad}.part` } }
    if (restart) this.#remove()
    const left = existsSync(this.note)
    if (left && !resume) throw misuse('unfinished', { zh: `\`${out}\` 有一次没有做完的批量测算`, en: `there is an unfinished run for \`${out}\`` }, { help: { zh: '接着做：--resume；重新做：--restart', en: 'go on with --resume, or begin anew with --restart' } })
    this.done = left ? this.#former() : { headed: false, next: 1, rows: 0, good: 0, bad: 0, computed: 0, outBytes: 0, badBytes: 0 }
    this.resumed = left
    if (!this.done.ended) this.#open()
  }

  #former() {
    let note
    try {
      note = JSON.parse(readFileSync(this.note, 'utf8'))
    } catch (cause) {
      throw misuse('bad-progress', { zh: `\`${this.note}\` 读不懂，接不上`, en: `\`${this.note}\` cannot be read` }, { help: { zh: '重新做：--restart', en: 'begin anew with --restart' }, cause })
    }
    if (note.asked !== this.#asked) throw misuse('other-run', { zh: '没有做完的那一次用的是别的输入、政策包或选项，接不上', en: 'the unfinished run had another input, pack or options' }, { help: { zh: '用同样的输入和选项加 --resume；或重新做：--restart', en: 'give the same ones with --resume, or begin anew with --restart' } })
    return note.done
  }

  #open() {
    for (const [key, bytes] of [['out', this.done.outBytes], ['bad', this.done.badBytes]]) {
      const file = this.#files[key]
      try {
        file.fd = openSync(file.part, this.resumed ? 'r+' : 'w')
        if (fstatSync(file.fd).size < bytes) throw misuse('bad-progress', { zh: `\`${file.part}\` 比记录的短，接不上`, en: `\`${file.part}\` is shorter than noted` }, { help: { zh: '重新做：--restart', en: 'begin anew with --restart' } })
        ftruncateSync(file.fd, bytes)
      } catch (error) {
        this.close()
        if (this.resumed && error.code === 'ENOENT') throw misuse('bad-progress', { zh: `\`${file.part}\` 不见了，接不上`, en: `\`${file.part}\` is gone` }, { help: { zh: '重新做：--restart', en: 'begin anew with --restart' }, cause: error })
        throw writeFailure(error, file.part)
      }
    }
    if (!this.resumed) this.checkpoint()
  }

  /** Adds what some rows became, and what is done with them. */
  add({ out, bad }, counts) {
    this.#append('out', out, this.done.outBytes)
    this.#append('bad', bad, this.done.badBytes)
    Object.assign(this.done, counts, { outBytes: this.done.outBytes + out.length, badBytes: this.done.badBytes + bad.length })
    if (Date.now() - this.#noted >= BETWEEN_NOTES) this.checkpoint()
  }

  #append(key, bytes, at) {
    const { fd, part } = this.#files[key]
    try {
      for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done, bytes.length - done, at + done)
    } catch (error) {
      throw writeFailure(error, part)
    }
  }

  /** Notes how far the files are good. */
  checkpoint() {
    for (const { fd } of Object.values(this.#files)) fdatasyncSync(fd)
    writeWhole(this.note, JSON.stringify({ asked: this.#asked, done: this.done }))
    this.#noted = Date.now()
  }

  close() {
    for (const file of Object.values(this.#files)) {
      if (file.fd !== undefined) closeSync(file.fd)
      file.fd = undefined
    }
  }

  /**
   * Gives the files their names. Without bad rows there is no file of them. That all rows are done is noted first:
   * where a name cannot be given, `--resume` gives what is left of them.
   */
  finish() {
    if (!this.done.ended) {
      this.done.ended = true
      this.checkpoint()
      this.close()
    }
    const { out, bad } = this.#files
    try {
      if (this.done.bad > 0) named(bad)
      else for (const path of [bad.part, bad.final]) rmSync(path, { force: true })
      named(out)
      syncFolder(dirname(this.out))
      rmSync(this.note)
    } catch (error) {
      throw writeFailure(error, this.out)
    }
  }

  #remove() {
    for (const path of [this.note, ...Object.values(this.#files).map(({ part }) => part)]) rmSync(path, { force: true })
  }

  /** Ends a run that went wrong: what is done stays to be gone on with. Gives the error, with the way to go on. */
  stopped(error) {
    if (this.done.rows === 0) {
      this.close()
      try {
        this.#remove()
      } catch {
        // What went wrong first is what there is to tell.
      }
      return error
    }
    try {
      if (!this.done.ended) this.checkpoint()
    } catch {
      // The disk may be full: the last note that could be written still says how far the files are good.
    }
    this.close()
    if (error.text && error.help === undefined) error.help = { zh: `做完了 ${this.done.rows} 行；排除原因后同样的命令加 --resume`, en: `${this.done.rows} rows are done; when the cause is gone, the same command with --resume` }
    return error
  }
}

/** One whose name was given before the run was cut off has no other any more. */
function named({ part, final }) {
  if (existsSync(part)) renameSync(part, final)
}
