// What the columns of a table mean to a service: dotted names of facts, balances, the stay before, open parameters.

import { nearest } from '../args.mjs'
import { misuse } from '../exit.mjs'

/** Carried through where no fact has this name. */
const KEPT = 'id'

/** Every name that a column of this pack may have, with the way to its answer. */
function places(plan, camelCase) {
  const all = new Map()
  const add = (id, path, bool) => {
    all.set(id, { path, bool })
    const key = id.split('.').map(camelCase).join('.')
    if (!all.has(key)) all.set(key, { path, bool })
  }
  for (const fact of plan.facts) {
    add(fact.id, ['facts', fact.id], fact.type === 'bool')
    if (fact.type === 'institution') for (const field of fact.fields ?? []) add(`${fact.id}.${field.id}`, ['facts', fact.id, field.id], field.type === 'bool')
  }
  for (const { id } of plan.ledger?.entries ?? []) add(`ledger.${id}`, ['ledger', id], false)
  for (const { id } of plan.previous ?? []) add(`previous.${id}`, ['previous', id], false)
  if (plan.previous?.length > 0) add('previous', ['previous'], false)
  for (const { id } of plan.parameters ?? []) add(`parameters.${id}`, ['parameters', id], false)
  return all
}

const camelCase = name => name.replace(/_+(.?)/gu, (_, next) => next.toUpperCase())

const TRUTHS = new Map([['true', true], ['false', false], ['是', true], ['否', false]])

/** A cell as an answer. An empty one is not answered, which is not zero. */
function answer(text, { bool, path }) {
  const trimmed = text.trim()
  if (trimmed === '') return undefined
  if (bool) return TRUTHS.get(trimmed.toLowerCase()) ?? trimmed
  return path.length === 2 && trimmed.startsWith('[') ? listed(trimmed) : trimmed
}

/** The records of a list, written as JSON. */
function listed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/**
 * How rows with these columns become cases. `keep` names columns that are carried through. Gives `{ kept, absent,
 * caseOf }`: places of kept columns, facts of the service without a column, and what makes a case of cells.
 */
export function columnsOf(plan, service, header, keep, file) {
  const known = places(plan, camelCase)
  const names = header.map(name => name.trim())
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw misuse('bad-column', { zh: `\`${file}\` 的列 \`${twice}\` 出现两次`, en: `the column \`${twice}\` stands twice in \`${file}\`` })
  const kept = []
  const read = []
  names.forEach((name, at) => {
    if (keep.includes(name) || (name === KEPT && !known.has(name))) kept.push({ name, at })
    else if (known.has(name)) read.push({ at, ...known.get(name) })
    else throw unknown(name, known, file)
  })
  const missing = keep.find(name => !names.includes(name))
  if (missing !== undefined) throw misuse('bad-column', { zh: `\`${file}\` 没有 --keep 的列 \`${missing}\``, en: `\`${file}\` has no column \`${missing}\` of --keep` })
  const double = read.find(({ path }, i) => read.findIndex(other => String(other.path) === String(path)) !== i)
  if (double !== undefined) throw misuse('bad-column', { zh: `\`${file}\` 里有两列都是 \`${double.path.join('.')}\``, en: `two columns of \`${file}\` are \`${double.path.join('.')}\`` })
  const answered = new Set(read.map(({ path }) => path[1]))
  return { kept, absent: service.facts.filter(fact => !answered.has(fact)), caseOf: cells => caseOf(read, cells) }
}

function unknown(name, known, file) {
  const near = nearest(name, [...known.keys()])
  const shown = name === '' ? { zh: '有一列没有名称', en: 'has a column without a name' } : { zh: `的列 \`${name}\` 不是这个政策包的事实`, en: `has a column \`${name}\`, which is no fact of the pack` }
  return misuse('bad-column', { zh: `\`${file}\` ${shown.zh}`, en: `\`${file}\` ${shown.en}` }, {
    help: near ? { zh: `是不是 \`${near}\`？只想原样带到结果里：--keep ${name}`, en: `did you mean \`${near}\`? To carry it through as it is: --keep ${name}` } : { zh: `只想原样带到结果里：--keep ${name}`, en: `to carry it through as it is: --keep ${name}` },
  })
}

function caseOf(read, cells) {
  const input = { facts: {} }
  for (const place of read) {
    const given = answer(cells[place.at], place)
    if (given === undefined) continue
    const [section, name, field] = place.path
    if (name === undefined) {
      input[section] = given
      continue
    }
    if (typeof input[section] === 'string') continue
    const holder = (input[section] ??= {})
    if (field === undefined) holder[name] = given
    else (holder[name] ??= {})[field] = given
  }
  return input
}

/** A JSON row without what is only carried through. */
export function caseOfJson(value, keep) {
  const input = { ...value }
  for (const name of keep) delete input[name]
  return input
}

export const keptNames = (plan, keep) => (keep.includes(KEPT) || plan.facts.some(({ id }) => id === KEPT) ? keep : [KEPT, ...keep])
