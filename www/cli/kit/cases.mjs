// Edge cases of a pack made from a table, with sums of their own: whole fen and hundredths of a per cent, no engine.

import { fixed, percent } from './figures.mjs'

/** Half up of `fen × rate`. */
const shareOf = (fen, parts) => Number((BigInt(fen) * BigInt(parts) + 5_000n) / 10_000n)

/** The least bill above the deductible of which the fund owes just this much. */
function billFor(fen, deductible, parts) {
  let above = Math.floor((fen * 10_000) / parts)
  while (shareOf(above, parts) < fen) above += 1
  return deductible + above
}

const text = fen => fixed(fen).replace(/\.00$/, '')

/** One worked stay: what the fund and the person pay, and the sum as it is written down. */
export function worked({ total, deductible, rate, cap, paid = 0 }) {
  const borne = Math.min(deductible, total)
  const due = shareOf(total - borne, rate)
  const room = cap === undefined ? undefined : Math.max(0, cap - paid)
  const fund = room === undefined ? due : Math.min(due, room)
  const share = `round((${text(total)} - ${text(borne)}) * ${percent(rate)}, half_up to fen)`
  return { fund, patient: total - fund, borne, isCapped: fund < due, sum: room === undefined ? share : `min(${share}, ${text(cap)} - ${text(paid)})` }
}

/** A day on which the rules hold: a notice of December that holds from January was read before that. */
const serviceDay = ({ value }) => (value('from') !== undefined && value('evidence') < value('from') ? value('from') : value('evidence'))

/** The answers and balances of one stay. */
export function stay(d, level, total, { paid = 0, stays = 0, more = {} } = {}) {
  const { counts } = d
  const facts = { admission_date: serviceDay(d), scheme: d.value('scheme'), place: 'in_city', level: level.id, total: text(total), out_of_scope: '0', over_limit: '0', first_pay: '0', ...(counts.asked && { is_first_stay: true }), ...more }
  const ledger = { ...(counts.paid && { paid: text(paid) }), ...(counts.stays && { stays: String(stays) }) }
  return { facts, ...(Object.keys(ledger).length > 0 && { ledger }) }
}

/** All cases as data. */
export function edgeCases(d) {
  const all = d.levels.flatMap(level => (isWhole(d, level) ? edgesOf(d, level) : [refused(d, `${level.id}_left_blank`, level, 'unset')]))
  const other = d.value('scheme') === 'resident' ? 'employee' : 'resident'
  return [
    ...all,
    refused(d, 'another_city', d.levels[0], 'not-covered', { place: 'in_province' }),
    refused(d, 'the_other_scheme', d.levels[0], 'not-covered', { scheme: other }),
  ]
}

const isWhole = ({ cap }, { deductible, rate }) => cap.value !== undefined && deductible.value !== undefined && rate.value !== undefined
const origin = d => (d.value('status') === 'invented' ? 'invented' : 'derived')

function refused(d, id, level, refusal, more) {
  return { id, service: 'inpatient', origin: origin(d), ...stay(d, level, 2_000_000, { more }), expect: { outcome: 'refused', refusal } }
}

function edgesOf(d, level) {
  const { cap, counts, repeat } = d
  const { deductible: { value: deductible }, rate: { value: rate } } = level
  const most = counts.paid ? cap.value : undefined
  const computed = (id, total, { paid = 0, stays = 0, own = deductible } = {}) => {
    const { fund, patient, borne, sum } = worked({ total, deductible: own, rate, cap: most, paid })
    return {
      id: `${level.id}_${id}`, service: 'inpatient', origin: origin(d), ...stay(d, level, total, { paid, stays }),
      expect: { outcome: 'computed', amounts: { fund: fixed(fund), patient: fixed(patient) }, steps: { borne: fixed(borne) } },
      working: { fund: sum, patient: `${text(total)} - ${text(fund)}`, borne: `min(${text(own)}, ${text(total)})` },
    }
  }
  const all = [computed('one_fen_above_the_deductible', deductible + 1), computed('twenty_thousand', 2_000_000)]
  if (deductible > 0) all.unshift(computed('one_fen_below_the_deductible', deductible - 1), computed('at_the_deductible', deductible))
  if (most !== undefined && rate > 0) {
    const room = Math.min(10_000, most)
    const paid = most - room
    const near = [['one_fen_below_the_cap', room - 1], ['at_the_cap', room], ['one_fen_above_the_cap', room + 1]]
    all.push(...near.map(([id, due]) => computed(id, billFor(due, deductible, rate), { paid })), computed('cap_used_up', 2_000_000, { paid: most }))
  }
  if (counts.stays) all.push(computed('again', 2_000_000, { stays: 1, own: shareOf(deductible, repeat.value) }))
  if (counts.asked) all.push({ ...refused(d, `${level.id}_again`, level, 'unset', { is_first_stay: false }) })
  return all
}

/** Cases as the text of cases.yaml: JSON flow under YAML keys, each text quoted. */
export function casesText(cases, marker) {
  const days = json => json.replace(/"(\d{4}-\d\d-\d\d)"/g, '$1')
  const line = (key, value) => `    ${key}: ${typeof value === 'string' ? value : days(JSON.stringify(value))}`
  const one = ({ id, ...rest }) => [`  - id: ${id}`, ...Object.entries(rest).map(([key, value]) => line(key, value))].join('\n')
  return `${marker}\ncases:\n${cases.map(one).join('\n\n')}\n`
}
