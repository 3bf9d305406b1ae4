/** What a test runner offers: `test(name, work)`. */
export type TestFunction = (name: string, work: () => void) => unknown

export interface DefineOptions {
  /** The runner's own `test`: vitest's, for instance. node:test's where none is given. */
  test?: TestFunction
  /** Language of what a failing case prints; `zh-CN` unless said otherwise. */
  lang?: 'zh-CN' | 'en'
  /** Where the glob begins; the working directory unless said otherwise. */
  cwd?: string
}

/**
 * Defines one test for each case of the case files that match a glob of `*`, `**` and `?` (`../packs/*` and absolute
 * paths too; nothing is looked for in `node_modules`). The pack of a case file is the `pack.yaml` beside it or
 * above it. Cases are judged by the engine's own runner, and a failing one shows its calculation.
 *
 * ```js
 * import { defineCases } from 'yibao-rules/testing'
 * await defineCases('packs/**' + '/cases.yaml')
 * ```
 *
 * @throws where no file matches, or a pack or case file is wrong
 */
export function defineCases(glob: string | readonly string[], options?: DefineOptions): Promise<void>
