// The two rules as a careful programmer writes them in JavaScript: integers of fen, every answer checked, unknown and
// missing answers told apart, the parts of the bill kept, and the same decision object with the same trace.

class AnswerError extends Error {}

const CENTS = Array.from({ length: 100 }, (_, fen) => `.${String(fen).padStart(2, '0')}`)

function yuan(fen) {
  const sign = fen < 0 ? '-' : ''
  const size = Math.abs(fen)
  const whole = Math.floor(size / 100)
  return sign + whole + CENTS[size - whole * 100]
}

const money = fen => ({ state: 'known', text: yuan(fen), unit: 'yuan' })

/** Decimal text or a whole number, at most two decimals, within bounds. */
function fenOf(answer, max, name) {
  if (typeof answer === 'number') {
    if (!Number.isSafeInteger(answer) || answer < 0) throw new AnswerError(name)
    return within(answer * 100, max, name)
  }
  if (typeof answer !== 'string' || answer.length === 0 || answer.length > 17) throw new AnswerError(name)
  let number = 0
  let point = -1
  for (let i = 0; i < answer.length; i++) {
    const code = answer.charCodeAt(i)
    if (code >= 48 && code <= 57) number = number * 10 + (code - 48)
    else if (code === 46 && point < 0 && i > 0) point = i
    else throw new AnswerError(name)
  }
  if (point < 0) return within(number * 100, max, name)
  switch (answer.length - point - 1) {
    case 1: return within(number * 10, max, name)
    case 2: return within(number, max, name)
    default: throw new AnswerError(name)
  }
}

function within(fen, max, name) {
  if (fen > max) throw new AnswerError(name)
  return fen
}

const LENGTHS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const BEFORE = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

function two(text, at) {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

function dayOf(text, name) {
  if (typeof text !== 'string' || text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) throw new AnswerError(name)
  const year = two(text, 0) * 100 + two(text, 2)
  const month = two(text, 5)
  const day = two(text, 8)
  if (!(year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1)) throw new AnswerError(name)
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  if (day > LENGTHS[month] + (leap && month === 2 ? 1 : 0)) throw new AnswerError(name)
  const past = year - 1
  return past * 365 + Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400) - 719_162 + BEFORE[month] + (leap && month > 2 ? 1 : 0) + day - 1
}

function optionOf(answer, codes, name) {
  const code = typeof answer === 'string' ? codes.get(answer) : undefined
  if (code === undefined) throw new AnswerError(name)
  return code
}

function truthOf(answer, name) {
  if (typeof answer !== 'boolean') throw new AnswerError(name)
  return answer
}

/** `fen × share / 100`, half up. */
const percent = (fen, share) => Math.floor((fen * share + 50) / 100)

const text = (zh, en) => ({ zh, en })

// ── 宿州 ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const SUZHOU = {
  schemes: new Map([['employee', 0], ['职工医保', 0], ['resident', 1], ['居民医保', 1]]),
  places: new Map([['in_city', 0], ['统筹区内', 0], ['in_province', 1], ['省内异地', 1], ['out_of_province', 2], ['跨省异地', 2]]),
  levels: new Map([['first', 0], ['一级及以下', 0], ['county', 1], ['二级和县级', 1], ['city_third', 2], ['三级（市属）', 2], ['provincial_third', 3], ['三级（省属）', 3]]),
  deductibles: [20_000, 50_000, 70_000, 100_000],
  rates: [85, 80, 75, 70],
  most: 200_000_000_000,
  basic: text('基金支付', 'fund pays'),
  fund: text('医保基金', 'insurance fund'),
  parts: [text('自费和超限价', 'out of scope and above the limit'), text('先行自付', 'first-pay share'), text('起付线', 'deductible'), text('按比例分担', 'shared')],
}

