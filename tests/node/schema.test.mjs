// The JSON Schemas that editors use: they take every pack and case of this repository, refuse what is wrong, and know
// exactly the keys and words that the Rust readers know.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'

const root = new URL('../../', import.meta.url)
const read = (path) => readFileSync(new URL(path, root), 'utf8')
const require = createRequire(new URL('www/package.json', root))
const { default: Ajv } = require('ajv')
const YAML = require('yaml')

const schemas = Object.fromEntries(
  ['vocabulary', 'pack', 'cases'].map((name) => [name, JSON.parse(read(`packs/schema/${name}.schema.json`))]),
)
// `if … then` refines a type that stands beside it, which strict types would ask to repeat.
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
for (const schema of Object.values(schemas)) ajv.addSchema(schema)

/** Every error as `path message`, sorted; none if the document is valid. */
function problems(name, document) {
  const validate = ajv.getSchema(`${name}.schema.json`)
  validate(document)
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${Object.values(e.params).join(' ')}`).sort()
}

const folders = ['packs', 'tests/packs'].flatMap((parent) =>
  readdirSync(new URL(parent, root))
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(new URL(`${folder}/pack.yaml`, root))),
)

test('every pack, case file and the vocabulary is valid', () => {
  assert.ok(folders.length >= 30, `${folders.length} packs found`)
  const wrong = problems('vocabulary', YAML.parse(read('packs/vocabulary.yaml')))
  for (const folder of folders) {
    for (const [name, file] of [['pack', 'pack.yaml'], ['cases', 'cases.yaml']]) {
      if (!existsSync(new URL(`${folder}/${file}`, root))) continue
      wrong.push(...problems(name, YAML.parse(read(`${folder}/${file}`))).map((p) => `${folder}/${file}: ${p}`))
    }
  }
  assert.deepEqual(wrong, [])
})

// The whole pack and the case of the guide, which therefore stay valid too.
const guide = read('docs/packs.md')
const examples = [...guide.matchAll(/```yaml[^\n]*\n([\s\S]*?)```/g)].map((m) => m[1])
const wholePack = () => YAML.parse(examples.find((text) => text.startsWith('pack: ')))
const wholeCases = () => YAML.parse(examples.find((text) => text.startsWith('cases:')))

test('the examples of the pack guide are valid', () => {
  assert.deepEqual(problems('pack', wholePack()), [])
  assert.deepEqual(problems('cases', wholeCases()), [])
})

const step = (pack, id) => pack.services.inpatient.steps.find((s) => s.id === id)
const label = { zh: '某', en: 'some' }

// What is done to the guide's pack, and a part of the complaint.
const wrongPacks = {
  'a misspelt key': [(p) => { p.titel = p.title }, 'additional properties titel'],
  'no revision': [(p) => { delete p.revision }, "required property 'revision'"],
  'neither services nor frame': [(p) => { delete p.services }, "required property 'frame'"],
  'an id with capitals': [(p) => { p.pack = 'Example' }, '/pack must match pattern'],
  'a revision that is no calendar revision': [(p) => { p.revision = 'v1' }, '/revision must match pattern'],
  'a title in one language': [(p) => { p.title = { zh: '某' } }, "/title must have required property 'en'"],
  'a region code of five digits': [(p) => { p.region.code = '34130' }, '/region/code must match pattern'],
  'an unknown status': [(p) => { p.status = 'valid' }, '/status must be equal to one of the allowed values'],
  'a date without dashes': [(p) => { p.evidence_date = '20230616' }, '/evidence_date must match pattern'],
  'a month that is none': [(p) => { p.evidence_date = '2023-13-01' }, '/evidence_date must match pattern'],
  'a period with a misspelt end': [(p) => { p.period = { from: '2023-01-01', to: '2024-01-01' } }, '/period must NOT have additional properties to'],
  'a source without a grade': [(p) => { delete p.sources.answer.grade }, "/sources/answer must have required property 'grade'"],
  'a clause without its quote': [(p) => { p.sources.answer.clauses.ip = { article: '第三条' } }, "required property 'quote'"],
  'a payer without a name': [(p) => { p.payers.fund = {} }, '/payers/fund must have required property'],
  'a fact with a word of the formula language as name': [(p) => { p.facts.rest = 'shared' }, '/facts property name must be valid rest'],
  'a fact of no type': [(p) => { p.facts.level.type = 'text' }, '/facts/level/type must be equal to one of the allowed values'],
  'money without bounds': [(p) => { p.facts.extra = { type: 'money', label } }, "/facts/extra must have required property 'max'"],
  'an option fact without options': [(p) => { delete p.facts.level.options }, "/facts/level must have required property 'options'"],
  'options on a date': [(p) => { p.facts.day = { type: 'date', label, options: { a: label } } }, '/facts/day property name must be valid options'],
  'bounds with an unknown unit': [(p) => { p.facts.extra = { type: 'money', label, min: '0元', max: '5 dollars' } }, '/facts/extra/max must match pattern'],
  'a list in a list': [
    (p) => { p.facts.days = { type: 'list', label, of: { inner: { type: 'list', label, of: { a: { type: 'bool', label } } } } } },
    '/facts/days/of/inner/type must NOT be valid',
  ],
  'an attribute that is money': [
    (p) => { p.facts.hospital = { type: 'institution', label, attributes: { fee: { type: 'money', label, min: 0, max: 1 } } } },
    '/facts/hospital/attributes/fee/type must be equal to one of the allowed values',
  ],
  'a shared fact with bounds': [(p) => { p.facts.total = { shared: true, min: '0元' } }, '/facts/total must NOT have additional properties min'],
  'a parameter both set and unset': [
    (p) => { p.parameters = { share: { type: 'rate', label, is: '5%', unset: label } } },
    '/parameters/share must match exactly one schema in oneOf',
  ],
  'a parameter neither set nor unset': [(p) => { p.parameters = { share: { type: 'rate', label } } }, "/parameters/share must have required property 'is'"],
  'a year that starts on 29 February': [(p) => { p.ledger = { year_starts: '02-29' } }, '/ledger/year_starts must match pattern'],
  'a ledger entry of an unknown kind': [
    (p) => { p.ledger = { year_starts: '01-01', entries: { paid: { type: 'money', kind: 'total', label, min: 0, max: 1 } } } },
    '/ledger/entries/paid/kind must be equal to one of the allowed values',
  ],
  'a bound both ways': [(p) => { p.frame = { most: { label, at_most: '10 points', at_least: '5 points' } } }, '/frame/most must match exactly one schema in oneOf'],
  'a service of an unknown kind': [(p) => { p.services.inpatient.kind = 'estimate' }, '/services/inpatient/kind must be equal to one of the allowed values'],
  'a settlement without a bill': [
    (p) => { p.services.inpatient.steps = p.services.inpatient.steps.filter((s) => !s.bill) },
    '/services/inpatient/steps must contain at least 1 valid item',
  ],
  'an eligibility without a verdict': [(p) => { p.services.inpatient.kind = 'eligibility' }, "/services/inpatient must have required property 'verdict'"],
  'an indicator without a result': [(p) => { p.services.inpatient.kind = 'indicator' }, "/services/inpatient must have required property 'result'"],
  'a split without lines': [(p) => { p.services.inpatient.crosses_year = 'split' }, "/services/inpatient must have required property 'lines'"],
  'a claim of nothing': [(p) => { p.services.inpatient.claims = { kept: label } }, "/claims/kept must have required property 'holds'"],
  'an exemption without a clause': [
    (p) => { p.services.inpatient.claims = { kept: { ...label, holds: 'true', unless: label } } },
    '/claims/kept must have property cite when property unless is present',
  ],
  'a general property that is claimed again': [
    (p) => { p.services.inpatient.claims = { never_falls: { ...label, holds: 'true' } } },
    "/claims/never_falls must have required property 'unless'",
  ],
  'a step without a label': [(p) => { delete step(p, 'rate').label }, "/services/inpatient/steps/1 must have required property 'label'"],
  'a step that says nothing': [(p) => { delete step(p, 'borne').value }, '/services/inpatient/steps/2 must match exactly one schema in oneOf'],
  'a step that says two things': [(p) => { step(p, 'borne').condition = 'true' }, '/services/inpatient/steps/2 must match exactly one schema in oneOf'],
  'a key of another form': [(p) => { step(p, 'borne').from = ['share'] }, '/services/inpatient/steps/2 must have property pay when property from is present'],
  'a payment from nowhere': [(p) => { delete step(p, 'basic').from }, 'must have properties from, amount when property pay is present'],
  'a bill without parts': [(p) => { delete step(p, 'bill').parts }, 'must have property parts when property bill is present'],
  'a part without an amount': [(p) => { delete step(p, 'bill').parts.share.amount }, "/parts/share must have required property 'amount'"],
  'an exception without its condition': [
    (p) => { p.services.inpatient.steps.push({ id: 'x', label, exception_to: 'borne', value: '0元' }) },
    "/services/inpatient/steps/5 must have required property 'when'",
  ],
  'a condition without its reasons': [
    (p) => { p.services.inpatient.steps.push({ id: 'x', label, condition: 'true' }) },
    'must have properties holds, fails when property condition is present',
  ],
  'a requirement that does not say why it refuses': [
    (p) => { p.services.inpatient.steps.push({ id: 'x', label, require: 'true' }) },
    'must have property refuse when property require is present',
  ],
  'a bill for each record': [(p) => { step(p, 'bill').each = 'lines' }, "/services/inpatient/steps/3 must have required property 'value'"],
  'rounding without a unit': [(p) => { step(p, 'basic').round = 'half_up' }, '/steps/4/round must match pattern'],
  'rounding in an unknown mode': [(p) => { step(p, 'basic').round = 'up to fen' }, '/steps/4/round must match pattern'],
  'a cite without a clause': [(p) => { step(p, 'basic').cite = 'answer' }, '/steps/4/cite must match pattern'],
  'a cite that neither names nor reads': [(p) => { step(p, 'basic').cite = {} }, "/steps/4/cite must have required property 'at'"],
  'a row without a result': [(p) => { delete step(p, 'rate').table.rows[0].is }, '/rows/0 must match exactly one schema in oneOf'],
  'a table without columns': [(p) => { delete step(p, 'rate').table.by }, "/table must have required property 'by'"],
  'a table that otherwise does nothing': [(p) => { step(p, 'rate').table.otherwise = {} }, '/table/otherwise must match'],
  'bands that begin nowhere': [
    (p) => { p.services.inpatient.steps.push({ id: 'x', label, bands: { of: 'total', rows: [{ rate: '50%' }] } }) },
    "/bands must have required property 'from'",
  ],
  'a limit with one end': [(p) => { p.services.inpatient.steps.push({ id: 'x', label, limit: { from: '1元' } }) }, "/limit must have required property 'to'"],
  'a frame without its bound': [(p) => { step(p, 'rate').frame = 'national' }, '/steps/1/frame must match pattern'],
}

test('wrong packs are refused', async (t) => {
  for (const [name, [spoil, complaint]] of Object.entries(wrongPacks)) {
    await t.test(name, () => {
      const pack = wholePack()
      spoil(pack)
      const found = problems('pack', pack)
      assert.ok(found.some((p) => p.includes(complaint)), `expected \`${complaint}\`, found:\n${found.join('\n')}`)
    })
  }
})

