// Numbers to pages: the targets with what was found, and docs/performance.md.

import { writeFileSync } from 'node:fs'
import { path } from './data.mjs'
import { version } from './install.mjs'
import { isBatch, isSingle } from './peers.mjs'
import { ratio } from './rounds.mjs'
import { loadingText, growthText, sizesText, startsText } from './sections.mjs'
import { table, times as timesText, percent, us } from './text.mjs'

/** At most so many times the other; `why` is said where the target is missed. */
const atMost = (what, a, b, target, stretch, why) => ({ what, a, b, target, stretch, why, faster: false })
/** At least so many times faster than the other. */
const faster = (what, a, b, target, why) => ({ what, a, b, target, why, faster: true })

/** Of a peer that is asked for less: how far the rule by hand, which is asked for the same as ours, is ahead of it. */
const less = ({ times }, peer) => `It is given numbers, checks nothing and returns figures. The rule by hand that is asked for what ours is asked for (answers read from text and checked, amounts written as text in a decision) is ${timesText(ratio(times, peer, 'by-hand').median)} as fast as this peer; that is as far as an engine asked for the same could be ahead.`

const COMPILED = 'Each answer is checked on the way, columns are copied in and values out; the rule by hand does neither.'
const WIDE = 'Each operation passes over the block of cases on its own, and a case that is not plain is left to the evaluator; a rule by hand keeps its numbers in registers from the first line to the last.'

const RATIOS = [
  atMost('one evaluation, against JavaScript by hand with the same decision', 'yibao', 'by-hand', 2, 1.3, 'Answers are looked up by name, operations read from the plan, numbers copied out of Wasm; by hand all that is in the code.'),
  atMost('the same, all steps as objects', 'yibao-trace', 'by-hand', 3, 2, 'The rule by hand keeps its steps as numbers; here each is written as text, with its label.'),
  faster('one evaluation, against json-logic-engine without eval', 'yibao', 'json-logic-engine', 12, less),
  faster('one evaluation, against json-logic-engine compiled', 'yibao', 'json-logic-engine-compiled', 3, less),
  faster('one evaluation, against json-logic-js', 'yibao', 'json-logic-js', 40, less),
  faster('one evaluation, against ZEN native with trace', 'yibao', 'zen', 500, less),
  faster('one evaluation, against publicodes', 'yibao', 'publicodes', 2_000, less),
  atMost('batch over typed arrays in Wasm, against Rust by hand, plain i64', 'yibao-batch batch', 'native-scalar batch', 1.5, 1, COMPILED),
  faster('batch over typed arrays in Wasm, against the fast form of OpenFisca-core', 'yibao-batch batch', 'openfisca-fast batch', 4, 'Its fast form is numpy over whole arrays with a cache around it.'),
  faster('batch over typed arrays in Wasm, against json-logic-engine compiled', 'yibao-batch batch', 'json-logic-engine-compiled batch', 20, 'Compiled, it is JavaScript that V8 optimises as a whole.'),
  atMost('batch native, against the kernel by hand at 128-bit vectors', 'yibao-native batch', 'native-vector batch', 3, 2, WIDE),
  atMost('batch from JavaScript objects, against JavaScript over objects', 'yibao-batch-rows batch', 'objects batch', 2, undefined, 'The rule by hand checks nothing. Columns are better: reading an object costs more than deciding it.'),
]

function ratioRow({ what, a, b, target, stretch, why, faster: isFaster }, found) {
  const { times } = found
  const measured = isFaster ? ratio(times, b, a) : ratio(times, a, b)
  if (measured === undefined) return undefined
  const met = isFaster ? measured.median >= target : measured.median <= target
  const sign = isFaster ? '≥' : '≤'
  const aims = `${sign} ${target.toLocaleString('en')}×${stretch === undefined ? '' : ` (${sign} ${stretch}×)`}`
  return { what, found: timesText(measured.median), noise: percent(measured.spread), target: isFaster ? `${aims} faster` : aims, met, why: typeof why === 'function' ? why(found, b) : why }
}

const kb = bytes => `${(bytes / 1_024).toFixed(1)} KB`
const limit = (what, found, target, met, noise, why) => ({ what, found, target, met, noise: noise ?? '', why })

const WEIGHT = 'Every plan is verified where it is loaded, every decision explained in two languages, and the analyses are exact: there is a compiler\'s checker in what a page loads.'

