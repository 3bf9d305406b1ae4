/**
 * Exact, cited rules for China's basic medical insurance.
 *
 * ```js
 * import { readFileSync } from 'node:fs'
 * import { loadPlan } from 'yibao-rules'
 *
 * const rules = loadPlan(readFileSync('anhui-suzhou-resident.plan.json'))
 * const decision = rules.evaluate('inpatient', {
 *   admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county',
 *   total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0',
 * })
 * decision.amounts.payments[0].amount.text   // '15600.00'
 * decision.amounts.patient.text              // '4400.00'
 * ```
 *
 * In Node the engine is loaded at import. In a browser `await init()` comes first:
 *
 * ```js
 * import { init, loadPlan } from './yibao/index.js'
 * await init()
 * const rules = loadPlan(await (await fetch('./yibao/plans/anhui-suzhou-resident.plan.json')).text())
 * ```
 *
 * @packageDocumentation
 */

/** A text in both languages. */
export interface Text { readonly zh: string; readonly en: string }

// ── Loading ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What the engine can be loaded from. */
export type WasmSource = URL | string | Response | Bytes | WebAssembly.Module

/** As the DOM's `BufferSource`, which programs for Node alone have not. */
export type Bytes = ArrayBuffer | ArrayBufferView

declare global {
  /** For programs without these; with them they are theirs. */
  interface SymbolConstructor { readonly dispose: unique symbol }
  namespace WebAssembly { interface Module {} }
}

/**
 * Loads the engine; nothing to do in Node. Calling it again, also before the first call is done, is harmless.
 *
 * Without `wasm`, the engine is fetched from beside this module in two parts at once, and taken only as it was released:
 * `portal/yibao_first.wasm`, which decides, and `portal/yibao_rest.wasm` with years, explanations in words, replay, the
 * analyses, and the reader of answers that are not plain: lists, institutions by name, and whatever is wrong. With
 * `rest: 'later'` it is enough that the first is there; {@link complete} says when the other is.
 *
 * Where
 * WebAssembly cannot be used (a content security policy without `'wasm-unsafe-eval'`, a lockdown mode, an old browser),
 * `portal-js/yibao.js` is imported instead: the same engine as JavaScript, with the same answers to the byte, slower.
 * `build` asks for one of the two.
 *
 * @returns which build runs
 * @throws {YibaoError} `wasm-load`
 */
export function init(options?: { wasm?: WasmSource | Promise<WasmSource>; build?: 'auto' | 'wasm' | 'js'; rest?: 'now' | 'later' }): Promise<'wasm' | 'js'>

/**
 * Resolves when everything of the engine is there, after `init({ rest: 'later' })`. What failed to load is asked for
 * again by the next call.
 *
 * @throws {YibaoError} `wasm-load`, `not-initialised`
 */
export function complete(): Promise<void>

/**
 * The same from bytes or a compiled module, at once: `yibao_bg.wasm`, or `yibao_first.wasm` with a function that gives
 * `yibao_rest.wasm` when it is first needed.
 */
export function initSync(module: Bytes | WebAssembly.Module, rest?: () => Bytes | WebAssembly.Module): void

/**
 * Loads a compiled pack (`.plan.json`): its text, its bytes, or what `JSON.parse` made of it.
 *
 * Every check that compiling a pack makes is made again: a plan that loads cannot read a value too early, overflow, or
 * have a gap in a table.
 *
 * @throws {YibaoError} `bad-plan`, `not-initialised`
 */
export function loadPlan(plan: string | Uint8Array | object): Rules

// ── Rules ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A loaded pack. Everything it gives is plain data; the rules themselves live in the engine until `free()`.
 *
 * ```ts
 * using rules = loadPlan(text)   // freed at the end of the block
 * ```
 */
export interface Rules {
  /**
   * Whether all of the engine is there. False only on a page that called `init({ rest: 'later' })` and whose second part
   * is still on its way: what needs it throws `not-initialised` until then. {@link Rules.evaluate} needs it for lists,
   * institutions by name, and to say what is wrong with an answer.
   */
  readonly isComplete: boolean

  /** Who says what, when, and how well it is known. */
  readonly pack: Header
  readonly services: readonly ServiceInfo[]
  readonly facts: readonly FactInfo[]

  /**
   * Decides a case. Figures and the verdict are there at once; steps, clauses and the rest are written out when first
   * read. A decision does not change when the engine is called again.
   *
   * @throws {YibaoError} for answers that are none, all of them at once: `unknown-service`, `unknown-fact`,
   * `wrong-type`, `out-of-range`, `unknown-option`, `bad-date`, `constraint` and others. A missing answer is no error:
   * see {@link Decision.missing}.
   */
  evaluate(service: string, input: Case | Facts): Decision

