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

import type { Case, Diagnostic, Rules, YibaoError } from './index.js'

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
export function loadPack(pack: string | Uint8Array, options?: PackOptions): Rules

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
