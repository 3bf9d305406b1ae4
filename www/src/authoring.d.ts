/**
 * The authoring build: everything of `yibao-rules`, and it reads packs and cases as text.
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

import type { Case, DecisionData, Diagnostic, Facts, Missing, Place, Rules, Text, Value, Verdict, YearCase, YearDecision, YibaoError } from './index.js'

export * from './index.js'

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

// ── Analyses ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * Rules that can be analysed. Results are plain data; amounts are text in yuan.
 *
 * Examples speak of these rules and answers:
 *
 * ```js
 * const rules = loadPack(readFileSync('packs/anhui-suzhou-resident/pack.yaml'), { vocabulary: readFileSync('packs/vocabulary.yaml') })
 * const facts = {
 *   admissionDate: '2023-06-20', scheme: 'resident', place: 'in_city', level: 'city_third',
 *   total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0',
 * }
 * ```
 */
export interface AuthoringRules extends Rules {
  /**
   * Every amount as an exact function of one amount, all other answers as given. It is the calculation before
   * rounding; evaluate at a point for the amount in fen there.
   *
   * ```js
   * const { knots, pieces } = rules.curve('inpatient', facts, 'total', { to: '50000' })
   * knots[0].at                       // '700.00'
   * knots[0].step                     // 'borne': the deductible
   * pieces[1].lines.patient.slope     // '0.25'
   * pieces[1].lines.patient.atTo      // '13025.00'
   * ```
   *
   * @throws {YibaoError} as `evaluate`, and `unknown-fact`, `not-an-amount`, `not-linear` (a step is no straight function
   * of it), `out-of-range`, `bad-amount`, `too-many-knots`
   */
  curve(service: string, input: Case | Facts, fact: string, options?: CurveOptions): Curve

  /**
   * The least and greatest of each amount and every verdict that can still come out where answers are missing, and what
   * should be asked next.
   *
   * ```js
   * const { level, ...known } = facts
   * const { amounts, ask } = rules.bounds('inpatient', known)
   * const patient = amounts.find(amount => amount.id === 'patient')
   * patient.least                     // '3170.00'
   * patient.leastWitness              // { facts: { level: 'first' } }
   * ask[0].key                        // 'level'
   * ```
   *
   * @throws {YibaoError} as `evaluate`, and `unbounded` (a list is missing), `too-many-combinations`
   */
  bounds(service: string, input: Case | Facts): Bounds

  /**
   * All amounts of a fact, to the fen, for which a line is exactly the amount wanted.
   *
   * ```js
   * rules.solve('inpatient', facts, 'total', 'patient', '5525').stretches
   * // [{ from: '19999.99', to: '20000.02' }]
   * ```
   *
   * @throws {YibaoError} as `curve`, and `unknown-line`, `too-many-amounts`
   */
  solve(service: string, input: Case | Facts, fact: string, line: string, wantedYuan: string | number | bigint): Solution

  /**
   * Decides several ways to go and says at which steps they part.
   *
   * ```js
   * const { differences, least } = rules.compare([
   *   { label: '市属三级', service: 'inpatient', input: facts },
   *   { label: '县级', service: 'inpatient', input: { ...facts, level: 'county' } },
   *   // { label: '邻市', rules: otherRules, service: 'inpatient', input: … },
   * ])
   * differences.map(({ step }) => step)   // ['deductible', 'rate', …]
   * least                                 // 1
   * ```
   *
   * @throws {YibaoError} as `evaluate`; paths begin with the place in the list: `[1].input.facts.level`
   */
  compare(paths: Iterable<Path>): Comparison

