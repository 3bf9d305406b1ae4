// A progress bar on a terminal; nothing anywhere else.

const BETWEEN = 100
const WIDTH = 24

export class Progress {
  #context
  #total
  #began = Date.now()
  #shown = 0
  #already

  constructor(context, total, already = 0) {
    this.#context = context
    this.#total = total
    this.#already = already
    this.live = Boolean(context.stderr.isTTY)
  }

  show(bytes, { rows, bad }) {
    const now = Date.now()
    if (!this.live || now - this.#shown < BETWEEN) return
    this.#shown = now
    const part = this.#total === 0 ? 1 : Math.min(1, bytes / this.#total)
    const seconds = (now - this.#began) / 1000
    const speed = Math.round((rows - this.#already) / Math.max(seconds, 0.001))
    const left = part > 0.01 ? Math.ceil(seconds / part - seconds) : undefined
    const bar = '█'.repeat(Math.round(part * WIDTH)).padEnd(WIDTH, '░')
    const count = number => number.toLocaleString('en-US')
    this.#context.stderr.write(`\r\u001b[K${bar} ${String(Math.floor(part * 100)).padStart(3)}%  ${this.#context.t({
      zh: `${count(rows)} 行  ${count(speed)} 行/秒${left === undefined ? '' : `  还要 ${left} 秒`}${bad > 0 ? `  坏行 ${count(bad)}` : ''}`,
      en: `${count(rows)} rows  ${count(speed)} rows/s${left === undefined ? '' : `  ${left} s left`}${bad > 0 ? `  ${count(bad)} bad` : ''}`,
    })}`)
  }

  clear() {
    if (this.live && this.#shown > 0) this.#context.stderr.write('\r\u001b[K')
  }
}
