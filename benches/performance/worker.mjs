// A peer in a process of its own, asked line by line. What one does to its heap and to V8's guesses harms no other.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { folder, path } from './data.mjs'
import { NATIVE, PYTHON } from './install.mjs'

const COMMANDS = {
  node: name => [process.execPath, [path('benches/peers/worker.mjs'), name.replace('js/', ''), folder]],
  python: name => [PYTHON, [path('benches/peers/python/worker.py'), name, folder]],
  native: name => [NATIVE, [name, folder]],
}

export class Worker {
  #child
  #lines
  #errors = ''

  constructor({ start: [language, name] }) {
    const [command, args] = COMMANDS[language](name)
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    // A process that is gone is told of by the line that does not come.
    this.#child.on('error', () => {})
    this.#child.stdin.on('error', () => {})
    this.#child.stderr.on('data', text => { this.#errors = `${this.#errors}${text}`.slice(-400) })
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  async ask(word, value) {
    this.#child.stdin.write(`${word} ${value}\n`)
    const { value: line, done } = await this.#lines.next()
    if (done) throw new Error(this.#errors.trim() || 'the process ended')
    return JSON.parse(line).reply
  }

  end() {
    this.#child.stdin.end()
  }
}