const wrongCases = {
  'no cases': [(c) => { c.cases = [] }, '/cases must NOT have fewer than 1 items'],
  'no origin': [(c) => { delete c.cases[0].origin }, "required property 'origin'"],
  'an unknown origin': [(c) => { c.cases[0].origin = 'copied' }, '/cases/0/origin must be equal to one of the allowed values'],
  'no expectation': [(c) => { delete c.cases[0].expect }, "required property 'expect'"],
  'an expectation that cannot fail': [(c) => { c.cases[0].expect = {} }, '/cases/0/expect must NOT have fewer than 1 properties'],
  'neither service nor year': [(c) => { delete c.cases[0].service }, "required property 'service'"],
  'a misspelt expectation': [(c) => { c.cases[0].expect.amount = {} }, '/cases/0/expect must NOT have additional properties amount'],
  'an unknown outcome': [(c) => { c.cases[0].expect.outcome = 'paid' }, '/cases/0/expect/outcome must be equal to one of the allowed values'],
  'an unknown verdict': [(c) => { c.cases[0].expect.verdict = 'yes' }, '/cases/0/expect/verdict must be equal to one of the allowed values'],
  'an amount that is a number': [(c) => { c.cases[0].expect.amounts.fund = 14475.1 }, '/cases/0/expect/amounts/fund must be string'],
  'facts beside a year': [(c) => { c.cases[0].year = { encounters: [{ id: 'a' }] } }, '/cases/0 must NOT be valid'],
  'a year without encounters': [
    (c) => { c.cases[0] = { id: 'a', origin: 'invented', year: {}, expect: { amounts: { net: '0.00' } } } },
    "/cases/0/year must have required property 'encounters'",
  ],
  'an encounter with a misspelt key': [
    (c) => { c.cases[0] = { id: 'a', origin: 'invented', year: { encounters: [{ id: 'a', follow: 'b' }] }, expect: { amounts: { net: '0.00' } } } },
    '/cases/0/year/encounters/0 must NOT have additional properties follow',
  ],
}

