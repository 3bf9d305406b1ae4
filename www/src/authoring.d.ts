/**
 * The authoring build: everything of `yibao-rules/analysis`, and it reads packs and cases as text.
 *
 * ```js
 * import { readFileSync } from 'node:fs'
 * import { checkPack, loadPack, parseCase } from 'yibao-rules/authoring'
 *
 * const pack = readFileSync('packs/anhui-suzhou-resident/pack.yaml')
 * const options = { vocabulary: readFileSync('packs/vocabulary.yaml') }
 * for (const { message } of checkPack(pack, options)) console.error(message)
 * const rules = loadPack(pack, options)
 * const decision = rules.evaluate('inpatient', parseCase(readFileSync('case.yaml')))
 * ```
 *
 * @packageDocumentation
 */

import type { AnalysisRules, Case, DecisionData, Diagnostic, Place, Text, Witness, YearCase, YearDecision, YibaoError } from './analysis.js'

export * from './analysis.js'

/** A text, or a text with the name that diagnostics give its file. */
export type Source = string | Uint8Array | { file: string; text: string | Uint8Array }

export interface PackOptions {
  /** What diagnostics call the file; `pack.yaml` unless said otherwise. */
  file?: string
  /** Shared facts. */
  vocabulary?: Source
  /** Packs whose bounds this one is held to, each after those that it needs itself. */
  frames?: Iterable<Source>
}

/**
 * Reads, checks and compiles a pack. `rules.planJson()` is what a portal loads.
 *
 * @throws {YibaoError} with every problem of the pack at once
 */
export function loadPack(pack: string | Uint8Array, options?: PackOptions): AuthoringRules

/** As in the other builds; these rules can be proved and compared with others too. */
export function loadPlan(plan: string | Uint8Array | object): AuthoringRules

/**
 * The canonical form of a pack, with what it leans on: the text whose SHA-256 is the pack's digest. Throws as
 * `loadPack`.
 */
export function canonicalPack(pack: string | Uint8Array, options?: PackOptions): string

/** Every problem of a pack, warnings included; none if nothing is wrong. */
export function checkPack(pack: string | Uint8Array, options?: PackOptions): Diagnostic[]

/**
 * Reads a case from YAML or JSON.
 *
 * @throws {YibaoError} with every problem of the text
 */
export function parseCase(text: string | Uint8Array, options?: { file?: string }): Case

/**
 * Reads a year of encounters from YAML or JSON.
 *
 * @throws {YibaoError} with every problem of the text
 */
export function parseYear(text: string | Uint8Array, options?: { file?: string }): YearCase

/** The same error with the places that the answers of a parsed case, or year, have in their file. */
export function located<E>(error: E, parsed: Case | YearCase): E | YibaoError

/** A diagnostic for a terminal; with the text of its file, the line it is about and a mark under the place. */
export function renderDiagnostic(diagnostic: Diagnostic, source?: string): string

// ── Proofs and revisions ───────────────────────────────────────────────────────────────────────────────────────────

/** Rules that can be proved, and compared with another revision. Examples speak of the rules of {@link AnalysisRules}. */
export interface AuthoringRules extends AnalysisRules {
  /**
   * Proves or refutes, for every input within its bounds, what must hold of a settlement and what the pack claims.
   *
   * ```js
   * rules.prove('inpatient').properties.map(({ id, is }) => `${id} ${is}`)
   * // ['conservation proved', 'no_part_below_zero proved', 'never_falls:total proved']
   * ```
   */
  prove(service: string): Proof
  /** All services. */
  prove(): Proof[]

  /**
   * Runs the cases of case files (docs/packs.md, section 12) and says what differs, and what they reach together.
   *
   * ```js
   * const { cases, coverage } = rules.test([{ file: 'cases.yaml', text: readFileSync('cases.yaml', 'utf8') }])
   * cases.filter(({ differences }) => differences.length > 0).map(({ id }) => id)
   * coverage.rules.filter(({ by }) => by.length === 0)   // rows, bands and conditions that no case reaches
   * ```
   *
   * @throws {YibaoError} with every problem of the files' form
   */
  test(files: Iterable<{ file: string; text: string }>, options?: { /** Every answer, not only those that differ. */ answers?: boolean }): Tested

  /**
   * What the cases of case files ask, in their order; `null` for one that asks what cannot be asked.
   *
   * @throws {YibaoError} as `test`
   */
  askedBy(files: Iterable<{ file: string; text: string }>): readonly (Asked | null)[]

