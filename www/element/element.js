// <yibao-check>: one form for every service of a pack, and what its answers come to. Everything happens on the device.

import { LitElement, unsafeCSS } from 'lit'
import { Loader } from './state/loader.js'
import { allowed } from './features.js'
import { canAnalyse } from './state/analyses.js'
import { caseOf } from './state/answers.js'
import { faultsOf, idOf } from './frame/form.js'
import { frame } from './frame/frame.js'
import { fromHash } from './share/link.js'
import { guarded } from './theme/guard.js'
import { hasWords, language, loadWords } from './words/language.js'
import { hush, speak, voiceFor, whenVoicesChange } from './speech/speech.js'
import { keep, kept } from './state/store.js'
import { titleOf } from './questions/question.js'
import { standing } from './frame/standing.js'
import { styles } from './styles/styles.js'

/** What is heard waits until the typing stops. */
const PAUSE = 700
/** Width from which questions and result stand side by side. */
const WIDE = 860
const MODES = ['standard', 'large', 'elder']

/** The answer, its chart, comparison, year, statement, paper and link: the form can be painted without them. */
let parts
const more = () => (parts ??= import('./answer/answer.js'))

const PROPERTIES = {
  service: {}, region: {}, pack: {}, packRoot: { attribute: 'pack-root' }, asOf: { attribute: 'as-of' }, lang: {}, mode: { reflect: true },
  fontScale: { attribute: 'font-scale' }, layout: {}, features: {}, storage: {}, exposeAnswers: { type: Boolean, attribute: 'expose-answers' }, assets: {},
  paused: { type: Boolean },
}

export class YibaoCheck extends LitElement {
  // Getters: static fields are later than Safari 14.
  static get formAssociated() { return true }
  static get styles() { return unsafeCSS(styles) }
  static get shadowRootOptions() { return { ...LitElement.shadowRootOptions, delegatesFocus: false } }
  static get properties() { return PROPERTIES }

  #internals = this.attachInternals?.()
  #loader = new Loader(this)
  #own = 'adoptedStyleSheets' in document ? new CSSStyleSheet() : undefined
  #given = {}
  #year
  #heard
  #ready = false
  #stop = []
  #voice = false
  #wide = false
  #width = 360
  #last

  /** The parts that come later, once they are there. */
  more

  /** What is shown of a session besides its answers: kept when the element is moved in its page. */
  view = { left: new Set(), phase: 'questions', asked: undefined, fault: [], chart: {}, compare: {}, columns: [], statement: {}, share: {}, spoken: '' }

  constructor() {
    super()
    this.mode = 'standard'
  }

  // ── for hosts ────────────────────────────────────────────────────────────

