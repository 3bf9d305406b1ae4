// The smaller tables of docs/performance.md.

import { percent, table, times, us } from './text.mjs'

export function sizesText({ ours, plan, peers }, kb) {
  const rows = [...ours.map(({ title, bytes }) => [`yibao-rules, ${title}`, kb(bytes)]), [`yibao-rules, the largest plan (${plan.name})`, kb(plan.bytes)]]
  for (const { title, bytes } of peers) rows.push([title, bytes === null ? 'could not be bundled' : kb(bytes)])
  return `${table(['', 'gzip -9'], rows, 'lr')}\n\n@gorules/zen-engine is a native module for Node and is not listed.`
}

export function startsText(starts, peers) {
  const title = name => peers.find(peer => peer.name === name)?.title ?? name
  const plain = starts.get('by-hand').wall.median
  const rows = [...starts].map(([name, { wall, cpu }]) => [title(name), wall.median.toFixed(1), percent(wall.spread), cpu.median.toFixed(1), times(wall.median / plain)])
  return `From the import to the first result that was read, in a fresh Node process; the engine compiles its Wasm and verifies the plan.\n\n${table(['', 'ms', 'noise', 'ms of CPU', 'against by hand'], rows, 'lrrrr')}`
}

export function loadingText(loading) {
  const rows = loading.map(({ pack, bytes, median, spread }) => [pack, bytes.toLocaleString('en'), median.toFixed(2), percent(spread)])
  return `\`loadPlan\` from text to rules that can be asked; the largest shipped plan and the one in the middle.\n\n${table(['plan', 'bytes', 'ms', 'noise'], rows, 'lrrr')}`
}

export function growthText({ cases, batch, rows }) {
  const byCount = cases.map(({ count, median }, i) => [count.toLocaleString('en'), us(median), batch[i].median.toFixed(1)])
  const byRows = rows.map(({ rows: count, median, spread }) => [count.toLocaleString('en'), us(median), percent(spread)])
  return `${table(['cases', 'one after the other, µs a case', 'as one batch, ns a case'], byCount, 'rrr')}\n\n${table(['rows of the table', 'µs a case', 'noise'], byRows, 'rrr')}`
}
