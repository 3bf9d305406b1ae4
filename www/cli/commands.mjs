// The commands, in the order of the help text. Each module: `name`, `summary` and `options[…].help` as `{ zh, en }`,
// `usage` (lines after `yibao NAME`), `options` (see args.mjs) and `run(context)`, which gives an exit code or none.

const MODULES = {
  eval: () => import('./commands/eval.mjs'),
  test: () => import('./commands/test.mjs'),
  check: () => import('./commands/check.mjs'),
  pack: () => import('./commands/pack.mjs'),
}

export const names = Object.keys(MODULES)
export const load = name => MODULES[name]()