  /** Answers of the service that is shown, by name. Setting them before the element is ready is harmless. */
  get answers() {
    const { session } = this
    return session === undefined ? { ...this.#given } : caseOf(session.asks, session.raw, session.given).facts
  }

  set answers(facts) {
    this.#given = { ...facts }
    this.session?.give(this.#given)
    this.#tellAll()
    this.changed()
  }

  /** The decision as plain data, `null` while there is none. */
  get result() {
    const { decision } = this.paused ? {} : this.session?.outcome ?? {}
    return decision === undefined ? null : decision.toJSON()
  }

  /** `loading choosing ready unsupported paused error` */
  get status() { return this.paused ? 'paused' : this.#loader.status }

  /** A year to open on: `{ service, title, lead, note, ways, shared, asked, example }`. */
  get year() { return this.#year }
  set year(value) {
    this.#year = value
    this.#startYear()
    this.requestUpdate()
  }

  /** Forgets what was entered; the place and the service stay. */
  reset() {
    this.#given = {}
    this.session?.clear()
    this.#startYear()
    Object.assign(this.view, { left: new Set(), phase: 'questions', asked: undefined, fault: [], chart: {}, compare: {}, columns: [], statement: {}, share: {} })
    hush()
    this.changed({ heard: false })
  }

  /** Prints the paper for the counter. */
  print() { return Promise.all([more(), this.updateComplete]).then(([parts]) => parts.printSheet(this)) }

  /** The case as text: answers, service and receipt, for `replay` and for the command. */
  exportCase() { return this.session === undefined || this.more === undefined ? null : `${JSON.stringify(this.more.caseFile(this.session), null, 2)}\n` }

  /** The explanation of a step in words, `null` where there is none. */
  explain(stepId, options = {}) {
    const { rules } = this.session?.pack ?? {}
    if (rules?.isComplete !== true || this.paused) return null
    return rules.explain(this.session.service.id, this.session.case, { lang: this.words.lang, step: stepId, ...options })
  }

  get form() { return this.#internals?.form ?? null }
  get name() { return this.getAttribute('name') ?? '' }
  get type() { return this.localName }
  get value() { return this.#last?.receipt ?? null }

  formResetCallback() { this.reset() }

  /** The browser gives back what was entered when the reader returns to the page. */
  formStateRestoreCallback(state) {
    try {
      const { pack, service, raw } = JSON.parse(state)
      this.#loader.restore({ pack, service, raw })
    } catch {
      // A state of another version says nothing.
    }
  }

  // ── one question at a time ───────────────────────────────────────────────

  /** The question that is asked now. */
  get asked() {
    const { session, view } = this
    return session.asks.find(one => one.key === view.asked) ?? session.open[0]
  }

  /** Nothing is left to ask, or the reader has come to the end. */
  get atResult() { return this.view.phase === 'result' || this.asked === undefined }

  forward() {
    const { session } = this
    const one = this.asked
    if (session.raw[one.key] === undefined) return this.#stay({ bare: one.key, fault: [] })
    if (faultsOf(this, [one]).length > 0) return this.#stay({ bare: undefined, fault: [one.key] })
    this.#next(one)
  }

  /** Leaves the question open: it is unknown, which is not zero. */
  skip() {
    const one = this.asked
    this.session.set(one.key, '')
    this.changed()
    this.#next(one)
  }

  back() {
    const { session, view } = this
    const at = session.path.indexOf(this.asked.key)
    Object.assign(view, { phase: 'questions', asked: session.path[(at < 0 ? session.path.length : at) - 1], fault: [], bare: undefined })
    this.#show()
  }

  #stay(next) {
    Object.assign(this.view, next)
    this.requestUpdate()
    this.updateComplete.then(() => this.renderRoot.querySelector('#errors')?.focus())
  }

  #next(one) {
    const { session, view } = this
    if (!session.path.includes(one.key)) session.path.push(one.key)
    const at = session.path.indexOf(one.key)
    const following = session.path[at + 1] ?? session.open[0]?.key
    Object.assign(view, { asked: following, phase: following === undefined ? 'result' : 'questions', fault: [], bare: undefined })
    this.#show()
  }

  /** The next question or the result, with the focus where reading goes on. */
  #show() {
    const { session, view } = this
    this.requestUpdate()
    if (view.phase === 'questions') this.tell('question', { service: session.service.id, question: this.asked?.key ?? null, step: session.path.length + 1 })
    this.updateComplete.then(() => {
      if (view.phase === 'result') this.renderRoot.querySelector('#result')?.focus()
      else if (this.asked) this.focusField(idOf(this.asked.key))
    })
  }

  /** Goes to the question of a fact, wherever it stands; with `wrong` what is wrong stands there too. */
  goTo(fact, { wrong = false } = {}) {
    const { session, view } = this
    const one = session.asks.find(each => each.name === fact || each.name === fact.split('.')[0])
    if (one === undefined) return
    if (this.stepwise) {
      Object.assign(view, { phase: 'questions', asked: one.key, fault: wrong ? [one.key] : [], bare: undefined })
      this.#show()
    } else this.updateComplete.then(() => this.focusField(idOf(one.key)))
  }

  focusField(id) {
    const found = this.renderRoot.getElementById(id)
    const field = found?.matches('fieldset') ? found.querySelector('input:checked') ?? found.querySelector('input, select, button') : found
    field?.focus()
  }

  focusTop() { this.updateComplete.then(() => this.renderRoot.querySelector('.head h2')?.focus()) }

  readAloud() {
    const { view, words } = this
    if (view.speaking) {
      hush()
      view.speaking = false
    } else {
      const one = this.stepwise && !this.atResult && this.session && !this.#yearState ? this.asked : undefined
      const text = one ? [titleOf({ ...one.fact, section: one.section }, words), words.pick(one.fact.hint), ...one.fact.options.map(each => words.pick(each.label))].filter(Boolean).join(words.zh ? '。' : '. ') : this.resultText()
      view.speaking = speak(text, words.lang, () => { view.speaking = false; this.requestUpdate() })
    }
    this.requestUpdate()
  }

  // ── for the parts ────────────────────────────────────────────────────────

  get canAnalyse() { return canAnalyse(this.session?.pack.rules) }

  get session() { return this.#loader.session }
  get loader() { return this.#loader }
  get words() { return language(this.lang) }
  get allows() { return allowed(this.features) }
  get canSpeak() { return this.allows.has('speech') && this.#voice }
  get stepwise() { return this.layout === 'steps' || (this.layout !== 'single' && !this.#wide) }
  get yearState() { return this.#yearState }
  #yearState

  /** A new year of the host, or of what stands in the form. */
  #startYear() {
    const { session } = this
    this.#yearState = session && this.more && this.#year && session.service.id === this.#year.service ? new this.more.Year(session, this.#year) : undefined
  }

  startOwnYear(labels) {
    this.#yearState = this.more.Year.from(this.session, labels)
    this.requestUpdate()
  }

  endYear() {
    this.#yearState = undefined
    this.requestUpdate()
  }

  /** Called whenever an answer changed. */
  changed({ heard = true } = {}) {
    this.#settle()
    this.requestUpdate()
    if (heard) this.#announceLater()
  }

  /** A session began, or its engine came. */
  began() {
    const { session } = this
    if (session === undefined) return
    this.#sheet()
    session.give(this.#given)
    const shared = this.allows.has('share') ? fromHash(location.hash) : undefined
    if (shared?.pack === session.pack.id && shared.service === session.service.id && session.untouched) Object.assign(session.raw, shared.raw)
    else if (this.stores && session.untouched) Object.assign(session.raw, kept(session.pack.id, session.service.id))
    Object.assign(this.view, { phase: 'questions', asked: undefined, fault: [], columns: [], statement: {} })
    session.path = []
    this.#tellAll()
    this.#startYear()
    this.changed({ heard: false })
    if (session.pack.rules?.isComplete) this.#tellReady()
  }

  /** All of the engine is there, or all that can be had. */
  completed() {
    this.session?.forget()
    this.changed({ heard: this.#yearState !== undefined })
    this.#tellReady()
  }

  /** A host that hears it may ask for anything. */
  #tellReady() {
    if (this.#ready || this.status !== 'ready') return
    this.#ready = true
    this.tell('ready', {})
  }

  /** What a host, a link or the device gave is looked at like what a reader has left. */
  #tellAll() {
    for (const key of Object.keys(this.session?.raw ?? {})) this.view.left.add(key)
  }

  get stores() { return this.storage === 'device' && this.allows.has('save') }
  save() { return keep(this.session.pack.id, this.session.service.id, this.session.raw) }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`yibao-${name}`, { bubbles: true, composed: true, detail }))
  }

  /** Says something once, politely, after a pause. */
  announce(text) {
    clearTimeout(this.#heard)
    this.#heard = setTimeout(() => {
      const region = this.renderRoot.querySelector('#live')
      if (region && region.textContent !== text) region.textContent = text
    }, PAUSE)
  }

  #announceLater() {
    const text = this.resultText()
    if (text) this.announce(text)
  }

  /** What stands there, in a sentence or two. */
  resultText() {
    const { session, words } = this
    if (session === undefined || this.paused || this.more === undefined) return ''
    if (this.#yearState) {
      if (!session.pack.rules?.isComplete) return ''
      const [a, b] = this.#yearState.ways.map(way => this.#yearState.outcome(way).year)
      return this.more.yearWords(this.#yearState, a, b, words)
    }
    const { decision, errors } = session.outcome
    return errors ? words.say('error.title') : decision ? this.more.resultWords(decision, { language: words }) : ''
  }

  /** Form value, events and a second try after a trap. */
  #settle() {
    const { session } = this
    if (session === undefined || this.paused) return
    const { decision, errors, trapped } = session.outcome
    if (trapped) {
      this.tell('error', { code: 'engine-trap' })
      this.#loader.renew()
      return
    }
    const whole = decision?.outcome === 'computed'
    const receipt = whole ? JSON.stringify(decision.receipt) : null
    this.#internals?.setFormValue(receipt, JSON.stringify({ pack: session.pack.id, service: session.service.id, raw: session.raw }))
    const now = decision ? `${decision.outcome} ${JSON.stringify(session.case)}` : undefined
    if (errors !== undefined || now === undefined || this.#last?.now === now) return
    const first = this.#last === undefined
    this.#last = { now, receipt: whole ? decision.receipt : null }
    if (first && session.untouched) return
    const { service, pack } = session
    this.tell('result', { pack: pack.id, service: service.id, outcome: decision.outcome, ...(this.exposeAnswers && { answers: this.answers, decision: decision.toJSON() }) })
  }

  get standing() { return standing(this.session.pack.header, { failed: this.#loader.failed, asOf: this.session.outcome.decision?.asOf }) }

  // ── life ─────────────────────────────────────────────────────────────────

  connectedCallback() {
    super.connectedCallback()
    // A page in a test may have neither.
    const dark = window.matchMedia?.('(prefers-color-scheme: dark)')
    const guard = () => this.#sheet()
    dark?.addEventListener('change', guard)
    const widths = window.ResizeObserver && new ResizeObserver(([{ contentRect }]) => this.#sized(contentRect.width))
    widths?.observe(this)
    const voices = () => { this.#voice = voiceFor(this.words.lang) !== undefined; this.requestUpdate() }
    this.#stop = [whenVoicesChange(voices), () => dark?.removeEventListener('change', guard), () => widths?.disconnect()]
    voices()
    this.#adopt(this.#own)
    this.#loader.connect()
    this.#further()
  }

  #adopt(sheet) {
    const { adoptedStyleSheets: sheets = [] } = this.renderRoot
    if (sheet && !sheets.includes(sheet)) this.renderRoot.adoptedStyleSheets = [...sheets, sheet]
  }

  async #further() {
    if (this.more !== undefined) return
    const parts = await more()
    if (this.more !== undefined) return
    parts.dress(this.renderRoot, parts.styles)
    this.more = parts
    this.#startYear()
    this.requestUpdate()
  }

  disconnectedCallback() {
    super.disconnectedCallback()
    this.#stop.forEach(stop => stop())
    clearTimeout(this.#heard)
    hush()
  }

  /** Pixels of a letter, and of the room for a drawing. */
  get em() { return { standard: 18, large: 22, elder: 24 }[this.mode] * this.#scale }
  get space() { return Math.max(260, Math.min(this.#width - 30, 760)) }

  #sized(width) {
    const steps = Math.round(width / 20) * 20
    if (steps !== this.#width) {
      this.#width = steps
      this.requestUpdate()
    }
    const scale = { standard: 1, large: 22 / 18, elder: 24 / 18 }[this.mode] ?? 1
    const wide = width >= WIDE * Math.max(1, Math.min(scale * this.#scale, 2))
    if (wide === this.#wide) return
    this.#wide = wide
    this.requestUpdate()
  }

  get #scale() {
    const scale = Number(this.fontScale ?? 1)
    return Number.isFinite(scale) && scale >= 0.5 && scale <= 3 ? scale : 1
  }

  /** Sizes and colours of this one element: no style attribute, which a content policy may forbid. */
  #sheet() {
    const probe = this.renderRoot?.querySelector('#probe')
    this.#own?.replaceSync(`:host{--scale:${this.#scale}}.root{${probe ? guarded(this, probe) : ''}}`)
  }

  willUpdate(changed) {
    if (!MODES.includes(this.mode)) this.mode = 'standard'
    if (changed.has('lang') && !hasWords(this.lang)) loadWords(this.lang).then(() => { this.#voice = voiceFor(this.words.lang) !== undefined; this.requestUpdate() })
    if (['pack', 'region', 'service', 'packRoot', 'asOf', 'assets'].some(one => changed.has(one)) && this.hasUpdated) this.#loader.connect()
    if (changed.has('paused') && this.hasUpdated) this.#settle()
  }

  updated(changed) {
    if (changed.has('mode') || changed.has('fontScale')) {
      this.#sheet()
      this.#sized(this.getBoundingClientRect().width)
    }
    this.setAttribute('data-status', this.status)
  }

  render() { return frame(this) }
}