test('wrong cases are refused', async (t) => {
  for (const [name, [spoil, complaint]] of Object.entries(wrongCases)) {
    await t.test(name, () => {
      const cases = wholeCases()
      spoil(cases)
      const found = problems('cases', cases)
      assert.ok(found.some((p) => p.includes(complaint)), `expected \`${complaint}\`, found:\n${found.join('\n')}`)
    })
  }
})

test('a wrong vocabulary is refused', () => {
  assert.ok(problems('vocabulary', { facts: { total: 'shared' } }).length > 0)
  assert.ok(problems('vocabulary', { facts: {}, services: {} }).length > 0)
  assert.ok(problems('vocabulary', { facts: {}, constraints: [{ must: 'a <= b', zh: '某' }] }).length > 0)
})

// ── The keys and words of the Rust readers ──────────────────────────────────

/** Rust without white space: keys and words have none, and how the lines are broken does not matter. */
const squeeze = (rust) => rust.replace(/\s+/g, '')

/** Functions of a Rust file by name; the readers are free functions, which end with a brace in the first column. */
function functions(path) {
  const all = {}
  for (const [, name, body] of read(path).matchAll(/^(?:pub(?:\([a-z]+\))? )?fn (\w+)([\s\S]*?)^\}/gm)) all[name] = squeeze(body)
  return all
}

