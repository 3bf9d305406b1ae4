// Runs of copies become calls: `node bundle/copies.mjs IN.wat OUT.wat`.
//
// The compiler moves a structure by loading and storing it eight bytes at a time. In WebAssembly that is a handful of
// bytes; in JavaScript, which has no such load, each move is four statements. They are a tenth of the packed module.
// A run `store(a + k, load(b + k))` for neighbouring k becomes one call of a function that does the same loads and stores
// in the same order.

import { readFileSync, writeFileSync } from 'node:fs'

const [from, to] = process.argv.slice(2)

/** The S-expression of a module as nested lists of tokens. */
function parse(text) {
  const open = [[]]
  for (const [token] of text.matchAll(/;;[^\n]*|\(;.*?;\)|"(?:[^"\\]|\\.)*"|[()]|[^\s()";]+/gsu)) {
    if (token.startsWith(';;') || token.startsWith('(;')) continue
    if (token === '(') open.push([])
    else if (token === ')') open.at(-2).push(open.pop())
    else open.at(-1).push(token)
  }
  return open[0][0]
}

const print = node => (Array.isArray(node) ? `(${node.map(print).join(' ')})` : node)

const operands = node => node.filter(Array.isArray)
const attribute = (node, name) => node.find(token => typeof token === 'string' && token.startsWith(`${name}=`))?.slice(name.length + 1)
const offset = node => Number(attribute(node, 'offset') ?? 0)

/** Nothing said is aligned as it should be. Below four bytes JavaScript has to go byte by byte. */
const isAligned = node => !['1', '2'].includes(attribute(node, 'align'))
const same = (a, b) => print(a) === print(b)

/** Whether an address is the same however often and whenever between two stores it is computed. */
const isFixed = node => ['local.get', 'i32.const'].includes(node[0]) || (['i32.add', 'i32.sub'].includes(node[0]) && operands(node).every(isFixed))

/** `{ size, into, out, a, b }` of a statement that copies 4 or 8 bytes from `out + b` into `into + a`. */
function copy(node) {
  const [, type] = /^(i32|i64)\.store$/u.exec(Array.isArray(node) ? node[0] : '') ?? []
  if (type === undefined) return undefined
  const [into, value] = operands(node)
  if (value[0] !== `${type}.load` || !isAligned(node) || !isAligned(value)) return undefined
  return { size: type === 'i64' ? 8 : 4, into, out: operands(value)[0], a: offset(node), b: offset(value) }
}

/** The copies from `at` on that carry on from one another, all upwards or all downwards. */
function runFrom(nodes, at) {
  const first = copy(nodes[at])
  const run = [first]
  let way = 0
  while (isFixed(first.into) && isFixed(first.out)) {
    const next = copy(nodes[at + run.length])
    if (next === undefined || !same(next.into, first.into) || !same(next.out, first.out)) break
    const last = run.at(-1)
    const step = next.a - last.a
    if (step !== next.b - last.b || !(step === last.size && way >= 0 || step === -next.size && way <= 0)) break
    way = Math.sign(step)
    run.push(next)
  }
  return run
}

/** Functions that are needed, by name. */
const made = new Map()

/** The call that does a run: the name says where each copy lies from the lowest address, and how large it is. */
function called(run) {
  const low = run.reduce((lowest, one) => (one.a < lowest.a ? one : lowest))
  const parts = run.map(({ size, a }) => ({ size, at: a - low.a }))
  const name = `$copy${parts.map(({ size, at }) => `_${at}.${size}`).join('')}`
  made.set(name, parts)
  const address = (node, by) => (by === 0 ? node : ['i32.add', node, ['i32.const', String(by)]])
  return ['call', name, address(low.into, low.a), address(low.out, low.b)]
}

function definition(name, parts) {
  const moves = parts.map(({ size, at }) => {
    const [type, place] = [size === 8 ? 'i64' : 'i32', `offset=${at}`]
    return [`${type}.store`, place, ['local.get', '$to'], [`${type}.load`, place, ['local.get', '$from']]]
  })
  return ['func', name, ['param', '$to', 'i32'], ['param', '$from', 'i32'], ...moves]
}

/** Nodes whose operands are statements, in order. */
const LISTS = ['func', 'block', 'loop', 'then', 'else']

function shortened(node) {
  const inner = node.map(one => (Array.isArray(one) ? shortened(one) : one))
  if (!LISTS.includes(inner[0])) return inner
  const out = []
  for (let at = 0; at < inner.length;) {
    const run = copy(inner[at]) === undefined ? [] : runFrom(inner, at)
    // One copy of four bytes is as short as it gets.
    const gains = run.length > 1 || run[0]?.size === 8
    out.push(gains ? called(run) : inner[at])
    at += gains ? run.length : 1
  }
  return out
}

const module = parse(readFileSync(from, 'utf8')).map(part => (part[0] === 'func' ? shortened(part) : part))
for (const [name, parts] of made) module.push(definition(name, parts))
if (made.size === 0) throw new Error('there is nothing to shorten: the compiler now copies otherwise, and this step can go')
writeFileSync(to, print(module))