  /**
   * The decision in words, or one step of it.
   *
   * ```js
   * rules.explain('inpatient', facts, { step: 'basic', register: 'officer' })
   * ```
   *
   * @throws {YibaoError} as `evaluate`, and `unknown-step`, `unknown-option`
   */
  explain(service: string, input: Case | Facts, options?: ExplainOptions): string

  /**
   * Folds the stays of a year, with its ledger.
   *
   * @throws {YibaoError} as `evaluate`, and `out-of-order`, `overlap`, `follows-unknown`, `ledger-contradiction` …
   */
  year(input: YearCase): YearDecision

  /** Decides a kept case again and says whether it gives the kept receipt. */
  replay(input: Case | Facts, receipt: Receipt): Replay

  /** The plan that was loaded, as text. */
  planJson(): string

  /**
   * Gives the memory back. Calling it again does nothing; any other call then throws `freed`, and so does reading what
   * a decision of these rules has not written out yet. Rules that are no longer reachable are freed in time without it.
   */
  free(): void
  [Symbol.dispose](): void
}

export interface ExplainOptions {
  /** One step instead of the whole decision. */
  step?: string
  /** For whom; `patient` unless said otherwise. */
  register?: 'patient' | 'officer' | 'developer'
  /** `zh-CN` unless said otherwise. */
  lang?: 'zh-CN' | 'en'
}

export interface Header {
  readonly id: string
  readonly revision: string
  readonly title: Text
  readonly regionCode: string
  readonly region: Text
  readonly publisher: Text
  readonly status: Status
  readonly evidenceDate?: string | null
  readonly from?: string | null
  readonly until?: string | null
  readonly reviewedBy?: string | null
  readonly reviewedOn?: string | null
  readonly caveats: readonly Text[]
  readonly assumptions?: readonly { readonly id: string; readonly text: Text }[]
}

/** How a pack stands to the law of a place today. */
export type Status = 'in_force' | 'dated' | 'historical' | 'illustrative' | 'proposal' | 'comparison' | 'invented'

export type ServiceKind = 'settlement' | 'eligibility' | 'limit' | 'allocation' | 'membership' | 'indicator' | 'amount'

export interface ServiceInfo {
  readonly id: string
  readonly title: Text
  readonly kind: ServiceKind
  readonly topic: string | null
  /** For officers only. */
  readonly officer: boolean
  /** Ids of the facts it reads, in the order in which people are asked. */
  readonly facts: readonly string[]
  /** Open parameters that a case may try a figure for. */
  readonly parameters: readonly string[]
  /** Ledger entries it reads. */
  readonly ledger: readonly string[]
  /** What it reads of the stay before. */
  readonly previous: readonly string[]
}

export interface FactInfo {
  /** As the pack writes it: `admission_date`. */
  readonly id: string
  /** As JavaScript writes it: `admissionDate`. */
  readonly key: string
  readonly type: 'money' | 'number' | 'rate' | 'points' | 'days' | 'months' | 'date' | 'bool' | 'option' | 'institution' | 'code' | 'list'
  readonly label: Text
  readonly question: Text | null
  readonly hint: Text | null
  /** Who settles it, where a patient cannot: `doctor agency hospital`. */
  readonly confirmedBy: string | null
  /** Of an option, a code, or an institution that is listed. */
  readonly options: readonly { readonly id: string; readonly label: Text }[]
  /** A text outside the options is taken as the last of them. */
  readonly open: boolean
  /** Bounds as text with their unit. */
  readonly min: string | null
  readonly max: string | null
  readonly decimals: number
  /** An institution's attributes, or a list's fields. */
  readonly fields: readonly FactInfo[]
}

// ── Cases ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * One answer. Money is text in yuan (`"20000.50"`), a rate text with its sign (`"75%"`), a day `"2024-03-01"`. Whole
 * numbers may be numbers; fractions may not, because 0.1 is not what it seems. `null` and `undefined` say that a fact
 * is not answered, which is not the same as zero.
 */
export type Answer = string | number | bigint | boolean | null | undefined | readonly Answer[] | { readonly [key: string]: Answer }

/** Answers by name, as JavaScript writes names (`admissionDate`) or as the pack does (`admission_date`). */
export interface Facts { readonly [key: string]: Answer }