function wholeRows({ sizes, starts, loading, growth }) {
  const rows = sizes.ours.filter(({ target }) => target !== undefined).map(({ title, bytes, target, stretch }) => (
    limit(`download, ${title}`, kb(bytes), `≤ ${kb(target)}${stretch === undefined ? '' : ` (≤ ${kb(stretch)})`}`, bytes <= target, undefined, WEIGHT)
  ))
  rows.push(limit(`download, the largest plan (${sizes.plan.name})`, kb(sizes.plan.bytes), `≤ ${kb(sizes.plan.target)}`, sizes.plan.bytes <= sizes.plan.target, undefined, 'A plan carries the sentences that its figures come from.'))
  const [ours, plain] = [starts.get('yibao'), starts.get('by-hand')]
  const [startWall, startCpu] = [ours.wall.median / plain.wall.median, ours.cpu.median / plain.cpu.median]
  rows.push(limit('import to first result in Node, against a plain JavaScript module', `${timesText(startWall)} (CPU ${timesText(startCpu)})`, '≤ 3×', startWall <= 3, percent(ours.wall.spread), 'Before the first answer 190 KB of Wasm are read, what is called of it is compiled, and the plan is verified by code that runs for the first time; V8 spends most of it on compiling.'))
  const [largest] = loading
  rows.push(limit(`loading the largest plan (${largest.pack})`, `${largest.median.toFixed(2)} ms`, '≤ 1 ms', largest.median <= 1, percent(largest.spread), 'A plan is verified when it is loaded, like one from a stranger: units, ranges, covers and indices are worked out again.'))
  const flat = growth.cases.at(-1).median / growth.cases.find(({ count }) => count === 100_000).median
  rows.push(limit('time for a case at 10,000,000 cases, against 100,000', `${flat.toFixed(2)}×`, '≤ 1.2×', flat <= 1.2))
  const batchFlat = growth.batch.at(-1).median / growth.batch.find(({ count }) => count === 100_000).median
  rows.push(limit('the same as one batch', `${batchFlat.toFixed(2)}×`, '≤ 1.2×', batchFlat <= 1.2))
  const rowsFlat = growth.rows.at(-1).median / growth.rows[0].median
  rows.push(limit('time for a case with a table of 2,000 rows, against 10 rows', `${rowsFlat.toFixed(2)}×`, '≤ 1.2×', rowsFlat <= 1.2, percent(growth.rows.at(-1).spread)))
  return rows
}

/** Every target that this run can judge. */
export function judge(found) {
  const ratios = RATIOS.map(target => ratioRow(target, found)).filter(row => row !== undefined)
  return found.sizes === undefined ? ratios : [...ratios, ...wholeRows(found)]
}

function peerRow(peer, batch, base, { answers, times, failures }) {
  const key = batch ? `${peer.name} batch` : peer.name
  const name = peer.package === undefined ? peer.title : `${peer.title} ${version(peer) ?? ''}`.trim()
  const time = times.get(key)
  if (time === undefined) return [name, peer.money ?? '', failures.some(failure => failure.includes(peer.title)) ? 'did not run' : '', '', '', '']
  const against = ratio(times, key, base)
  const written = batch ? time.median.toFixed(time.median < 100 ? 1 : 0) : us(time.median)
  return [name, peer.money, answers.get(peer.name).toLocaleString('en'), written, percent(time.spread), against === undefined ? '' : timesText(against.median)]
}

const HEAD = unit => ['', 'money', 'wrong of 100,000', unit, 'noise', 'against ours']

function peersText(found, batch, unit, base) {
  const rows = found.peers.filter(batch ? isBatch : isSingle).map(peer => peerRow(peer, batch, base, found))
  const order = rows.toSorted((a, b) => (Number(a[3].replace(/,/gu, '')) || Infinity) - (Number(b[3].replace(/,/gu, '')) || Infinity))
  return table(HEAD(unit), order, 'lrrrrr'.replace('r', 'l'))
}

/** Ours as `runRows` of a batch, and the peers that are asked for no more than it is. */
const [LIKE, PLAIN] = ['yibao-batch-rows batch', ['doubles', 'json-logic-engine-compiled', 'json-logic-engine', 'json-logic-js', 'zen', 'publicodes']]

function likeText({ times, peers }) {
  if (!times.has(LIKE)) return ''
  const row = (title, key) => [title, us(times.get(key).median), percent(times.get(key).spread), timesText(ratio(times, key, LIKE).median)]
  const rows = PLAIN.filter(name => times.has(name)).map(name => row(peers.find(peer => peer.name === name).title, name))
  const head = ['like for like', 'µs', 'noise', 'against ours']
  return `### The same question to all

The rows above compare our whole decision, from text, with peers that are given numbers and return numbers. Asked for just that, ours is \`runRows\` of [\`yibao-rules/batch\`](columns.md): objects of numbers in, figures out, every answer still checked. It is one call for 100,000 objects, and the time is that of one of them; the peers are called once for each, which is how they work. No target is judged by these figures.

${table(head, [row('yibao-rules, `runRows`', LIKE), ...rows], 'lrrr')}

`
}

