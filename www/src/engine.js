// One instance of the Wasm module, and what happens when it traps or may not be had.

import { YibaoError } from './error.js'

/** A module with one function that uses everything the real one needs of WebAssembly; small enough for any main thread. */
const PROBE = Uint8Array.of(
  0, 97, 115, 109, 1, 0, 0, 0, 1, 12, 2, 96, 1, 124, 2, 127, 126, 96, 0, 2, 127, 126, 3, 2, 1, 0, 4, 4, 1, 111, 0, 1, 5, 3, 1, 0, 1, 7, 5,
  1, 1, 97, 0, 0, 10, 20, 1, 18, 0, 65, 0, 65, 0, 65, 0, 252, 11, 0, 32, 0, 252, 2, 192, 66, 0, 11,
)

/**
 * Whether WebAssembly can be used here. A content policy without `'wasm-unsafe-eval'` refuses it: Chromium and Firefox
 * when a module is compiled, WebKit only when it is instantiated. Some browsers have none (a lockdown mode) or an old
 * one. That is asked before the module is fetched: what fails after it is a damaged or missing file.
 */
export function canInstantiate() {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(PROBE)) instanceof WebAssembly.Instance
  } catch {
    return false
  }
}

/**
 * An engine over the glue that wasm-bindgen made.
 *
 * A trap leaves an instance in a state that nothing is known of. No call is made on it again: the module is
 * instantiated anew, every live handle is loaded again from its plan, and the call that trapped throws `engine-trap`.
 *
 * What was started by `init` is instantiated asynchronously, the second time too: the main thread of a page may not
 * instantiate more than 4 KB at once before Chromium 115. Until it is there calls throw `not-initialised`, and `init`
 * waits for it.
 */
export class Engine {
  #glue
  #other
  /** What a page loads behind the first decision: the module, once it is there, and the loading of it. */
  #rest
  #completing
  /** The rest is still on its way. */
  #isPart = false
  /** Gives the rest at once, when it is first needed. */
  #supply
  #live = new Set()
  // Without it what was never freed is loaded again after a trap too; nothing else is lost.
  #gone = typeof FinalizationRegistry === 'undefined' ? undefined : new FinalizationRegistry(reference => this.#live.delete(reference))
  #exports
  #build
  #starting
  /** Started by `initSync`: whoever may do that may also renew the instance at once. */
  #atOnce = false
  /** The instance trapped and the new one is not there yet. */
  #trapped = false

  /**
   * Where the caller has no module: `wasm()` gives all of it, or `first()` the part that decides and `rest()` what is
   * asked for later, both as responses; `script()` gives the same engine, all of it, as glue over JavaScript.
   */
  constructor(glue, { wasm, first, rest, script } = {}) {
    this.#glue = glue
    this.#other = { wasm, first, rest, script }
  }

  get ready() {
    return this.#exports !== undefined
  }

  /** Whether years, explanations and analyses are there too. */
  get isComplete() {
    return !this.#isPart
  }

  get memory() {
    this.demandReady()
    return this.#exports.memory
  }

  demandReady() {
    if (!this.ready) throw notInitialised()
  }

  /**
   * Loads the engine, once. Gives which build it is: `wasm`, or `js` where WebAssembly cannot be used. `rest: 'later'`:
   * as soon as decisions can be made; `complete` tells when the rest is there.
   */
  async init({ wasm, build = 'auto', rest = 'now' } = {}) {
    if (!['auto', 'wasm', 'js'].includes(build)) throw YibaoError.of('wrong-type', `there is no build \`${build}\``, { help: '`auto`, `wasm` or `js`' })
    if (!['now', 'later'].includes(rest)) throw YibaoError.of('wrong-type', `\`rest\` is \`${rest}\``, { help: '`now` or `later`' })
    try {
      if (!this.ready) await (this.#starting ??= this.#trapped ? this.#renew() : this.#open(wasm, build))
    } catch (cause) {
      throw cause instanceof YibaoError ? cause : loadError(cause)
    } finally {
      this.#starting = undefined
    }
    if (rest === 'now') await this.complete()
    return this.#build
  }

  async #open(given, build) {
    const { wasm, first, rest, script } = this.#other
    if (script !== undefined && (build === 'js' || (build === 'auto' && !canInstantiate()))) {
      this.#glue = await script()
      this.#atOnce = true
      return this.#began(this.#glue.initSync({ module: undefined }), 'js')
    }
    const found = await given
    if (found === undefined && first !== undefined) {
      // Both are asked for at once, and one waits for the other only to be attached.
      const behind = rest()
      behind.catch(() => {})
      const exports = await this.#glue.default({ module_or_path: await first() })
      this.#isPart = true
      this.#began(exports, 'wasm')
      this.#completing = this.#completed(behind)
      this.#completing.catch(() => {})
      return
    }
    this.#began(await this.#glue.default({ module_or_path: found ?? wasm() }), 'wasm')
  }

