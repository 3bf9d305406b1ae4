/**
 * `<yibao-check>`: one form for every service of a pack, and what its answers come to. Everything happens on the device.
 *
 * ```html
 * <script type="module" src="/yibao/element/yibao-check.js"></script>
 * <yibao-check pack="/yibao/packs/demo.json" region="341300" service="estimate"></yibao-check>
 * ```
 *
 * Loading the file defines the element; loading it twice is harmless.
 */

import type { DecisionData, ExplainOptions, Facts, Receipt, Text } from '../index.js'

export type Mode = 'standard' | 'large' | 'elder'
export type Layout = 'steps' | 'single' | 'auto'
export type Status = 'loading' | 'choosing' | 'ready' | 'unsupported' | 'paused' | 'error'

/** Attributes as HTML writes them. */
export interface YibaoCheckAttributes {
  /** `estimate`, `deductible`, `long-rx`, `referral`, or the id of a service of the pack. */
  service?: string
  /** Code of GB/T 2260 or name of a place of the index; a province offers its places. */
  region?: string
  /** Address of a compiled pack, or of an index of packs; `packs/public.json` beside the package where left out. */
  pack?: string
  /** The root that is trusted, `VERSION:SHA-256`: the plan has to stand in the signed manifest beside it. */
  'pack-root'?: string
  /** The day that is asked about, `2023-06-16`; then it is no question. */
  'as-of'?: string
  /** `zh-CN` unless said otherwise. */
  lang?: 'zh-CN' | 'en' | string
  mode?: Mode
  /** 1 unless said otherwise, from 0.5 to 3. */
  'font-scale'?: string | number
  /** One question at a time, all together, or by the width of the element (`auto`, where left out). */
  layout?: Layout
  /** Of `chart compare year print share speech save export`; all but `share` and `save` where left out. */
  features?: string
  /** `device` lets a reader keep answers on the device, where `features` names `save`. */
  storage?: 'none' | 'device'
  /** Events then carry answers and decisions. */
  'expose-answers'?: boolean | ''
  /** In a form: the name under which the receipt is sent. */
  name?: string
  /** Folder of the package, where the element's own file is served from elsewhere. */
  assets?: string
  /** No figure is shown while it is there. */
  paused?: boolean | ''
}

/** A stay of a year: what it is called, and its answers as texts by name. */
export interface YearStay { label?: Text; facts: { readonly [key: string]: string }; follows?: boolean }

/** Two ways through a year, to open on. */
export interface YearPlan {
  /** Id of the service that settles each stay. */
  service: string
  title?: Text
  lead?: Text
  note?: Text
  /** The way it went, and the way it might have gone. */
  ways: readonly { label: Text; stays: readonly YearStay[] }[]
  /** Answers that all stays share, and which of them stand as questions above. */
  shared?: { readonly [key: string]: string }
  asked?: readonly string[]
  /** Amounts are marked as examples until the reader changes them. */
  example?: boolean
}

export class YibaoCheck extends HTMLElement {
  static readonly formAssociated: true
  service: string | undefined
  region: string | undefined
  pack: string | undefined
  packRoot: string | undefined
  asOf: string | undefined
  mode: Mode
  fontScale: string | undefined
  layout: Layout | undefined
  features: string | undefined
  storage: 'none' | 'device' | undefined
  exposeAnswers: boolean
  assets: string | undefined
  paused: boolean
  /** Answers of the service that is shown, by name. May be set before the element is ready. */
  answers: Facts
  /** The decision, `null` while there is none. */
  readonly result: DecisionData | null
  readonly status: Status
  /** What a form sends: the receipt of a computed decision. */
  readonly value: Receipt | null
  readonly name: string
  readonly type: string
  readonly form: HTMLFormElement | null
  year: YearPlan | undefined
  /** Forgets what was entered; place and service stay. */
  reset(): void
  /** Prints the paper for the counter. */
  print(): Promise<void>
  /** Answers, service and receipt as JSON, `null` before the element is ready. */
  exportCase(): string | null
  /** A step in words, `null` before the element is ready. */
  explain(stepId: string, options?: Omit<ExplainOptions, 'step'>): string | null
}

/** Events bubble and cross shadow roots. No answer is in them unless `expose-answers` is there. */
export interface YibaoCheckEvents {
  'yibao-ready': CustomEvent<Record<string, never>>
  'yibao-pack': CustomEvent<{ id: string; revision: string; digest: string; status: string }>
  'yibao-question': CustomEvent<{ service: string; question: string | null; step: number }>
  'yibao-result': CustomEvent<{ pack: string; service: string; outcome: DecisionData['outcome']; answers?: Facts; decision?: DecisionData }>
  'yibao-unsupported': CustomEvent<{ region: string | null; service: string | null }>
  'yibao-error': CustomEvent<{ code: string }>
}

declare global {
  interface HTMLElementTagNameMap { 'yibao-check': YibaoCheck }
  interface HTMLElementEventMap extends YibaoCheckEvents {}
  // React before 19, Preact, Solid.
  namespace JSX { interface IntrinsicElements { 'yibao-check': YibaoCheckProps } }
}

/** As a tag of JSX or of a Vue template. */
export interface YibaoCheckProps extends YibaoCheckAttributes {
  id?: string
  class?: string
  className?: string
  slot?: string
  style?: any
  key?: any
  ref?: any
  children?: any
  answers?: Facts
  year?: YearPlan
}

// Neither is needed: where one is not installed there is nothing to add to.
// @ts-ignore
declare module 'react' {
  namespace JSX { interface IntrinsicElements { 'yibao-check': YibaoCheckProps } }
}
// @ts-ignore
declare module 'vue' {
  interface GlobalComponents { 'yibao-check': new () => { $props: YibaoCheckProps } }
}