function targetsText(rows) {
  return table(['', 'found', 'noise', 'target (stretch)', ''], rows.map(({ what, found, noise, target, met }) => [what, found, noise, target, met ? 'met' : '**missed**']), 'lrrll')
}

export function write(found) {
  const rows = judge(found)
  const missed = rows.filter(({ met }) => !met)
  const base = found.times.has('yibao-batch batch') ? 'yibao-batch batch' : 'columns batch'
  const { machine, rounds, failures } = found
  const text = `<!-- Written by \`node benches/performance.mjs\`; not edited by hand. -->

# Performance

What one decision, a whole population and one download cost, beside what people would pick instead. One command measures everything in one run and writes this page:

\`\`\`
cargo xtask build && node benches/performance.mjs
\`\`\`

It needs Node, Python 3 and Rust, takes about a quarter of an hour, and installs the peers from npm, PyPI and crates.io into ignored folders. No test depends on it, and none is timed.

${failures.length > 0 ? `**This run failed in part:**\n\n${failures.map(failure => `- ${failure}`).join('\n')}\n\n` : ''}## Targets

${missed.length === 0 ? 'All are met.' : `${rows.length - missed.length} of ${rows.length} are met.`} Ratios are medians of the ratios within each round.

${targetsText(rows)}

## One decision

An invented reimbursement rule ([rich.pack.yaml](../benches/rich.pack.yaml)): in-policy cost, a deductible by scheme and level with two dated versions and half of it for a referral, rates in three bands, a factor for care elsewhere, a cap over the year, a critical-illness layer in two bands, rounded half up to the fen at three places. Each peer has it in the way its documentation shows ([benches/peers/js](../benches/peers/js)).

Ours and the rule by hand take the answers as a form gives them, money as text, check every one (unknown keys, decimals, bounds, options, days of the calendar), and make a decision whose payers, parts, verdict and gaps are all read. **The other rows do less:** they are given numbers, check nothing, and return the figures named.

${peersText(found, false, 'µs', 'yibao')}

${table(['', 'what comes back'], found.peers.filter(isSingle).map(({ title, gives }) => [title, gives]), 'll')}

${likeText(found)}## A population

The same rule over 100,000 cases; ns for a case. "Against ours" is ${base === 'columns batch' ? 'against JavaScript over typed arrays' : 'against our batch over typed arrays, copies included'}.

${peersText(found, true, 'ns', base)}

## Download

${sizesText(found.sizes, kb)}

## Start

${startsText(found.starts, found.peers)}

## Loading a plan

${loadingText(found.loading)}

## Growth

${growthText(found.growth)}

## Where we lose, and why

${missed.length === 0 ? 'No target was missed in this run.' : missed.map(({ what, found: value, target, why }) => `- ${what}: ${value}, wanted ${target}.${why === undefined ? '' : ` ${why}`}`).join('\n')}

The whole explanation (\`decision.steps\`: formulas with their numbers, rows chosen and not chosen, clauses) is no figure of this table. The engine decides the case again and writes it as text when it is first read. The steps' values alone are \`decision.trace\`.

## Method

- Machine: ${machine.processor}; ${machine.system}; ${machine.node}; ${machine.python}; ${machine.rust}.
- ${(100_000).toLocaleString('en')} cases from a fixed seed ([cases.mjs](../benches/peers/cases.mjs)). Before anything is measured, every answer of every peer is held to exact arithmetic that shares no code with the engine ([exact.mjs](../benches/peers/exact.mjs)); an answer counts as wrong if one payer's amount differs by a fen. The run fails if one of ours, or of a rule by hand over integers, is wrong.
- Each peer runs in a process of its own. A round asks every one in turn, one at a time, for at least 80 ms of CPU time; the order changes with the round. ${rounds} rounds after a warm-up.
- The figure is process CPU time (user and system, garbage collection and helper threads included), median over the rounds; noise is half the distance between the quartiles, as a part of the median. On a machine with other work ratios move by about a third: read them to one digit.
- Start is measured in fresh processes, by the clock, from the import to the first result; loading and growth as CPU time in one process.
- Sizes are gzip -9; peers are bundled and minified by esbuild, without rules.
`
  writeFileSync(path('docs/performance.md'), text)
}
