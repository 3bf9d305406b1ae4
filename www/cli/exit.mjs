// How the command ends: its exit codes, and the complaint that carries one.

export const EXIT = Object.freeze({
  OK: 0,
  /** A case fails, or coverage is below its minimum. */
  CASES: 1,
  /** Wrong usage, or a file that cannot be read or written. */
  USAGE: 2,
  INVALID_PACK: 3,
  /** `--strict`, and the result is unknown. */
  UNKNOWN: 4,
  /** A signature or a digest is wrong. */
  INTEGRITY: 5,
  /** A fault of the command itself. */
  FAULT: 70,
  /** Ended by Ctrl-C, as shells count it. */
  INTERRUPTED: 130,
})

/**
 * Ends the command with a complaint. `text` and `help` are `{ zh, en }`. `code` is a stable word for machines.
 * `diagnostics` are the engine's; `texts` maps their files to contents, for the excerpts.
 */
export class Failure extends Error {
  constructor(exit, code, text, { help, diagnostics = [], texts = new Map(), cause } = {}) {
    super(text.en, { cause })
    Object.assign(this, { exit, code, text, help, diagnostics, texts })
  }
}

/** Wrong usage, or a file that cannot be used. */
export const misuse = (code, text, more) => new Failure(EXIT.USAGE, code, text, more)