/** Keys that a reader asks a mapping for; a look at a node is none. */
function keysRead(body) {
  const asks = /(?:(?<!node)\.(?:get|need|text|need_text|label|need_label|formula|need_formula|items|list|entries|date|number|flag)|\btext|\bformulas|\b(?:figure|cites)\(&?\w+,)\(?"(\w+)"/g
  const keys = new Set([...body.matchAll(asks)].map((m) => m[1]))
  if (body.includes('own_label()')) ['zh', 'en'].forEach((key) => keys.add(key))
  return keys
}

const at = (name, pointer) => pointer.split('/').reduce((node, key) => node[key], schemas[name])
const keysOf = (name, ...pointers) => pointers.flatMap((pointer) => Object.keys(at(name, pointer)))
const pack = (...pointers) => keysOf('pack', ...pointers)
const definition = (name) => `definitions/${name}/properties`

const formsOf = /constFORMS:\[&str;\d+\]=\[([^\]]*)\]/
const strings = (text) => [...text.matchAll(/"([^"]*)"/g)].map((m) => m[1])

// What each reader reads, as the schema says it. A reader that is not here fails the test.
const readers = {
  'src/pack/parse.rs': {
    parse_vocabulary: keysOf('vocabulary', 'properties').filter((key) => key !== 'constraints'),
    'parse header check_pack_id constraints': [
      ...pack('properties', 'properties/region/properties', 'properties/period/properties', 'properties/reviewed/properties'),
      ...keysOf('vocabulary', definition('constraint')),
    ],
    source: pack(definition('source'), definition('clause')),
    payer: pack(definition('payer')),
    parameter: pack(definition('parameter'), `${definition('parameter')}/unset/properties`),
    institution: pack(definition('institution')),
    group: pack('definitions/member/anyOf/1/properties'),
    'ledger typed': pack('properties/ledger/properties', definition('entry')),
    'previous typed': pack('definitions/previous/anyOf/1/properties'),
    bound: pack(definition('bound')),
    'service claims order': pack(definition('service'), `${definition('service')}/lines/properties`, definition('claim')),
  },
  'src/pack/facts.rs': {
    'fact nested_facts': keysOf('vocabulary', definition('fact')),
    pack_fact: pack('definitions/factUse/else/then/properties'),
  },
  'src/pack/cites.rs': {
    'cites cite': pack('definitions/cite/anyOf/1/properties', definition('reads')),
  },
  'src/pack/steps.rs': {
    'step form limit parts version table otherwise result row bands band': pack(
      definition('step'), `${definition('step')}/limit/anyOf/1/properties`, definition('part'), definition('version'), definition('table'),
      'definitions/otherwise/anyOf/1/properties', definition('row'), definition('bands'), definition('band'),
    ),
  },
}
// Keys that are asked for by a variable.
const byVariable = {
  'src/pack/steps.rs': { form: (file) => strings(formsOf.exec(file)[1]) },
  'src/pack/facts.rs': { nested_facts: () => ['of', 'attributes'] },
}

const sorted = (keys) => [...new Set(keys)].sort()

test('the schema has exactly the keys that the readers ask for', () => {
  const files = readdirSync(new URL('src/pack', root)).map((name) => `src/pack/${name}`)
  // `read.rs` holds what the readers share: it is given keys and has none of its own.
  for (const path of files.filter((path) => !path.endsWith('/read.rs'))) {
    const groups = readers[path] ?? {}
    const file = squeeze(read(path))
    const found = functions(path)
    const named = new Set(Object.keys(groups).flatMap((names) => names.split(' ')))
    for (const [name, body] of Object.entries(found)) {
      assert.ok(named.has(name) || keysRead(body).size === 0, `${path}: \`${name}\` reads ${[...keysRead(body)].join(' ')}; say here which schema that is`)
    }
    for (const [names, expected] of Object.entries(groups)) {
      const keys = names.split(' ').flatMap((name) => {
        assert.ok(found[name], `${path} has no function \`${name}\``)
        return [...keysRead(found[name]), ...(byVariable[path]?.[name]?.(file) ?? [])]
      })
      assert.deepEqual(sorted(keys), sorted(expected), `${path}: ${names}`)
    }
  }
})

test('the case schema has exactly the keys that the case reader takes', () => {
  const file = squeeze(read('src/runner/read.rs'))
  const list = (name) => strings(new RegExp(`const${name}:\\[&str;\\d+\\]=\\[([^\\]]*)\\]`).exec(file)[1])
  assert.deepEqual(sorted(list('CASE_KEYS')), sorted(keysOf('cases', definition('case'))))
  assert.deepEqual(sorted(list('EXPECT_KEYS')), sorted(keysOf('cases', definition('expected'))))
  const inline = [...file.matchAll(/self\.keys\(\w+,&\[([^\]]*)\]/g)].map((m) => sorted(strings(m[1])))
  assert.deepEqual(inline, [sorted(keysOf('cases', `${definition('case')}/year/properties`)), sorted(keysOf('cases', definition('encounter'))), sorted(keysOf('cases', definition('bound')))])
  const origins = [...file.matchAll(/Some\("(\w+)"\)=>Origin::/g)].map((m) => m[1])
  assert.deepEqual(sorted(origins), sorted(at('cases', `${definition('case')}/origin/enum`)))
})

/** First words of the pairs of a constant, as in `[("sum", EntryKind::Sum), …]`; the nth constant of that name. */
function words(path, name, nth = 0) {
  const found = [...squeeze(read(path)).matchAll(new RegExp(`const${name}:\\[\\(&str,[^\\]]*?;\\d+\\]=\\[(.*?)\\];`, 'g'))]
  assert.ok(found[nth], `${path} has no ${name}`)
  return [...found[nth][1].matchAll(/\("(\w+)",/g)].map((m) => m[1])
}

/** Words of a choice written where it is read. */
function inlineWords(path, key) {
  const found = new RegExp(`text\\("${key}"\\)\\.and_then\\(\\|t\\|\\{?fields\\.word\\(&t,&\\[(.*?)\\],?\\)`).exec(squeeze(read(path)))
  assert.ok(found, `${path} reads no words of \`${key}\``)
  return [...found[1].matchAll(/\("(\w+)",/g)].map((m) => m[1])
}

test('the schema has exactly the words that the readers take', () => {
  const parse = 'src/pack/parse.rs'
  const facts = 'src/pack/facts.rs'
  const same = (found, name, pointer) => assert.deepEqual(sorted(found), sorted(at(name, pointer)), pointer)
  same(words(parse, 'STATUS'), 'pack', 'properties/status/enum')
  same(words(parse, 'GRADES'), 'pack', `${definition('source')}/grade/enum`)
  same(words(parse, 'TYPES', 0), 'pack', `${definition('parameter')}/type/enum`)
  same(words(parse, 'TYPES', 1), 'pack', `${definition('entry')}/type/enum`)
  same(words(parse, 'TYPES', 1), 'pack', 'definitions/previous/anyOf/1/properties/type/enum')
  same(words(parse, 'KINDS', 0), 'pack', `${definition('entry')}/kind/enum`)
  same(words(parse, 'KINDS', 1), 'pack', `${definition('service')}/kind/enum`)
  same(words(parse, 'CROSSES'), 'pack', `${definition('service')}/crosses_year/enum`)
  same(inlineWords(parse, 'audience'), 'pack', `${definition('service')}/audience/enum`)
  same(words(facts, 'TYPES'), 'vocabulary', `${definition('fact')}/type/enum`)
  same(inlineWords(facts, 'confirmed_by'), 'vocabulary', `${definition('fact')}/confirmed_by/enum`)
  const ids = squeeze(read('src/plan/id.rs'))
  const reserved = strings(/constRESERVED:\[&str;\d+\]=\[([^\]]*)\]/.exec(ids)[1])
  same(reserved, 'vocabulary', 'definitions/name/not/enum')
  const limit = (name) => Number(new RegExp(`const${name}:usize=([\\d_]+);`).exec(ids + squeeze(read('src/pack/limits.rs')))[1].replaceAll('_', ''))
  assert.equal(at('vocabulary', 'definitions/name/maxLength'), limit('LONGEST_ID'))
  assert.equal(at('pack', 'definitions/sourceId/maxLength'), limit('LONGEST_ID'))
  assert.equal(at('pack', 'properties/pack/maxLength'), limit('LONGEST_ID'))
  assert.equal(at('pack', `${definition('clause')}/quote/maxLength`), limit('LONGEST_QUOTE'))
})