export function suzhou(facts) {
  let total, outOfScope, overLimit, firstPay, day, scheme, place, level
  for (const key in facts) {
    const answer = facts[key]
    if (answer === undefined || answer === null) continue
    switch (key) {
      case 'total': total = fenOf(answer, SUZHOU.most, key); break
      case 'outOfScope': outOfScope = fenOf(answer, SUZHOU.most, key); break
      case 'overLimit': overLimit = fenOf(answer, SUZHOU.most, key); break
      case 'firstPay': firstPay = fenOf(answer, SUZHOU.most, key); break
      case 'admissionDate': day = dayOf(answer, key); break
      case 'scheme': scheme = optionOf(answer, SUZHOU.schemes, key); break
      case 'place': place = optionOf(answer, SUZHOU.places, key); break
      case 'level': level = optionOf(answer, SUZHOU.levels, key); break
      default: throw new AnswerError(key)
    }
  }
  const missing = []
  if (total === undefined) missing.push('total')
  if (outOfScope === undefined) missing.push('outOfScope')
  if (overLimit === undefined) missing.push('overLimit')
  if (firstPay === undefined) missing.push('firstPay')
  if (scheme === undefined) missing.push('scheme')
  if (place === undefined) missing.push('place')
  if (level === undefined) missing.push('level')
  if (missing.length > 0) return { outcome: 'incomplete', asOf: facts.admissionDate ?? null, amounts: null, verdict: null, limit: null, missing, refusals: [], trace: null }
  const refusals = []
  if (place !== 0) refusals.push('in_the_city')
  if (scheme !== 1) refusals.push('is_resident')
  if (refusals.length > 0) return { outcome: 'refused', asOf: facts.admissionDate ?? null, amounts: null, verdict: null, limit: null, missing, refusals, trace: null }
  const outside = outOfScope + overLimit
  const eligible = total - outside - firstPay
  if (eligible < 0) throw new AnswerError('constraint')
  const deductible = SUZHOU.deductibles[level]
  const rate = SUZHOU.rates[level]
  const borne = Math.min(deductible, eligible)
  const share = eligible - borne
  const asked = percent(share, rate)
  const paid = Math.min(asked, share)
  const patient = total - paid
  return {
    outcome: 'computed',
    asOf: facts.admissionDate ?? null,
    amounts: {
      total: money(total),
      payments: [{
        step: 'basic', label: SUZHOU.basic, payer: 'fund', payerLabel: SUZHOU.fund, own: false, amount: money(paid),
        from: [{ part: 'share', amount: money(paid) }], bound: paid === asked ? 'asked' : 'limit',
      }],
      patient: money(patient), cash: money(patient), net: money(patient), benefits: [],
      parts: [
        { id: 'outside', label: SUZHOU.parts[0], amount: money(outside), left: money(outside) },
        { id: 'paid_first', label: SUZHOU.parts[1], amount: money(firstPay), left: money(firstPay) },
        { id: 'start', label: SUZHOU.parts[2], amount: money(borne), left: money(borne) },
        { id: 'share', label: SUZHOU.parts[3], amount: money(share), left: money(share - paid) },
      ],
    },
    verdict: null,
    limit: null,
    missing,
    refusals,
    trace: { day, eligible, deductible, rate, borne, share, asked, paid },
  }
}

// ── invented, with bands, a cap over the year and a second payer ───────────────────────────────────────────────────

const RICH = {
  schemes: new Map([['employee', 0], ['职工', 0], ['resident', 1], ['居民', 1]]),
  levels: new Map([['first', 0], ['一级', 0], ['second', 1], ['二级', 1], ['third', 2], ['三级', 2]]),
  most: 200_000_000,
  cap: 20_000_000,
  deductibles: [[20_000, 40_000, 80_000], [15_000, 45_000, 100_000]],
  edges: [1_000_000, 5_000_000],
  rates: [70, 80, 90],
  illnessEdges: [3_000_000],
  illnessRates: [60, 70],
  changed: 19_723,
  labels: [text('基本医保支付', 'basic fund pays'), text('大病保险支付', 'critical-illness insurance pays')],
  payers: [text('基本医保基金', 'basic fund'), text('大病保险', 'critical-illness insurance')],
  parts: [text('自费', 'out of scope'), text('起付线', 'deductible'), text('按比例分担', 'shared')],
}

