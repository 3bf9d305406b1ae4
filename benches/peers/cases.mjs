// The cases of the comparison: columns of whole fen and codes, from a fixed seed, and the same as plain objects.

import { readFileSync, writeFileSync } from 'node:fs'

export const COUNT = 100_000
export const SCHEMES = ['employee', 'resident']
export const LEVELS = ['first', 'second', 'third']
/** 2024-01-01, from which one deductible is another, in days since 1970. */
export const CHANGED = 19_723

const TYPES = {
  total: Float64Array, outOfScope: Float64Array, paid: Float64Array, day: Int32Array,
  scheme: Uint8Array, level: Uint8Array, referred: Uint8Array, away: Uint8Array,
}

/** A small generator with a fixed seed: everybody gets the same cases on every machine. */
function random(seed) {
  return most => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    // The low bits of this generator repeat soon.
    return Math.floor((seed / 2 ** 32) * most)
  }
}

const column = (count, make, Type) => Type.from({ length: count }, make)

export function generate(count = COUNT) {
  const below = random(20_261_122)
  // Nine in ten are stays of 20,000 to 420,000 yuan, one in ten costs less than 2,000, so that the deductible is not reached.
  const total = column(count, () => (below(10) === 0 ? below(200_000) : 2_000_000 + below(40_000_000)), Float64Array)
  return {
    total,
    outOfScope: column(count, (_, i) => Math.min(below(900_000), Math.floor(total[i] / 2)), Float64Array),
    // One in ten has nearly or wholly used up the year's cap.
    paid: column(count, () => (below(10) === 0 ? 19_000_000 + below(1_000_001) : below(15_000_000)), Float64Array),
    day: column(count, () => CHANGED - 60 + below(120), Int32Array),
    scheme: column(count, () => below(2), Uint8Array),
    level: column(count, () => below(3), Uint8Array),
    referred: column(count, () => below(2), Uint8Array),
    away: column(count, () => below(2), Uint8Array),
  }
}

export function write(folder, columns) {
  for (const [name, values] of Object.entries(columns)) writeFileSync(`${folder}/${name}.bin`, new Uint8Array(values.buffer))
}

export function read(folder) {
  return Object.fromEntries(Object.entries(TYPES).map(([name, Type]) => {
    const bytes = readFileSync(`${folder}/${name}.bin`)
    return [name, new Type(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))]
  }))
}

/** One case as the object that each peer's `prepare` starts from; money in fen. */
export function caseAt(columns, i) {
  return {
    total: columns.total[i], outOfScope: columns.outOfScope[i], paid: columns.paid[i], day: columns.day[i],
    date: new Date(columns.day[i] * 86_400_000).toISOString().slice(0, 10),
    scheme: SCHEMES[columns.scheme[i]], level: LEVELS[columns.level[i]], referred: columns.referred[i] === 1, away: columns.away[i] === 1,
  }
}

export const yuanText = fen => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
