// The packed package in fresh projects: Node, Vite, webpack, a plain page, a worker; the command in the sample that it
// makes; what package checkers say.
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { at, cpSync, npm, ok, packed, project, readdirSync, root, run, served, shown, tool, write, www, wwwTool } from './kit.mjs'

// 20000 in a level 3 hospital of the city: the fund pays (20000 − 700) × 75 % = 14475, the person 5525.
const STAY = { total: '20000', outOfScope: '0', overLimit: '0', firstPay: '0', admissionDate: '2023-06-20', scheme: 'resident', place: 'in_city', level: 'city_third' }
const USE = `
const rules = loadPlan(plan)
const answer = rules.evaluate('inpatient', ${JSON.stringify(STAY)}).amounts.patient.text
`

test('the tarball holds what it needs and nothing else', () => {
  const { files, size } = packed()
  for (const needed of ['bin/yibao.mjs', 'cli/main.mjs', 'cli/template/pack.yaml', 'dist/index.d.ts', 'dist/portal/yibao_bg.wasm', 'dist/authoring/yibao_bg.wasm', 'dist/shared/vocabulary.yaml', 'dist/shared/schema/pack.schema.json', 'dist/site/index.html', 'package.json']) assert.ok(files.includes(needed), needed)
  const odd = files.filter(path => /node_modules|\.test\.|^dist\/site\/yibao|(^|\/)\.(?!d)/.test(path))
  assert.deepEqual(odd, [])
  assert.ok(size < 4_000_000, `${size} bytes`)
  const kept = files.filter(path => /\.(m?js|json|ts|mts|yaml|html|css)$/.test(path)).map(path => [path, readFileSync(join(www, path), 'utf8')])
  assert.deepEqual(kept.filter(([, text]) => text.includes(root.replace(/\/$/, ''))).map(([path]) => path), [], 'nothing of the builder\'s machine')
})

