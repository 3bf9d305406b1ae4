// The commands, in the order of the help text. Each module: `name`, `summary` and `options[…].help` as `{ zh, en }`,
// `usage` (lines after `yibao NAME`), `options` (see args.mjs) and `run(context)`, which gives an exit code or none.

const MODULES = {
  init: () => import('./commands/init.mjs'),
  new: () => import('./commands/new.mjs'),
  eval: () => import('./commands/eval.mjs'),
  explain: () => import('./commands/explain.mjs'),
  test: () => import('./commands/test.mjs'),
  check: () => import('./commands/check.mjs'),
  curve: () => import('./commands/curve.mjs'),
  compare: () => import('./commands/compare.mjs'),
  year: () => import('./commands/year.mjs'),
  solve: () => import('./commands/solve.mjs'),
  diff: () => import('./commands/diff.mjs'),
  batch: () => import('./commands/batch.mjs'),
  pack: () => import('./commands/pack.mjs'),
  schema: () => import('./commands/schema.mjs'),
  types: () => import('./commands/types.mjs'),
  docs: () => import('./commands/docs.mjs'),
  serve: () => import('./commands/serve.mjs'),
  case: () => import('./commands/case.mjs'),
}

export const names = Object.keys(MODULES)
export const load = name => MODULES[name]()