export interface Case {
  readonly facts: Facts
  /** Figures tried for what the text leaves open. */
  readonly parameters?: Facts
  /** Balances before this stay. */
  readonly ledger?: Facts
  /** The stay before: what is known of it, or that there was none. */
  readonly previous?: 'none' | Facts
}

export interface YearCase {
  /** Balances before the first encounter; without them the year starts fresh. */
  readonly opening?: Facts
  /** Figures tried for open parameters, for all encounters. */
  readonly parameters?: Facts
  readonly encounters: readonly Encounter[]
}

export interface Encounter extends Case {
  readonly id: string
  readonly service: string
  /** The encounter it follows, where it is a transfer. */
  readonly follows?: string
}

// ── Decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * A decision. `outcome amounts verdict missing refusals receipt` are its own fields: equality, a copy by spread, a clone
 * and a developer's tools see them. The other fields are getters, and written out when first read, `receipt` too: read
 * them before the rules are freed. `toJSON()` gives them all as a plain object, which can be cloned and sent;
 * `JSON.stringify(decision)` is byte for byte what the native engine writes.
 */
export interface Decision extends DecisionData {
  toJSON(): DecisionData
}

export interface DecisionData {
  /** `computed`; `incomplete`: an answer is needed; `refused`: the text leaves it open, does not cover it or forbids it. */
  readonly outcome: 'computed' | 'incomplete' | 'refused'
  readonly service: { readonly id: string; readonly title: Text; readonly kind: ServiceKind }
  readonly pack: PackRef
  /** The day that decided. */
  readonly asOf: string | null
  /** Who pays what, for a settlement. */
  readonly amounts: Amounts | null
  readonly verdict: Verdict | null
  readonly limit: Limit | null
  /** Money to institutions. */
  readonly allocations: readonly Payment[]
  /** The result of an amount or indicator service. */
  readonly result: readonly NamedValue[]
  /** Every step in reading order, with its formula, its numbers and its clauses. */
  readonly steps: readonly Step[]
  /**
   * The values of all steps, without the formulas, rows and clauses that `steps` gives: a hundredth of its time. Null
   * where a step has one a record. No field of the decision's JSON.
   */
  readonly trace: readonly { readonly id: string; readonly label: Text; readonly value: Value | null }[]
  /** Papers to bring. */
  readonly documents: readonly { readonly step: string; readonly label: Text; readonly held: boolean | null }[]
  /** Which layer of rules governed. */
  readonly layers: readonly Layer[]
  /** Why there is no answer. */
  readonly refusals: readonly Refusal[]
  /** Answers that are still needed, in the order in which people are asked. */
  readonly missing: readonly Missing[]
  /** Said beside the amount. */
  readonly warnings: readonly { readonly code: string; readonly text: Text }[]
  /** Modelling choices and readings that this decision used. */
  readonly assumptions: readonly Text[]
  /** What every page must show. */
  readonly caveats: readonly Text[]
  readonly clauses: readonly Clause[]
  /** What the decision rests on, for {@link Rules.replay}. */
  readonly receipt: Receipt
}

export interface PackRef {
  readonly id: string
  readonly revision: string
  readonly title: Text
  readonly region: Text
  readonly status: Status
  readonly evidenceDate: string | null
  readonly reviewedBy: string | null
  readonly reviewedOn: string | null
}

/** A value, or why there is none. */
export interface Value {
  readonly state: 'known' | 'unknown' | 'not_applicable' | 'unset' | 'failed'
  /** Yuan with two decimals, per cent with `%`, an ISO date, an option's id; empty unless known. */
  readonly text: string
  readonly unit: 'yuan' | 'rate' | 'number' | 'points' | 'days' | 'months' | 'date' | 'bool' | 'option'
  /** An option's label. */
  readonly label?: Text
}

export interface NamedValue { readonly id: string; readonly label: Text; readonly value: Value }

export interface Amounts {
  /** The bill. */
  readonly total: Value
  /** In order. */
  readonly payments: readonly Payment[]
  /** The person's share. */
  readonly patient: Value
  /** The share less own accounts. */
  readonly cash: Value
  /** The share less benefits; may be below zero. */
  readonly net: Value
  /** Money from outside the bill. */
  readonly benefits: readonly Payment[]
  /** The parts of the bill, and what is left of each for the person. */
  readonly parts: readonly { readonly id: string; readonly label: Text; readonly amount: Value; readonly left: Value }[]
}

export interface Payment {
  readonly step: string
  readonly label: Text
  readonly payer: string
  readonly payerLabel: Text
  /** The person's own money, such as a personal account. */
  readonly own: boolean
  readonly amount: Value
  /** From which parts of the bill. */
  readonly from: readonly { readonly part: string; readonly amount: Value }[]
  /** What decided the amount. */
  readonly bound: 'asked' | 'limit'
}

