/**
 * The package with the analyses: everything of `yibao-rules`, and curves, bounds, solutions and comparisons. It is half
 * as large again as the package without them; a page may load it when the first chart is asked for.
 *
 * ```js
 * import { readFileSync } from 'node:fs'
 * import { loadPlan } from 'yibao-rules/analysis'
 *
 * const rules = loadPlan(readFileSync('anhui-suzhou-resident.plan.json'))
 * ```
 *
 * @packageDocumentation
 */

import type { Case, DecisionData, Facts, Missing, Rules, Text, Value, Verdict, YearCase, YearDecision } from './index.js'

export * from './index.js'

/** As in the build without analyses; these rules can be analysed. */
export function loadPlan(plan: string | Uint8Array | object): AnalysisRules

/**
 * Rules that can be analysed. Results are plain data; amounts are text in yuan.
 *
 * Examples speak of these rules and answers:
 *
 * ```js
 * const rules = loadPlan(readFileSync('anhui-suzhou-resident.plan.json'))
 * const facts = {
 *   admissionDate: '2023-06-20', scheme: 'resident', place: 'in_city', level: 'city_third',
 *   total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0',
 * }
 * ```
 */
export interface AnalysisRules extends Rules {
  /**
   * Every amount as an exact function of one amount, all other answers as given. The pieces are the calculation before
   * rounding; `points` are the amounts asked for with every rounding done, to the fen what `evaluate` gives there.
   *
   * ```js
   * const { knots, pieces, points } = rules.curve('inpatient', facts, 'total', { to: '50000', at: ['20000.01'] })
   * knots[0].at                       // '700.00'
   * knots[0].step                     // 'borne': the deductible
   * pieces[1].lines.patient.slope     // '0.25'
   * pieces[1].lines.patient.atTo      // '13025.00'
   * points[0].values.patient          // '5525.00'
   * ```
   *
   * @throws {YibaoError} as `evaluate`, and `unknown-fact`, `not-an-amount`, `not-linear` (a step is no straight function
   * of it), `out-of-range`, `bad-amount`, `too-many-knots`, `too-much-work`
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
   * @throws {YibaoError} as `evaluate`, and `unbounded` (a list is missing), `too-many-combinations`, `too-much-work`
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
   * The same analyses, a few milliseconds at a time: between two turns the page does what it has to do, and `signal` ends
   * the analysis. The answers, and the limit on work, are those of the methods above.
   *
   * ```js
   * const stop = new AbortController()
   * const bounds = await rules.inTurns({ signal: stop.signal }).bounds('inpatient', known)
   * ```
   *
   * @throws the signal's reason, once it is aborted
   */
  inTurns(options?: { signal?: AbortSignal }): AnalysesInTurns
}

/** The analyses of which one may take long, each as a promise. */
export type AnalysesInTurns = {
  readonly [Name in 'curve' | 'bounds' | 'solve']: (...given: Parameters<AnalysisRules[Name]>) => Promise<ReturnType<AnalysisRules[Name]>>
}

export interface CurveOptions {
  /** Yuan; the fact's own least where left out. */
  from?: string | number | bigint
  /** Yuan; the fact's own greatest where left out. */
  to?: string | number | bigint
  /** Amounts at which the values to the fen are wanted. */
  at?: Iterable<string | number | bigint>
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
  /** The amounts asked for by `at`, with the values that `evaluate` gives there; `null` where a line has none. */
  readonly points: readonly { readonly at: string; readonly values: { readonly [line: string]: string | null } }[]
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
  /** No other verdict is possible. False where two amounts are open, or months are counted from an open day. */
  readonly verdictsComplete: boolean
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
  rules?: AnalysisRules
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