/** The sum over bands, in hundredths of a fen. */
function bands(amount, edges, rates) {
  let sum = 0
  let below = 0
  for (let i = 0; i < rates.length; i++) {
    const top = i < edges.length ? Math.min(amount, edges[i]) : amount
    if (top > below) sum += (top - below) * rates[i]
    if (i < edges.length) below = edges[i]
  }
  return sum
}

export function rich(input) {
  let total, outOfScope, day, scheme, level, referred, away, before
  for (const section in input) {
    if (section === 'ledger') {
      for (const key in input.ledger) {
        if (key !== 'paid') throw new AnswerError(key)
        before = fenOf(input.ledger.paid, RICH.cap, key)
      }
    } else if (section !== 'facts') throw new AnswerError(section)
  }
  const { facts } = input
  for (const key in facts) {
    const answer = facts[key]
    if (answer === undefined || answer === null) continue
    switch (key) {
      case 'total': total = fenOf(answer, RICH.most, key); break
      case 'outOfScope': outOfScope = fenOf(answer, RICH.most, key); break
      case 'admissionDate': day = dayOf(answer, key); break
      case 'scheme': scheme = optionOf(answer, RICH.schemes, key); break
      case 'level': level = optionOf(answer, RICH.levels, key); break
      case 'referred': referred = truthOf(answer, key); break
      case 'away': away = truthOf(answer, key); break
      default: throw new AnswerError(key)
    }
  }
  const missing = []
  if (total === undefined) missing.push('total')
  if (outOfScope === undefined) missing.push('outOfScope')
  if (day === undefined) missing.push('admissionDate')
  if (scheme === undefined) missing.push('scheme')
  if (level === undefined) missing.push('level')
  if (referred === undefined) missing.push('referred')
  if (away === undefined) missing.push('away')
  if (before === undefined) missing.push('ledger.paid')
  if (missing.length > 0) return { outcome: 'incomplete', asOf: facts.admissionDate ?? null, amounts: null, verdict: null, limit: null, missing, refusals: [], trace: null }
  const eligible = total - outOfScope
  if (eligible < 0) throw new AnswerError('constraint')
  const full = scheme === 1 && level === 1 && day < RICH.changed ? 50_000 : RICH.deductibles[scheme][level]
  const deductible = referred ? full / 2 : full
  const borne = Math.min(deductible, eligible)
  const share = eligible - borne
  const inBands = Math.floor((bands(share, RICH.edges, RICH.rates) + 50) / 100)
  const factor = away ? 85 : 100
  const asked = percent(inBands, factor)
  const room = Math.max(0, RICH.cap - before)
  const basic = Math.min(asked, room, share)
  const own = eligible - basic
  const above = Math.max(0, own - 1_400_000)
  const inIllness = bands(above, RICH.illnessEdges, RICH.illnessRates)
  const illnessAsked = Math.floor((inIllness + 50) / 100)
  const illness = Math.min(illnessAsked, 30_000_000, share - basic)
  const patient = total - basic - illness
  return {
    outcome: 'computed',
    asOf: facts.admissionDate ?? null,
    amounts: {
      total: money(total),
      payments: [
        {
          step: 'basic', label: RICH.labels[0], payer: 'fund', payerLabel: RICH.payers[0], own: false, amount: money(basic),
          from: [{ part: 'share', amount: money(basic) }], bound: basic === asked ? 'asked' : 'limit',
        },
        {
          step: 'critical', label: RICH.labels[1], payer: 'illness', payerLabel: RICH.payers[1], own: false, amount: money(illness),
          from: [{ part: 'share', amount: money(illness) }], bound: illness === illnessAsked ? 'asked' : 'limit',
        },
      ],
      patient: money(patient), cash: money(patient), net: money(patient), benefits: [],
      parts: [
        { id: 'outside', label: RICH.parts[0], amount: money(outOfScope), left: money(outOfScope) },
        { id: 'start', label: RICH.parts[1], amount: money(borne), left: money(borne) },
        { id: 'share', label: RICH.parts[2], amount: money(share), left: money(share - basic - illness) },
      ],
    },
    verdict: null,
    limit: null,
    missing,
    refusals: [],
    trace: { day, eligible, full, deductible, borne, share, inBands, factor, asked, room, basic, own, above, inIllness, illnessAsked, illness },
  }
}