  /**
   * A year as it went against a year as it might have gone. Differences are the first less the second.
   *
   * ```js
   * const stay = level => ({ encounters: [{ id: 'a', service: 'inpatient', facts: { ...facts, level } }] })
   * rules.counterfactual(stay('city_third'), stay('county')).netDifference   // '1125.00'
   * ```
   *
   * @throws {YibaoError} as `year`; paths begin with `actual` or `instead`
   */
  counterfactual(actualYear: YearCase, insteadYear: YearCase): Counterfactual

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

export interface CurveOptions {
  /** Yuan; the fact's own least where left out. */
  from?: string | number | bigint
  /** Yuan; the fact's own greatest where left out. */
  to?: string | number | bigint
}

/** A point: `{ at: '69244.4444', exact: '62320000/9' }`. */
export interface CurvePlace {
  /** Yuan, to four decimals (another unit where the fact is no money). */
  readonly at: string
  /** Fen, exactly: a whole number or a fraction. */
  readonly exact: string
}

export interface CurveFunction {
  /** What it grows by with each yuan, exact: `'0.25'`, `'1/3'`. */
  readonly slope: string
  /** Its value at zero if it went on to there; yuan, exact. */
  readonly constant: string
  /** Value where the piece begins, to four decimals. */
  readonly atFrom: string
  /** Value where the piece ends. */
  readonly atTo: string
}

export interface CurvePiece {
  readonly from: CurvePlace
  readonly to: CurvePlace
  /** By line; `null` where a line has no value, such as where the text refuses. */
  readonly lines: { readonly [line: string]: CurveFunction | null }
}

/** A point at which a line changes its slope or jumps. */
export interface CurveKnot extends CurvePlace {
  /** Step whose comparison changes here. */
  readonly step: string | null
  /** Clauses of that step, `source/clause`. */
  readonly clauses: readonly string[]
  readonly jump: boolean
  /** Values at the point itself, by line. */
  readonly values: { readonly [line: string]: string | null }
}

export interface Curve {
  readonly fact: string
  /** `yuan` for money. */
  readonly unit: string
  /** `total patient net`, each payment, benefit and result. */
  readonly lines: readonly { readonly id: string; readonly unit: string }[]
  readonly pieces: readonly CurvePiece[]
  readonly knots: readonly CurveKnot[]
}

/**
 * Answers that show something: those that were open, by the part of a case they belong to. Together with the answers
 * that were given it is a case that can be decided.
 */
export interface Witness {
  readonly facts: Facts
  readonly parameters?: Facts
  readonly ledger?: Facts
  readonly previous?: Facts
}

export interface Bound {
  readonly id: string
  readonly least: string
  /** Answers that give it; `null` where the bound is `outer`. */
  readonly leastWitness: Witness | null
  readonly greatest: string
  readonly greatestWitness: Witness | null
  /** It surely holds, but may not be reached. */
  readonly outer: boolean
}

export interface Bounds {
  readonly amounts: readonly Bound[]
  readonly verdicts: readonly { readonly is: Verdict['is']; readonly witness: Witness }[]
  /** Answers on which the text refuses, if there are any. */
  readonly refused: Witness | null
  /** Facts that can matter; first the one that narrows most. */
  readonly ask: readonly (Missing & {
    /** How wide the person's amount can still be once it is answered; yuan. */
    readonly leaves: string | null
  })[]
  /** Ids of unanswered facts that cannot matter any more. */
  readonly idle: readonly string[]
}

export interface Solution {
  readonly fact: string
  readonly line: string
  /** Neighbouring amounts, first to last; none: no amount gives it. */
  readonly stretches: readonly { readonly from: string; readonly to: string }[]
  /** What the line can be at all. */
  readonly reachable: { readonly least: string; readonly greatest: string } | null
}

export interface Path {
  /** Its name in the result; its number where left out. */
  label?: string | Text
  /** Other rules than those `compare` is called on. */
  rules?: AuthoringRules
  service: string
  input: Case | Facts
}

export interface Comparison {
  readonly labels: readonly Text[]
  readonly decisions: readonly DecisionData[]
  /** Steps that come out otherwise. */
  readonly differences: readonly {
    readonly step: string
    readonly label: Text
    /** One a path; `null` where a path has no such step, or no value there. */
    readonly values: readonly (Value | null)[]
    readonly clauses: readonly (readonly string[])[]
  }[]
  /** The path on which the person pays least, by place in the list; `null` where one is not computed. */
  readonly least: number | null
}

export interface Counterfactual {
  readonly actual: YearDecision
  readonly instead: YearDecision
  /** What the person pays more as it went; yuan. */
  readonly netDifference: string | null
  /** What all others pay more as it went; yuan. */
  readonly paidDifference: string | null
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
