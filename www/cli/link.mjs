// Shared links and exported results, as the element writes them, and cases as case files have them.

import { misuse } from './exit.mjs'
import { isFile } from './files.mjs'
import { snake } from './shape.mjs'

const NAME = 'yibao='

/** `{ pack, service, case, receipt, expect, origin }` of a link, or of a file that a page exported. */
export function answersIn(context, given) {
  if (isFile(given) || given === '-') return exported(context, given)
  let url
  try {
    url = new URL(given)
  } catch (cause) {
    throw misuse('no-such-file', { zh: `\`${given}\` 既不是链接，也不是文件`, en: `\`${given}\` is neither a link nor a file` }, { cause })
  }
  return linked(url.hash.slice(1))
}

function linked(text) {
  const bad = cause => misuse('bad-link', { zh: '链接的 # 后面没有答案', en: 'the link carries no answers after its #' }, { help: { zh: '从页面的“分享”里复制整个链接，并加引号', en: 'copy the whole link from the page, and quote it' }, cause })
  if (!text.startsWith(NAME)) throw bad()
  let data
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text.slice(NAME.length), 'base64url')))
  } catch (cause) {
    throw bad(cause)
  }
  const { p: pack, s: service, a: raw } = Object(data)
  if (typeof pack !== 'string' || typeof service !== 'string' || !isAnswers(raw)) throw bad()
  return { pack, service, case: { facts: named(raw) } }
}

const isAnswers = value => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(one => ['string', 'boolean'].includes(typeof one) || (Array.isArray(one) ? one.every(isAnswers) : isAnswers(one)))

/** Names as packs write them; what was left empty is not answered; yes and no are no texts. */
function named(value) {
  if (Array.isArray(value)) return value.map(named)
  if (typeof value !== 'object' || value === null) return value === 'true' || value === 'false' ? value === 'true' : value
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== '').map(([key, inner]) => [snake(key), named(inner)]))
}

function exported(context, file) {
  const bad = cause => misuse('bad-export', { zh: `\`${file}\` 不是页面导出的结果`, en: `\`${file}\` is no result that a page exported` }, { cause })
  let data
  try {
    data = JSON.parse(context.readText(file, { zh: '导出的结果', en: 'exported result' }))
  } catch (error) {
    throw error instanceof SyntaxError ? bad(error) : error
  }
  const one = Array.isArray(data?.cases) ? data.cases[0] : data
  if (typeof one?.service !== 'string' || typeof one?.facts !== 'object' || one.facts === null) throw bad()
  const { service, facts, ledger, previous, parameters, expect, origin } = one
  const receipt = data.receipt ?? one.receipt
  return { pack: receipt?.pack, service, receipt, expect, origin, case: { facts, ...(ledger && { ledger }), ...(previous && { previous }), ...(parameters && { parameters }) } }
}

/** YAML of plain data: one entry a line where it is short enough to read so. */
const plainWord = text => (/^[a-z][a-z0-9_]*$/.test(text) && !['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'].includes(text) ? text : /^\d{4}-\d\d-\d\d$/.test(text) ? text : JSON.stringify(text))

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).map(([key, inner]) => `${plainWord(key)}: ${flow(inner)}`).join(', ')} }`
  return typeof value === 'string' ? plainWord(value) : String(value)
}

const text = value => (value.state === 'known' ? value.text : value.state)

/** What the decision came to, as a case expects it. */
function expectation({ outcome, amounts, verdict, missing, refusals }) {
  const all = { outcome }
  if (amounts && outcome === 'computed') all.amounts = { ...Object.fromEntries(amounts.payments.map(({ step, amount }) => [step, text(amount)])), patient: text(amounts.patient) }
  if (verdict) all.verdict = verdict.is
  if (missing.length > 0) all.missing = missing.map(({ fact }) => fact)
  if (refusals.length > 0) all.refusal = refusals[0].code
  return all
}

/** A case file with one case. */
export function caseYaml({ id, service, given, decision, expect, origin }) {
  const { facts, ...rest } = given
  const sections = Object.entries({ facts, ...rest }).map(([key, value]) => `    ${key}: ${flow(value)}`)
  const expected = Object.entries(expect ?? expectation(decision)).filter(([, value]) => typeof value !== 'object' || Object.keys(value).length > 0)
  return `cases:
  - id: ${flow(id)}
    service: ${service}
    origin: ${origin ?? 'invented'}
${sections.join('\n')}
    expect:
${expected.map(([key, value]) => `      ${key}: ${flow(value)}`).join('\n')}
`
}