  #began(exports, build) {
    this.#exports = exports
    this.#build = build
  }

  /** Resolves when years, explanations and analyses are there. What failed to load is asked for again. */
  async complete() {
    this.demandReady()
    if (!this.#isPart) return
    try {
      await (this.#completing ??= this.#completed(this.#other.rest()))
    } catch (cause) {
      this.#completing = undefined
      throw loadError(cause)
    }
  }

  async #completed(response) {
    const found = await response
    if (!found.ok) throw new TypeError(`${found.url}: ${found.status}`)
    const rest = await WebAssembly.compile(await found.arrayBuffer())
    // An instance that is just being renewed does not know of the rest yet.
    await this.#starting
    // The rest has no memory of its own: it is nothing but functions and texts of the instance that is there.
    await WebAssembly.instantiate(rest, { first: this.#exports })
    this.#rest = rest
    this.#isPart = false
  }

  /** Takes the rest where it is at hand; refuses what is not loaded yet. */
  demandComplete() {
    if (this.#supply !== undefined) this.#take()
    if (this.#isPart) throw YibaoError.of('not-initialised', 'this part of the engine is not loaded yet', { help: 'await complete() first' })
  }

  /** `rest()` gives the rest at once, where `wasm` is the first part alone. */
  initSync(wasm, rest) {
    if (this.ready) return
    try {
      this.#began(this.#glue.initSync({ module: moduleOf(wasm) }), 'wasm')
      this.#atOnce = true
      this.#supply = rest
    } catch (cause) {
      throw loadError(cause)
    }
  }

  #take() {
    try {
      const rest = moduleOf(this.#supply())
      new WebAssembly.Instance(rest, { first: this.#exports })
      this.#rest = rest
      this.#supply = undefined
    } catch (cause) {
      throw loadError(cause)
    }
  }

  /** Calls into Wasm. What Rust throws is the JSON text of diagnostics. */
  call(work) {
    this.demandReady()
    try {
      return work(this.#glue)
    } catch (thrown) {
      throw this.thrown(thrown)
    }
  }

  /** The error that something thrown by a call is; after a trap, with the instance renewed. */
  thrown(thrown) {
    if (typeof thrown === 'string') return new YibaoError(JSON.parse(thrown))
    return this.#isTrap(thrown) ? this.#recover(thrown) : thrown
  }

  #isTrap(thrown) {
    // Too deep a recursion, in either build.
    if (thrown instanceof RangeError) return true
    return thrown instanceof (this.#glue.Trap ?? WebAssembly.RuntimeError)
  }

  /** Keeps an object that must load again after a trap; it has a method `reload`. */
  keep(owner) {
    // Without weak references what nobody frees stays.
    const reference = typeof WeakRef === 'undefined' ? { deref: () => owner } : new WeakRef(owner)
    this.#live.add(reference)
    this.#gone?.register(owner, reference, owner)
  }

  forget(owner) {
    this.#gone?.unregister(owner)
    for (const reference of this.#live) if (reference.deref() === owner) this.#live.delete(reference)
  }

  #recover(cause) {
    if (!this.#atOnce) {
      this.#trapped = true
      this.#exports = undefined
      this.#starting = this.#renew()
      this.#starting.catch(() => {})
      return YibaoError.of('engine-trap', `the engine stopped (${cause.message}) and is being started again`, { cause, help: 'await init() first' })
    }
    try {
      this.#glue.__wbg_reset_state()
      // The web glue hands out the exports of an instance that is already there.
      this.#exports = this.#glue.initSync({ module: undefined })
      if (this.#rest !== undefined) new WebAssembly.Instance(this.#rest, { first: this.#exports })
      this.#reload()
    } catch (again) {
      return YibaoError.of('engine-trap', `the engine stopped and could not be started again: ${again.message}`, { cause })
    }
    return YibaoError.of('engine-trap', `the engine stopped (${cause.message}); it was started again and every loaded plan with it`, { cause })
  }

  async #renew() {
    const instance = await this.#glue.__wbg_new_instance()
    this.#glue.__wbg_reset_state(instance)
    const exports = this.#glue.initSync({ module: undefined })
    if (this.#rest !== undefined) await WebAssembly.instantiate(this.#rest, { first: exports })
    this.#exports = exports
    this.#trapped = false
    this.#reload()
  }

  #reload() {
    for (const reference of this.#live) reference.deref()?.reload()
  }
}

const moduleOf = wasm => (wasm instanceof WebAssembly.Module ? wasm : new WebAssembly.Module(wasm))

const notInitialised = () => YibaoError.of('not-initialised', 'the engine is not loaded yet', { help: 'await init() first' })

function loadError(cause) {
  const policy = /wasm-eval|unsafe-eval|Content Security Policy/i.test(cause?.message ?? '')
  const fetched = cause instanceof TypeError
  const help = policy
    ? "the page's content security policy needs 'wasm-unsafe-eval' in script-src"
    : fetched ? 'a file of the engine is missing, or is not the one that was released' : undefined
  return YibaoError.of('wasm-load', `the engine could not be loaded: ${cause?.message ?? cause}`, { cause, ...(help && { help }) })
}
