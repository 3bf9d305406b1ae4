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

import type { AnalysisRules, Case, Diagnostic, Text, Witness, YibaoError } from './analysis.js'

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

/** As in the portal build; these rules can be analysed too. */
export function loadPlan(plan: string | Uint8Array | object): AuthoringRules

/** Every problem of a pack, warnings included; none if nothing is wrong. */
export function checkPack(pack: string | Uint8Array, options?: PackOptions): Diagnostic[]

/**
 * Reads a case from YAML or JSON.
 *
 * @throws {YibaoError} with every problem of the text
 */
export function parseCase(text: string | Uint8Array, options?: { file?: string }): Case

/** The same error with the places that the answers of a parsed case have in their file. */
export function located<E>(error: E, parsed: Case): E | YibaoError

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
      /** Of two bills: the other one. */
      readonly against: string | null
      /** What the person pays on the first and on the second. */
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
  readonly uncovered: readonly string[]
  /** How far rounding can move an amount from what is proved; yuan. */
  readonly rounding: string
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
