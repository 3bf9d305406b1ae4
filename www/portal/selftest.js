// The pack's own cases in the visitor's browser: `?selftest`. Each answer is compared whole, by its check sum, with the
// one that the engine gave when the pack was released.

import { YibaoError, init, loadPlan } from './index.js'

const WORDS = {
  zh: {
    running: '正在自检：在这台设备上把规则包自带的例子全部算一遍……',
    title: '自检', build: name => `引擎：${name}`, wasm: 'WebAssembly', js: 'JavaScript',
    passed: ({ same, all, packs }) => `自检通过：${packs} 个规则包的 ${all} 个例子，${same} 个与发布时逐字相同。`,
    failed: ({ same, all, packs }) => `自检不通过：${packs} 个规则包的 ${all} 个例子，只有 ${same} 个与发布时相同。请不要使用这里的金额，并告知网站。`,
    broken: '自检没有完成：', different: '不同的例子：',
  },
  en: {
    running: 'Self-test: every case of the packs is computed on this device…',
    title: 'Self-test', build: name => `Engine: ${name}`, wasm: 'WebAssembly', js: 'JavaScript',
    passed: ({ same, all, packs }) => `Passed: of ${all} cases of ${packs} packs, ${same} answers are to the letter those of the release.`,
    failed: ({ same, all, packs }) => `Failed: of ${all} cases of ${packs} packs, only ${same} answers are those of the release. Do not use the amounts shown here, and tell the site.`,
    broken: 'The self-test did not finish: ', different: 'Different: ',
  },
}

const PACKS = new URL('packs/', import.meta.url)

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1
  return byte
})

/** CRC-32 as in zip and gzip. It finds accidents; against intent there are the hashes of the files. */
export function checkSum(text) {
  let sum = 0xffffffff
  for (const byte of new TextEncoder().encode(text)) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 0xff]
  return (sum ^ 0xffffffff) >>> 0
}

/** What the engine answers, as text: the decision, or what was wrong with the case. */
function answer(rules, { service, input }) {
  try {
    return JSON.stringify(service === null ? rules.year(input) : rules.evaluate(service, input))
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error
    return error.diagnostics.map(({ code, message }) => `${code} ${message}`).sort().join('\n')
  }
}

async function file(name, integrity) {
  const response = await fetch(new URL(name, PACKS), { integrity, redirect: 'error' })
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.json()
}

async function testPack(entry) {
  const [plan, cases] = await Promise.all([file(entry.plan, entry.integrity), file(entry.cases.file, entry.cases.integrity)])
  const rules = loadPlan(plan)
  const different = cases.filter(one => checkSum(answer(rules, one)) !== one.sum).map(one => one.id)
  rules.free()
  return { id: entry.id, title: entry.title, revision: entry.revision, all: cases.length, different }
}

/**
 * Runs the cases of the packs in an index (`demo.json`), or of one pack. Gives
 * `{ build, all, same, packs: [{ id, title, revision, all, different }] }`.
 */
export async function selfTest({ index = 'demo.json', pack, progress = () => {}, build } = {}) {
  const running = await init({ build })
  const entries = (await file(index)).filter(entry => pack === undefined || entry.id === pack)
  if (entries.length === 0) throw new Error(`${index} lists no ${pack ?? 'pack'}`)
  const packs = []
  for (const entry of entries) {
    packs.push(await testPack(entry))
    progress(packs.length, entries.length)
    // The page stays alive between packs.
    await new Promise(resolve => setTimeout(resolve))
  }
  const all = packs.reduce((sum, one) => sum + one.all, 0)
  return { build: running, all, same: all - packs.reduce((sum, one) => sum + one.different.length, 0), packs }
}

const el = (tag, text, ...inner) => {
  const made = document.createElement(tag)
  if (text) made.textContent = text
  made.append(...inner)
  return made
}

/** The test's outcome as a box before or after an element of the page, in the page's language. */
export async function beside(element, options = {}) {
  const english = (element.getAttribute('lang') || document.documentElement.lang).startsWith('en')
  const words = WORDS[english ? 'en' : 'zh']
  const said = el('p', words.running)
  said.setAttribute('role', 'status')
  const box = el('section', '', el('h2', words.title), said)
  box.className = 'yibao-selftest'
  box.setAttribute('aria-label', words.title)
  element.after(box)
  try {
    const found = await selfTest({ ...options, progress: (done, all) => { said.textContent = `${words.running} ${done} / ${all}` } })
    const fine = found.same === found.all && found.all > 0
    said.textContent = words[fine ? 'passed' : 'failed']({ ...found, packs: found.packs.length })
    box.dataset.outcome = fine ? 'passed' : 'failed'
    box.append(el('p', words.build(words[found.build])))
    const bad = found.packs.filter(one => one.different.length > 0)
    if (bad.length > 0) box.append(el('p', words.different), el('ul', '', ...bad.map(one => el('li', `${one.id} ${one.revision}: ${one.different.join(', ')}`))))
    return found
  } catch (error) {
    said.textContent = words.broken + error.message
    box.dataset.outcome = 'broken'
    return undefined
  }
}