export interface Verdict {
  readonly is: 'meets' | 'does_not_meet' | 'must_be_confirmed' | 'cannot_tell'
  /** Who must confirm: `doctor agency hospital`. */
  readonly by: readonly string[]
  /** Steps of the conditions that decided. */
  readonly decided: readonly string[]
}

export interface Limit {
  readonly step: string
  /** The least of a range. */
  readonly from: Value | null
  readonly to: Value
}

export interface Step {
  readonly id: string
  readonly label: Text
  readonly form: 'value' | 'table' | 'bands' | 'bill' | 'pay' | 'benefit' | 'condition' | 'require' | 'exception' | 'limit' | 'allocate'
  readonly value: Value | null
  /** One a record, for a step over a list. */
  readonly records?: readonly Value[]
  readonly formulas: readonly { readonly role: string; readonly text: string; readonly filled: string; readonly reads: readonly NamedValue[] }[]
  readonly rows?: readonly Row[]
  readonly keys?: readonly string[]
  readonly replacedBy?: string
  readonly applied?: boolean
  readonly says?: Text
  readonly reason?: Text
  readonly cites: readonly Cite[]
  readonly readings?: readonly Text[]
  readonly assumes?: readonly Text[]
}

export interface Row {
  readonly cells: readonly string[]
  readonly is: string
  readonly chosen: boolean
  /** Keys whose cells did not fit. */
  readonly because: readonly string[]
  readonly portion?: Value
  readonly pays?: Value
  readonly cites: readonly Cite[]
}

export interface Cite {
  /** `source/clause`. */
  readonly clause: string
  /** The marked phrase, as first and end in characters of the quote. */
  readonly mark: readonly [number, number] | null
}

export interface Clause {
  readonly id: string
  readonly title: string
  readonly number: string | null
  readonly issuer: string | null
  readonly issued: string | null
  readonly readAt: string | null
  readonly grade: string
  readonly article: string | null
  /** What the encoder calls the clause where the document prints no heading; not the document's words. */
  readonly label: string | null
  readonly quote: string
}

export interface Layer {
  readonly step: string
  readonly governs: string
  readonly yields: string
  readonly bound: Value
  readonly atMost: boolean
  readonly label: Text
  readonly cites: readonly Cite[]
}

export interface Refusal { readonly code: string; readonly text: Text; readonly step?: string; readonly cites: readonly Cite[] }

export interface Missing {
  readonly fact: string
  readonly key: string
  readonly label: Text
  readonly question: Text | null
  readonly confirmedBy: string | null
}

export interface Receipt {
  readonly engine: string
  readonly pack: string
  readonly revision: string
  readonly digest: string
  readonly service: string
  readonly serviceDate: string | null
  /** SHA-256 of the answers in canonical form: how a figure was spelt leaves no trace. */
  readonly answers: string
}

export interface Replay {
  readonly same: boolean
  /** Fields of the receipt that differ. */
  readonly differs: readonly string[]
}

export interface YearDecision {
  readonly encounters: readonly {
    readonly id: string
    readonly follows: string | null
    readonly before: readonly NamedValue[]
    readonly after: readonly NamedValue[]
    readonly pieces: readonly { readonly from: string | null; readonly until: string | null; readonly decision: DecisionData }[]
    /** What the person got back because of a later event; yuan. */
    readonly credit: string | null
  }[]
  readonly net: string | null
  readonly paid: string | null
  readonly openingGiven: boolean
}

// ── Errors ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Diagnostic {
  /** Stable, kebab-case. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly place?: Place
  readonly message: string
  readonly help?: string
  readonly also?: readonly { readonly place: Place; readonly label: string }[]
}

/** Where something stands. For a case that JavaScript gave there is no file, only the path: `facts.hospital.level`. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
  /** As the caller wrote it, from the object that was given. */
  readonly path: string
}

/**
 * What every refused call throws.
 *
 * Codes of the package itself: `not-initialised`, `wasm-load`, `bad-plan`, `bad-receipt`, `freed`, and `engine-trap`:
 * the engine stopped on a fault of its own. It is started again with every loaded plan, and the call may be repeated:
 * at once in Node, elsewhere after `await init()` (until then calls throw `not-initialised`).
 */
export class YibaoError extends Error {
  private constructor()
  /** The code of the first diagnostic. */
  readonly code: string
  /** All of them. */
  readonly diagnostics: readonly Diagnostic[]
}