test('Node: the library, the authoring build, the testing helper and the types', () => {
  const folder = project('node', {
    'index.js': `import { readFileSync } from 'node:fs'\nimport { loadPlan } from 'yibao-rules'\nimport { loadPack } from 'yibao-rules/authoring'\nimport { defineCases } from 'yibao-rules/testing'\nconst plan = readFileSync(new URL(import.meta.resolve('yibao-rules/plans/anhui-suzhou-resident.plan.json')))\n${USE}\nconsole.log(answer, typeof loadPack, typeof defineCases)\n`,
    'use.ts': `import { readFileSync } from 'node:fs'\nimport { loadPlan, type Decision } from 'yibao-rules'\nimport { loadPack } from 'yibao-rules/authoring'\nimport { defineCases } from 'yibao-rules/testing'\nconst decision: Decision = loadPlan(readFileSync('x')).evaluate('inpatient', { total: '1' })\nconst { cases } = loadPack('').test([{ file: 'a', text: '' }])\nconst id: string = cases[0]!.id\nawait defineCases('x', { test: (name: string, work: () => void) => work() })\n// @ts-expect-error a number with a fraction is no glob\nawait defineCases(1.5)\nexport { decision, id }\n`,
    'node.d.ts': "declare module 'node:fs' { export function readFileSync(path: string): Uint8Array }\n",
  })
  assert.equal(ok(run(process.execPath, ['index.js'], { cwd: folder })), '5525.00 function function\n')
  for (const [module, resolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    write('node/tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, noEmit: true, skipLibCheck: false, module, moduleResolution: resolution, target: 'es2022', lib: ['es2022', 'dom', 'esnext.disposable'], types: [] }, include: ['use.ts', 'node.d.ts'] }))
    ok(run(process.execPath, [join(www, 'node_modules/typescript/bin/tsc'), '-p', folder]))
  }
})

test('types: a tag of React 19, a program without the DOM, and the element where React is not', () => {
  const folder = project('types', {
    'tag.tsx': "import 'yibao-rules/element'\nexport const check = () => <yibao-check region=\"341300\" service=\"estimate\" />\n// @ts-expect-error there is no such mode\nexport const wrong = () => <yibao-check mode=\"huge\" />\n",
    'server.mts': "import { initSync, loadPlan } from 'yibao-rules'\nexport const load = (bytes: Uint8Array) => { initSync(bytes); return loadPlan('') }\n",
    'page.mts': "import 'yibao-rules/element'\nexport const answers = document.createElement('yibao-check').answers\n",
  })
  const tsc = (file, ...options) => run(process.execPath, [join(www, 'node_modules/typescript/bin/tsc'), '--noEmit', '--strict', '--skipLibCheck', 'false', ...options, file], { cwd: folder })
  ok(tsc('page.mts', '--module', 'nodenext', '--lib', 'es2023,dom'))
  for (const types of ['@types/react', '@types/node', 'csstype', 'undici-types']) cpSync(join(root, 'tests/package/node_modules', types), join(folder, 'node_modules', types), { recursive: true })
  ok(tsc('tag.tsx', '--module', 'esnext', '--moduleResolution', 'bundler', '--jsx', 'react-jsx', '--types', 'react'))
  ok(tsc('server.mts', '--module', 'nodenext', '--lib', 'es2023', '--types', 'node'))
})

test('the first thing in the README: init, then test --coverage, from the tarball', () => {
  const folder = project('first')
  const yibao = (...args) => run(join(folder, 'node_modules/.bin/yibao'), args, { cwd: folder, env: { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: '', CI: '' } })
  ok(yibao('init', 'demo'))
  assert.match(ok(yibao('test', '--coverage')), /100% {2}7\/7 [^]*100% {2}1\/1 [^]*100% {2}2\/2 [^]*9 cases, 9 passed, 0 failed/)
  write('first/stay.json', JSON.stringify({ facts: STAY }))
  assert.match(ok(yibao('eval', 'anhui-suzhou-resident', '-i', 'stay.json')), /5,525\.00/)
  assert.match(ok(yibao('check', 'demo')), /no problems/)
  // A pack of another folder leans on the vocabulary and the frames that are shipped.
  cpSync(join(root, 'packs/minhang-long-prescription'), join(folder, 'minhang'), { recursive: true })
  ok(yibao('test', 'minhang'))
  write('first/use.test.mjs', "import { defineCases } from 'yibao-rules/testing'\nawait defineCases('demo/cases.yaml')\n")
  assert.match(run(process.execPath, ['--test', '--test-reporter=tap', 'use.test.mjs'], { cwd: folder, env: { ...process.env, NODE_TEST_CONTEXT: undefined } }).stdout, /# pass 9\n# fail 0/)
  write('first/vitest.test.mjs', "import { test } from 'vitest'\nimport { defineCases } from 'yibao-rules/testing'\nawait defineCases('demo/cases.yaml', { test })\n")
  symlinkSync(join(root, 'tests/package/node_modules/vitest'), join(folder, 'node_modules/vitest'))
  const vitest = run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', 'vitest.test.mjs'], { cwd: folder, env: { ...process.env, NODE_TEST_CONTEXT: undefined } })
  assert.equal(JSON.parse(vitest.stdout.slice(vitest.stdout.indexOf('{'))).numPassedTests, 9, vitest.stderr)
})

const PAGE = script => `<!doctype html><html><head><meta charset="utf-8"></head><body>${script}</body></html>`
const BROWSER = `import { init, loadPlan } from 'yibao-rules'\nawait init()\nconst plan = await (await fetch('./plan.json')).text()\n${USE}\ndocument.body.dataset.done = answer\n`
const plan = () => copyFileSync(join(www, 'dist/plans/anhui-suzhou-resident.plan.json'), at('plan.json'))

async function answers(folder) {
  plan()
  copyFileSync(at('plan.json'), join(folder, 'plan.json'))
  await served(folder, async address => assert.deepEqual(await shown(address), { text: '5525.00', complaints: [] }))
}

test('a Vite build, in Chromium', async () => {
  const folder = project('vite', { 'index.html': PAGE('<script type="module" src="./main.js"></script>'), 'main.js': BROWSER })
  const { build } = await import(pathToFileURL(join(root, 'tests/package/node_modules/vite/dist/node/index.js')))
  await build({ root: folder, logLevel: 'error', configFile: false, build: { target: 'es2022', assetsInlineLimit: 0 } })
  assert.ok(readdirSync(join(folder, 'dist/assets')).some(name => name.endsWith('.wasm')))
  await answers(join(folder, 'dist'))
})

test('a webpack build, in Chromium', async () => {
  const folder = project('webpack', { 'main.js': BROWSER })
  const webpack = tool('webpack')
  const stats = await new Promise((done, failed) => webpack({ mode: 'production', context: folder, entry: './main.js', output: { path: join(folder, 'dist'), publicPath: '' }, experiments: { topLevelAwait: true } }, (error, stats) => (error ? failed(error) : done(stats))))
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, [])
  write('webpack/dist/index.html', PAGE('<script defer src="main.js"></script>'))
  assert.ok(readdirSync(join(folder, 'dist')).some(name => name.endsWith('.wasm')))
  await answers(join(folder, 'dist'))
})

test('a plain page without a bundler, and a worker, in Chromium', async () => {
  const folder = project('plain')
  cpSync(join(folder, 'node_modules/yibao-rules/dist'), at('plain-page/yibao'), { recursive: true })
  write('plain-page/index.html', PAGE('<script type="module" src="./main.js"></script>'))
  write('plain-page/main.js', BROWSER.replace("'yibao-rules'", "'./yibao/index.js'"))
  await answers(at('plain-page'))
  write('plain-page/main.js', "const worker = new Worker('./worker.js', { type: 'module' })\nworker.onmessage = ({ data }) => { document.body.dataset.done = data }\nworker.onerror = ({ message }) => { document.body.dataset.done = message }\n")
  write('plain-page/worker.js', BROWSER.replace("'yibao-rules'", "'./yibao/index.js'").replace('document.body.dataset.done = answer', 'postMessage(answer)'))
  await answers(at('plain-page'))
})

test('publint and arethetypeswrong have nothing to say', async () => {
  const { publint } = await import(pathToFileURL(wwwTool.resolve('publint')))
  const { messages } = await publint({ pkgDir: join(project('lint'), 'node_modules/yibao-rules'), strict: true, pack: false })
  assert.deepEqual(messages, [])
  const { status, stdout } = run(process.execPath, [join(root, 'tests/package/node_modules/@arethetypeswrong/cli/dist/index.js'), packed().path, '--profile', 'esm-only', '--format', 'json', '--exclude-entrypoints', 'yibao.wasm', 'batch.wasm', 'plans'], { cwd: join(root, 'tests/package') })
  const { analysis } = JSON.parse(stdout)
  assert.deepEqual(analysis.problems.filter(({ resolutionKind }) => !['node10', 'node16-cjs'].includes(resolutionKind)), [])
  assert.equal(status, 0, stdout.slice(0, 2000))
})

test('the lock files name no place of download', () => {
  for (const folder of [www, join(root, 'tests/package')]) assert.doesNotMatch(readFileSync(join(folder, 'package-lock.json'), 'utf8'), /"resolved"/)
  assert.ok(npm(www, '--version'))
})
