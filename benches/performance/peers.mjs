// Who is measured. `kind`: one case at a time (`single`), or 100,000 at once (`batch`; `both` is a single rule called in
// a loop). `exact`: whether the run fails if one answer is wrong. `slow`: minutes for all answers.

const js = (name, title, rest) => ({ name, title, start: ['node', `js/${name}`], ...rest })
const python = (name, title, rest) => ({ name: name.replace('_', '-'), title, start: ['python', name], kind: 'batch', ...rest })
const native = (name, title, rest) => ({ name: `native-${name}`, title, start: ['native', name], kind: 'batch', exact: true, ...rest })

export const PEERS = [
  js('yibao', 'yibao-rules', { kind: 'single', exact: true, ours: true, money: 'whole fen', gives: 'decision; trace and explanation when they are read' }),
  js('yibao-trace', 'yibao-rules, the value of every step read', { kind: 'single', exact: true, ours: true, money: 'whole fen', gives: 'decision and, as objects, the label and value of all 13 steps' }),
  js('yibao-steps', 'yibao-rules, the whole explanation read', { kind: 'single', exact: true, ours: true, money: 'whole fen', gives: 'decision and every step with its formula, numbers, row, clauses and what it assumes' }),
  js('by-hand', 'JavaScript by hand, answers checked, the same decision object', { kind: 'both', exact: true, money: 'whole fen', gives: 'decision and trace' }),
  js('doubles', 'JavaScript by hand, no checks', { kind: 'single', money: 'yuan in doubles', gives: '14 numbers' }),
  js('decimal', 'JavaScript with decimal.js', { kind: 'single', package: 'decimal.js', money: 'decimals', gives: '14 numbers' }),
  js('json-logic-engine-compiled', 'json-logic-engine, compiled (needs `unsafe-eval`)', { kind: 'both', package: 'json-logic-engine', money: 'whole fen', gives: '13 numbers' }),
  js('json-logic-engine', 'json-logic-engine, without eval', { kind: 'single', package: 'json-logic-engine', money: 'whole fen', gives: '13 numbers' }),
  js('json-logic-js', 'json-logic-js', { kind: 'single', package: 'json-logic-js', money: 'whole fen', gives: '13 numbers' }),
  js('json-rules-engine', 'json-rules-engine', { kind: 'single', package: 'json-rules-engine', money: 'whole fen', gives: 'two amounts' }),
  js('zen', '@gorules/zen-engine, native, with trace', { kind: 'single', slow: true, package: '@gorules/zen-engine', money: 'decimals', gives: '12 numbers and a trace' }),
  js('publicodes', 'publicodes', { kind: 'single', slow: true, package: 'publicodes', money: 'yuan in doubles', gives: 'two amounts with their explanation' }),
  js('feelin', 'feelin', { kind: 'single', slow: true, package: 'feelin', money: 'yuan in doubles', gives: '13 numbers' }),
  js('yibao-batch', 'yibao-rules over typed arrays, compiled at run time, copies included', { kind: 'batch', exact: true, ours: true, money: 'whole fen in doubles' }),
  js('yibao-batch-interpreted', 'the same by the interpreter in Wasm alone', { kind: 'batch', exact: true, ours: true, money: 'whole fen in doubles' }),
  js('yibao-batch-rows', 'yibao-rules over objects of numbers, every answer checked', { kind: 'batch', exact: true, ours: true, money: 'whole fen in doubles' }),
  js('yibao-batch-objects', 'yibao-rules over cases, money and days as text, every answer checked', { kind: 'batch', exact: true, ours: true, money: 'whole fen' }),
  js('objects', 'JavaScript by hand over objects of numbers, no checks', { kind: 'batch', exact: true, money: 'whole fen' }),
  js('columns', 'JavaScript by hand over typed arrays', { kind: 'batch', exact: true, money: 'whole fen in doubles' }),
  python('numpy', 'numpy', { package: 'numpy', money: '64-bit fen' }),
  python('openfisca_fast', 'OpenFisca-core, fast form', { package: 'OpenFisca-Core', money: '32-bit fen' }),
  python('openfisca', 'OpenFisca-core, as documented', { package: 'OpenFisca-Core', money: 'yuan in 32-bit floats' }),
  { ...native('yibao', 'yibao-rules, native', { ours: true, money: 'whole fen in doubles' }), name: 'yibao-native' },
  native('scalar', 'Rust by hand, plain i64', { money: '64-bit fen' }),
  native('vector', 'Rust by hand, exact kernel at 128-bit vectors', { money: 'whole fen in doubles' }),
]

export const isSingle = ({ kind }) => kind === 'single' || kind === 'both'
export const isBatch = ({ kind }) => kind === 'batch' || kind === 'both'