  /**
   * What changed from these rules to others, and who of a seeded population pays less and more. The same seed gives the
   * same people everywhere.
   *
   * ```js
   * const changed = rules.diff(loadPack(revised, options), { people: 10000, seed: 1 })
   * changed.shifts[0].losers
   * process.stdout.write(changed.markdown)
   * ```
   */
  diff(otherRules: AuthoringRules, options?: DiffOptions): Diff
}

export interface Proof {
  readonly service: string
  readonly properties: readonly {
    /** `conservation`, `no_part_below_zero`, `never_falls:total`, or a claim of the pack. */
    readonly id: string
    /** `exempt`: it does not hold and the pack says why; `open`: not decided. */
    readonly is: 'proved' | 'refuted' | 'exempt' | 'open'
    readonly why: Text | null
    readonly counter: {
      readonly case: Witness
      /** Of a property of two cases: what is answered otherwise in the second. */
      readonly against: Witness | null
      /** What comes out in the first and in the second. */
      readonly amounts: readonly string[]
    } | null
  }[]
  /** Combinations of finite facts that were followed. */
  readonly combinations: number
  /** Regions of amounts. */
  readonly regions: number
  /** Regions in which the text refuses: nothing is claimed there. */
  readonly refused: number
  /** What the proof does not cover. */
  readonly uncovered: readonly Text[]
  /** How far rounding can move an amount from what is proved; yuan. */
  readonly rounding: string
}

/** A service with answers, or a year. */
export type Asked = { readonly service: string; readonly case: Case } | { readonly year: YearCase }

/** A case that ran. */
export interface TestedCase {
  readonly id: string
  readonly service: string
  readonly origin: 'published' | 'derived' | 'invented'
  readonly tags: readonly string[]
  readonly place: Place
  /** Clauses that its answer shows. */
  readonly clauses: readonly string[]
  /** None if it passed. */
  readonly differences: readonly {
    readonly difference: {
      /** Path of the expected value below `expect`, such as `amounts.fund`; empty where nothing of the kind was expected. */
      readonly path: string
      readonly expected: string | null
      readonly found: string | null
      readonly message: string
    }
    /** Where the expected value stands. */
    readonly place: Place | null
  }[]
  /** Hand calculations: path of an expected value, and the sum. */
  readonly working: readonly (readonly [string, string])[]
  /** What the engine answered, where something differs or all answers are asked for. */
  readonly answer: { readonly decision: DecisionData } | { readonly year: YearDecision } | { readonly errors: readonly Diagnostic[] } | null
}

export interface Tested {
  readonly cases: readonly TestedCase[]
  /** Numbers in it are places in `cases`. */
  readonly coverage: {
    readonly rules: readonly {
      /** `service.step#row` and the like. */
      readonly id: string
      readonly service: string
      readonly step: string
      readonly kind: 'row' | 'band' | 'condition' | 'exception' | 'step'
      readonly clauses: readonly string[]
      readonly by: readonly number[]
    }[]
    /** Threshold edges, with the cases one unit (a fen, a day) below, at, and one unit above. */
    readonly edges: readonly {
      readonly service: string
      readonly step: string
      readonly of: string
      readonly at: string
      readonly below: readonly number[]
      readonly equal: readonly number[]
      readonly above: readonly number[]
    }[]
  }
}

export interface DiffOptions {
  /** People of each settlement; 10,000 unless said otherwise, at most 1,000,000. */
  people?: number
  /** 1 unless said otherwise. */
  seed?: number | bigint
}

/** A person whom the revision moves. */
export interface ShiftedPerson {
  readonly case: Witness
  readonly before: string
  readonly after: string
}

export interface Diff {
  readonly before: string
  readonly after: string
  /** Figures, formulas and rows. */
  readonly changes: readonly { readonly service: string; readonly step: string; readonly part: string; readonly before: string | null; readonly after: string | null }[]
  readonly clauses: readonly { readonly clause: string; readonly before: string | null; readonly after: string | null }[]
  readonly shifts: readonly {
    readonly service: string
    readonly compared: number
    /** People who pay less, and by how much in all. */
    readonly winners: number
    readonly saved: string
    /** People who pay more, and by how much in all. */
    readonly losers: number
    readonly lost: string
    readonly mostSaved: ShiftedPerson | null
    readonly mostLost: ShiftedPerson | null
  }[]
  /** The same for a review. */
  readonly markdown: string
}
