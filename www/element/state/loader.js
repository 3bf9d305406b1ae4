// From attributes to a session: which index, which pack, which service; and the engine, in parallel.

import { Pack, PackError } from './pack.js'
import { Session } from './session.js'
import { assetsOf, engineAt } from './engine.js'
import { demandSigned, file } from './source.js'
import { isService, notAPlace, placeNamed, placesOf, placesWithin } from './places.js'

/** Why something else than a pack failed, under a code of the element. */
const broken = (code, cause) => new PackError(code, cause.message, { cause })

export class Loader {
  #host
  #turn = 0
  #wanted = ''
  #raw = new Map()
  #packs = new Map()

  constructor(host) {
    this.#host = host
    this.status = 'loading'
  }

  session
  /** The index by place, where there is one. */
  places
  place
  /** Why there is no figure: `no-plan too-new fetch integrity engine bad-plan place service`, or one of signatures. */
  fault
  /** The pack was had and its form can be read, but it did not pass. */
  failed = false
  /** A part of the engine is still on its way. */
  behind = false

  /** Begins again where an attribute has changed; does nothing where the element was only moved. */
  async connect() {
    const host = this.#host
    const wanted = [host.pack, host.region, host.service, host.packRoot, host.asOf, host.assets].join('\n')
    if (wanted === this.#wanted) return
    this.#wanted = wanted
    const turn = (this.#turn += 1)
    const current = () => turn === this.#turn
    Object.assign(this, { status: 'loading', fault: undefined, failed: false })
    const engine = engineAt(this.#assets)
    // Said where it is needed; a rejection that nobody waits for is noise in the console.
    engine.catch(() => {})
    try {
      const address = new URL(host.pack ?? new URL('packs/public.json', this.#assets), document.baseURI)
      const { bytes, json } = await file(address)
      if (!current()) return
      if (Array.isArray(json.packs ?? json)) await this.#index(json.packs ?? json, address)
      else {
        this.places = undefined
        await this.#open(await this.#pack(json, bytes, address))
      }
    } catch (error) {
      if (current()) this.#fail(error)
    }
  }

  get #assets() { return assetsOf(this.#host.assets, document.baseURI) }

  // ── an index ─────────────────────────────────────────────────────────────

  async #index(entries, address) {
    const host = this.#host
    const all = entries.map(entry => ({ ...entry, address: new URL(entry.plan ?? entry.url, address) }))
    this.others = all.map(entry => ({ title: entry.title, why: notAPlace(entry) })).filter(one => one.why !== undefined)
    this.titles = new Map(all.map(entry => [entry.id, entry.title]))
    this.places = placesOf(all)
    this.place = host.region ? placeNamed(this.places, host.region) : this.places.size === 1 ? [...this.places.values()][0] : undefined
    this.asksPlace = this.place === undefined || !host.region
    if (this.place === undefined) {
      if (host.region) this.places = placesWithin(this.places, host.region)
      if (this.places.size === 0) throw new PackError('place')
      this.session = undefined
      return this.#say('choosing')
    }
    await this.#openFirst()
  }

  /** The first service of the place that the host wants. */
  async #openFirst() {
    const { service } = this.#host
    const first = this.#services().find(one => !service || isService(one.service, service))
    if (first === undefined) return this.#fail(new PackError('service'))
    await this.choose(first.entry, first.service.id)
  }

  /** Services of the chosen place with the entries they belong to. */
  #services() { return this.place.entries.flatMap(entry => entry.services.filter(one => !one.officer).map(service => ({ entry, service }))) }

  /** Services that the reader may choose from, as far as the host leaves a choice. */
  get offered() {
    const { service } = this.#host
    const { pack } = this
    const all = this.place ? this.#services() : pack?.services.map(one => ({ entry: undefined, service: one })) ?? []
    if (!service) return all
    const named = all.filter(one => isService(one.service, service))
    // Where what the host names can only refuse, the reader is offered what can be answered.
    return named.every(one => this.#isShut(one)) ? all : named
  }

  #isShut({ entry, service }) {
    const { pack } = this
    if (pack?.rules === undefined || (entry !== undefined && entry.id !== pack.id)) return false
    return this.shut(pack.service(service.id)) !== undefined
  }

  /** Title of a pack of the index, for what is said of another layer of rules. */
  titleOf(id) {
    const found = this.titles?.get(id)
    return found && this.#host.words.pick(found)
  }

  get pack() { return this.session?.pack }

  async choosePlace(code) {
    this.place = this.places.get(code)
    await this.#openFirst()
  }

  /** Opens a service of an entry, or of the pack at hand. `answerable`: rather another one than one that can only refuse. */
  async choose(entry, id, { answerable = true } = {}) {
    const turn = (this.#turn += 1)
    // Nothing of one place stands under the name of another, not even while it loads.
    if (entry !== undefined && entry.id !== this.pack?.id) {
      this.session = undefined
      this.#say('loading')
    }
    try {
      const pack = entry === undefined ? this.pack : await this.#entry(entry)
      if (turn !== this.#turn) return
      Object.assign(this, { fault: undefined, failed: false })
      await this.#open(pack, id, { answerable })
    } catch (error) {
      if (turn === this.#turn) this.#fail(error)
    }
  }

  async #entry(entry) {
    const key = entry.address.href
    if (!this.#packs.has(key)) {
      const { bytes, json } = await file(entry.address, entry.integrity)
      const pack = await this.#pack(json, bytes, entry.address, entry)
      this.#packs.set(key, pack)
    }
    return this.#packs.get(key)
  }

  async #pack(json, bytes, address, entry) {
    const pack = new Pack(json)
    const host = this.#host
    // Named and empty is no way to have none.
    if (host.packRoot != null) {
      try {
        pack.signed = await demandSigned({ host, address, bytes, entry, assets: this.#assets })
      } catch (error) {
        // The form may be read; no figure may be shown.
        error.code ??= 'engine'
        pack.refused = error
      }
    }
    return pack
  }

  // ── a pack ───────────────────────────────────────────────────────────────

  async #open(pack, id, { answerable = true } = {}) {
    const host = this.#host
    const turn = this.#turn
    this.#begin(pack, this.#serviceOf(pack, id))
    if (pack.refused) return this.#refuse(pack.refused)
    let engine
    try {
      engine = await engineAt(this.#assets)
    } catch (cause) {
      if (turn !== this.#turn) return
      // The portal's switch beside the package, in its own words.
      if (cause.code === 'paused') Object.assign(host, { paused: true, pauseWords: cause.diagnostics[0].text })
      this.#refuse(broken('engine', cause))
      return
    }
    if (turn !== this.#turn) return
    try {
      pack.start(engine)
    } catch (cause) {
      this.#refuse(broken('bad-plan', cause))
      return
    }
    this.#say('ready')
    host.tell('pack', { id: pack.id, revision: pack.header.revision, digest: pack.digest, status: pack.header.status })
    const better = answerable && this.session.untouched && this.shut(this.session.service) ? this.#answerable(pack) : undefined
    if (better) this.#begin(pack, better)
    host.began()
    if (!pack.rules.isComplete) this.#completes(engine, turn)
  }

  /** Years, curves and bounds come behind the first figures. Where they cannot be had, the figures stand alone. */
  async #completes(engine, turn) {
    this.behind = true
    await engine.complete().catch(() => {})
    // Whatever was opened meanwhile has the same engine.
    this.behind = false
    if (turn === this.#turn) this.#host.completed()
  }

  /** After a trap: with a new instance the same answers are decided once more. */
  async renew() {
    const turn = this.#turn
    try {
      const engine = await engineAt(this.#assets)
      await engine.init({ rest: 'later' })
    } catch (cause) {
      if (turn === this.#turn) this.#refuse(broken('engine', cause))
      return
    }
    if (turn === this.#turn) this.#host.completed()
  }

  #serviceOf(pack, id) {
    const { service } = this.#host
    const found = pack.service(id ?? this.#host.year?.service) ?? pack.services.find(one => !service || isService(one, service))
    if (found === undefined) throw new PackError('service')
    return found
  }

  #begin(pack, service) {
    const { asOf } = this.#host
    const raw = this.#raw.get(pack.id) ?? {}
    this.#raw.set(pack.id, raw)
    const back = this.#back
    const kept = back?.pack === pack.id ? pack.service(back.service) : undefined
    if (kept) {
      this.#back = undefined
      Object.assign(raw, back.raw)
    }
    this.session = new Session(pack, kept ?? service, { raw, asOf })
    this.#host.requestUpdate()
  }

  #back

  /** What the browser kept over a visit to another page. */
  restore(back) {
    this.#back = back
    if (this.pack?.id === back.pack) this.choose(undefined, back.service)
  }

  /** Why a service can only refuse, whatever is answered; `undefined` where it can answer. */
  shut(service) {
    const { rules } = this.pack
    if (rules === undefined) return undefined
    const decision = rules.evaluate(service.id, {})
    return decision.outcome === 'refused' ? decision.refusals.map(one => one.text) : undefined
  }

  #answerable(pack) {
    const { service } = this.#host
    const open = pack.services.filter(one => this.shut(one) === undefined)
    return open.find(one => service && isService(one, service)) ?? open[0]
  }

  // ── said ─────────────────────────────────────────────────────────────────

  #say(status) {
    this.status = status
    this.#host.requestUpdate()
  }

  /** The form stays readable, without figures. */
  #refuse(error) {
    this.failed = true
    this.fault = error.code
    this.#say('error')
    this.#host.tell('error', { code: error.code })
    this.#host.began()
  }

  #fail(error) {
    if (!(error instanceof PackError)) error = broken('bad-plan', error)
    const unsupported = ['place', 'service'].includes(error.code)
    Object.assign(this, { fault: error.code, session: undefined })
    this.#say(unsupported ? 'unsupported' : 'error')
    const { region, service } = this.#host
    this.#host.tell(unsupported ? 'unsupported' : 'error', unsupported ? { region: region ?? null, service: service ?? null } : { code: error.code })
  }
}
