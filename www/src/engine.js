// One instance of the Wasm module, and what happens when it traps.

import { YibaoError } from './error.js'

/**
 * An engine over the glue that wasm-bindgen made.
 *
 * A trap leaves an instance in a state that nothing is known of. No call is made on it again: the module is
 * instantiated anew, every live handle is loaded again from its plan, and the call that trapped throws `engine-trap`.
 */
export class Engine {
  #glue
  #live = new Set()
  #gone = new FinalizationRegistry(reference => this.#live.delete(reference))
  #exports

  constructor(glue) {
    this.#glue = glue
  }

  get ready() {
    return this.#exports !== undefined
  }

  get memory() {
    return this.#exports.memory
  }

  start(exports) {
    this.#exports = exports
  }

  async init(wasm) {
    if (this.ready) return
    try {
      this.start(await this.#glue.default(wasm === undefined ? undefined : { module_or_path: await wasm }))
    } catch (cause) {
      throw loadError(cause)
    }
  }

  initSync(wasm) {
    if (this.ready) return
    try {
      this.start(this.#glue.initSync({ module: wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(wasm) }))
    } catch (cause) {
      throw loadError(cause)
    }
  }

  /** Calls into Wasm. What Rust throws is the JSON text of diagnostics. */
  call(work) {
    if (!this.ready) throw YibaoError.of('not-initialised', 'the engine is not loaded yet', { help: 'await init() first' })
    try {
      return work(this.#glue)
    } catch (thrown) {
      throw this.thrown(thrown)
    }
  }

  /** The error that something thrown by a call is; after a trap, with the instance renewed. */
  thrown(thrown) {
    if (typeof thrown === 'string') return new YibaoError(JSON.parse(thrown))
    if (thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError) return this.#recover(thrown)
    return thrown
  }

  /** Keeps an object that must load again after a trap; it has a method `reload`. */
  keep(owner) {
    const reference = new WeakRef(owner)
    this.#live.add(reference)
    this.#gone.register(owner, reference, owner)
  }

  forget(owner) {
    this.#gone.unregister(owner)
    for (const reference of this.#live) if (reference.deref() === owner) this.#live.delete(reference)
  }

  #recover(cause) {
    const owners = [...this.#live].map(reference => reference.deref()).filter(owner => owner !== undefined)
    try {
      this.#glue.__wbg_reset_state()
      // The web glue hands out the exports of an instance that is already there.
      this.start(this.#glue.initSync({ module: undefined }))
      for (const owner of owners) owner.reload()
    } catch (again) {
      return YibaoError.of('engine-trap', `the engine stopped and could not be started again: ${again.message}`, { cause })
    }
    return YibaoError.of('engine-trap', `the engine stopped (${cause.message}); it was started again and every loaded plan with it`, { cause })
  }
}

function loadError(cause) {
  const policy = /wasm-eval|unsafe-eval|Content Security Policy/i.test(cause?.message ?? '')
  const help = policy ? "the page's content security policy needs 'wasm-unsafe-eval' in script-src" : undefined
  return YibaoError.of('wasm-load', `the engine could not be loaded: ${cause?.message ?? cause}`, { cause, ...(help && { help }) })
}
