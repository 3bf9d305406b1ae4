// What a command is given: its arguments, where to write, in which language, and the engine when it asks for it.

import { fileURLToPath } from 'node:url'
import { writeWhole } from './atomic.mjs'
import { loadFailure } from './errno.mjs'
import { misuse } from './exit.mjs'
import * as files from './files.mjs'
import { whenEnded } from './interrupt.mjs'
import * as packs from './packs.mjs'
import { coded, jsonText, painted, shown } from './terminal.mjs'

export class Context {
  #engine
  #ended

  constructor({ args, options, lang, color, errorFormat, env = process.env, stdin = process.stdin, stdout = process.stdout, stderr = process.stderr, cwd = process.cwd(), ended }) {
    Object.assign(this, { args, options, lang, color, errorFormat, env, stdin, stdout, stderr, cwd })
    this.#ended = ended
  }

  /** A signal that Ctrl-C gives. Whoever asks for it puts things in order himself. */
  get ended() {
    return this.#ended ??= whenEnded()
  }

  /** A `{ zh, en }` text in the language asked for. */
  t(text) {
    return typeof text === 'string' ? text : this.lang === 'en' ? text.en : text.zh
  }

  /** Result: goes to standard output, ends with a line break. */
  out(text) {
    this.stdout.write(line(this.t(text)))
  }

  json(value) {
    this.out(jsonText(value, 2))
  }

  /** Said beside the result: goes to standard error. */
  note(text) {
    this.stderr.write(line(this.t(text)))
  }

  /** Text in a style, where colour is wanted. */
  paint(style, text) {
    return this.color ? painted(style, text) : text
  }

  read(path, what, options) {
    return files.readBytes(path, what, options)
  }

  readText(path, what, options) {
    return files.readText(path, what, options)
  }

  /** Writes to `path`, whole or not at all; without a path to standard output, to the letter unless that is a terminal. */
  write(path, content) {
    const isText = typeof content === 'string'
    if (path !== undefined && path !== '-') writeWhole(path, isText ? coded(content) : content)
    else if (this.stdout.isTTY) this.stdout.write(shown(isText ? content : new TextDecoder().decode(content)))
    else this.stdout.write(isText ? coded(content) : content)
  }

  /** Name and version of this package. */
  async package() {
    return JSON.parse(files.readText(fileURLToPath(new URL('../package.json', import.meta.url)), { zh: '软件包', en: 'package' }))
  }

  /** The authoring build of the engine, loaded when first asked for. */
  async engine() {
    return this.#engine ??= await authoring()
  }

  /** What a PACK argument means: path, bytes, options for `loadPack` and the texts for excerpts. */
  openPack(given) {
    return packs.openPack(given)
  }

  /** Rules of a PACK argument; an invalid pack ends the command with its diagnostics. */
  async loadPack(given) {
    return packs.loadPack(await this.engine(), given)
  }

  /** Just this many positional arguments. */
  expectArgs(names) {
    if (this.args.length === names.length) return this.args
    const usage = names.join(' ')
    throw misuse('wrong-arguments', { zh: `这里要 ${names.length} 个参数（${usage}），给了 ${this.args.length} 个`, en: `expected ${names.length === 1 ? 'one argument' : `${names.length} arguments`} (${usage}), found ${this.args.length}` })
  }
}

const line = words => shown(words.endsWith('\n') ? words : `${words}\n`)

async function authoring() {
  try {
    return await import('../dist/authoring-node.js')
  } catch (error) {
    throw loadFailure(error)
  }
}
