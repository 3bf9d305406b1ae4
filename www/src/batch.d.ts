/**
 * Columns of cases: typed arrays in, typed arrays out.
 *
 * ```js
 * import { readFileSync } from 'node:fs'
 * import { loadPlan } from 'yibao-rules'
 * import { openBatch } from 'yibao-rules/batch'
 *
 * const rules = loadPlan(readFileSync('anhui-suzhou-resident.plan.json'))
 * const batch = openBatch(rules, 'inpatient', { outputs: ['patient', 'basic'] })
 * const { outcomes, values } = batch.run(
 *   { total: Float64Array.of(2_000_000, 70_000) },   // fen
 *   { same: { admissionDate: '2023-06-16', scheme: 'resident', place: 'in_city', level: 'county', outOfScope: '0', overLimit: '0', firstPay: '0' } },
 * )
 * values.patient   // Float64Array [440000, 53000]
 * ```
 *
 * @packageDocumentation
 */

import type { Case, Facts, Rules, WasmSource } from './index.js'

export { YibaoError } from './index.js'

/** Loads the module; nothing to do in Node. */
export function init(options?: { wasm?: WasmSource | Promise<WasmSource> }): Promise<void>

/** The same from bytes or a compiled module, at once. */
export function initSync(module: ArrayBuffer | ArrayBufferView | WebAssembly.Module): void

/** What the numbers of `outcomes` say. `invalid`: the answers are none; `evaluate` says which and why. */
export const OUTCOMES: readonly ['computed', 'incomplete', 'refused', 'invalid']

/**
 * One number a case, in the units of the plan: money in fen × `den`, rates × `den`, days since 1970-01-01 for dates, 0
 * and 1 for no and yes, an option by its place in `options`. Not answered: NaN, the least `i32` or `i64`, 255; no stay
 * before (`previous.…` only): Infinity, the second least, 254.
 */
export type Column = Float64Array | Int32Array | Uint8Array | BigInt64Array

/** The records of a list: where those of each case begin, and where the last end; and one column a field. */
export interface ListColumn { starts: Uint32Array; fields: { [field: string]: Column } }

/** Columns by the names of the inputs, as the pack writes them or as JavaScript does. */
export interface Columns { [name: string]: Column | ListColumn | undefined }

/** What a number means. */
export interface Meaning {
  readonly name: string
  readonly unit: 'fen' | 'rate' | 'number' | 'points' | 'days' | 'months' | 'date' | 'bool' | 'option'
  /** Numbers are × this. */
  readonly den: number
  /** The options that a number counts. */
  readonly options?: readonly string[]
}

/** An answer that a case may have. */
export interface Input extends Meaning { readonly min: number; readonly max: number }

export interface BatchResult {
  readonly length: number
  /** A number of {@link OUTCOMES} a case. */
  readonly outcomes: Uint8Array
  /** One number a computed case; NaN, or the least 64-bit integer, for any other, so that no sum has part of it. */
  readonly values: { readonly [output: string]: Float64Array | BigInt64Array }
}

export interface Batch {
  /** Whether the service runs compiled over the columns that were last given; false before the first call. */
  readonly compiled: boolean
  readonly inputs: readonly Input[]
  readonly lists: readonly { readonly name: string; readonly fields: readonly Input[] }[]
  readonly outputs: readonly Meaning[]

  /**
   * Decides as many cases as the columns hold, in bounded memory. Outcomes and values are those of `evaluate`, case by
   * case; a case whose answers are none leaves the others alone.
   *
   * @param options.same answers that are the same in every case, as `evaluate` takes them
   * @param options.into a result of as many cases, to be written over
   * @throws {YibaoError} `unknown-fact`, `wrong-type`, `batch-request`; as `evaluate` for `same`
   */
  run(columns: Columns, options?: { same?: Case | Facts; into?: BatchResult }): BatchResult

  /**
   * Decides rows of numbers: one object a case, its answers named as columns are and in their units; options also by
   * their ids, yes and no as truth values. Null is not answered.
   *
   * @throws {YibaoError} `unknown-fact`, `wrong-type` with the row; as `run`
   */
  runRows(rows: readonly { readonly [name: string]: number | string | boolean | null | undefined }[], options?: { into?: BatchResult }): BatchResult

  /** Decides cases as `evaluate` takes them. Reading an object costs more than deciding it: columns are better. */
  runCases(cases: readonly (Case | Facts)[]): BatchResult

  /** Gives the memory back; any other call then throws `freed`. */
  free(): void
  [Symbol.dispose](): void
}

/**
 * Opens a service for columns.
 *
 * @param options.outputs what values are wanted of: ids of steps, `total`, `patient`, `cash`, `net`, `verdict`; where
 * a step has such a name, `amounts.net` and so on
 * @param options.whole all values as 64-bit integers; otherwise only those that a double may not hold
 * @param options.compiled false keeps to the interpreter. Otherwise the service is compiled for the columns at hand
 * where that can be; outcomes and values are the same
 * @throws {YibaoError} `unknown-service`, `unknown-step`, `batch-wide`, `not-initialised`
 */
export function openBatch(rules: Rules, service: string, options?: { outputs?: readonly string[]; whole?: boolean; compiled?: boolean }): Batch
