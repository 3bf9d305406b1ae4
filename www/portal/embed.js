// The embed page: options, a live preview with them, and the code that gives the same.

import { beside } from './selftest.js'

const BASE = new URL('./', import.meta.url)
const SERVICES = { '': '由用户选 reader chooses', estimate: '费用测算 estimate', deductible: '起付线 deductible', 'long-rx': '长处方 long prescription', referral: '转诊 referral' }
const WHERE = '/yibao-rules/'

const form = document.getElementById('options')
const preview = document.getElementById('preview')
const code = document.getElementById('code')

const json = async name => {
  const response = await fetch(new URL(name, BASE), { redirect: 'error' })
  if (!response.ok) throw new Error(`${name}: ${response.status}`)
  return response.json()
}

/** Only a release has hashes of its files. */
const hashes = json('integrity.json').catch(() => undefined)

/** As `replaceChildren`, which came later than the browsers that this is for. */
function put(element, ...inner) {
  element.textContent = ''
  element.append(...inner)
}

const fill = (select, options) => put(select, ...options.map(([value, text]) => new Option(text, value)))

async function places() {
  const entries = await json(`packs/${form.index.value}`)
  const open = entries.filter(entry => entry.selectable)
  const regions = new Map(open.map(entry => [entry.regionCode, entry.region.zh]))
  fill(form.region, [['', '由用户选 reader chooses'], ...[...regions].sort(([a], [b]) => (a < b ? -1 : 1))])
  document.getElementById('index-note').textContent = entries.length === 0
    ? '这个目录是空的：复核过的规则包要由本网站自己放进来。空目录下没有可选的地区，页面会说明并显示热线。'
    : `${entries.length} 个规则包，${open.length} 个可以选作地区${open.some(entry => entry.demonstration) ? '；都是演示，金额上方会写明' : ''}。`
}

function attributes() {
  const wanted = { pack: `packs/${form.index.value}`, region: form.region.value, service: form.service.value, lang: form.lang.value, mode: form.mode.value, layout: form.layout.value }
  const usual = { lang: 'zh-CN', mode: 'standard', layout: 'auto', region: '', service: '', pack: 'packs/public.json' }
  return Object.entries(wanted).filter(([name, value]) => value !== usual[name])
}

const escaped = text => text.replace(/&/gu, '&amp;').replace(/"/gu, '&quot;').replace(/</gu, '&lt;')
const written = (all, prefix = '') => all.map(([name, value]) => ` ${prefix}${name}="${escaped(value)}"`).join('')

/** On the portal's own page the folder stands where its administrator put it. */
const located = all => all.map(([name, value]) => [name, name === 'pack' ? WHERE + value : value])

async function snippets() {
  const all = located(attributes())
  const known = form.integrity.checked ? await hashes : undefined
  const held = file => (known?.[file] ? ` integrity="${known[file]}"` : '')
  const page = new URLSearchParams(all)
  return {
    '元素 Element': `<script type="module" src="${WHERE}element/yibao-check.js"${held('element/yibao-check.js')}></script>\n<yibao-check${written(all)}>测算要 JavaScript；也可以询问医院窗口或医保经办机构。</yibao-check>`,
    '一行代码 Loader': `<script src="${WHERE}loader.js"${held('loader.js')} defer${written(all, 'data-')}></script>`,
    '框架 Iframe': `<iframe data-yibao src="${WHERE}frame.html${[...page].length ? `?${escaped(page.toString())}` : ''}" title="医保测算" height="600" width="100%"></iframe>\n<script type="module" src="${WHERE}host.js"${held('host.js')}></script>`,
  }
}

async function show() {
  const check = document.createElement('yibao-check')
  check.setAttribute('assets', BASE.href)
  for (const [name, value] of attributes()) check.setAttribute(name, name === 'pack' ? new URL(value, BASE).href : value)
  if (!check.hasAttribute('pack')) check.setAttribute('pack', new URL('packs/public.json', BASE).href)
  put(preview, check)
  const all = await snippets()
  put(code, ...Object.entries(all).map(([name, text], i) => block(name, text, `code-${i}`)))
  if (form.integrity.checked && (await hashes) === undefined) document.getElementById('copied').textContent = '这里不是发布包，没有校验值。'
}

function block(name, text, id) {
  const section = document.createElement('section')
  const title = document.createElement('h3')
  title.textContent = name
  title.id = id
  const shown = document.createElement('pre')
  shown.textContent = text
  shown.tabIndex = 0
  shown.setAttribute('role', 'region')
  shown.setAttribute('aria-labelledby', id)
  const copy = document.createElement('button')
  copy.type = 'button'
  copy.textContent = '复制 Copy'
  copy.setAttribute('aria-describedby', id)
  copy.addEventListener('click', () => copied(shown, text))
  section.append(title, shown, copy)
  return section
}

async function copied(shown, text) {
  const said = document.getElementById('copied')
  try {
    await navigator.clipboard.writeText(text)
    said.textContent = '已复制。Copied.'
  } catch {
    // Without https or leave there is no clipboard: what is selected can be copied by hand.
    getSelection().selectAllChildren(shown)
    said.textContent = '请按 Ctrl-C 复制选中的代码。Press Ctrl-C.'
  }
}

fill(form.service, Object.entries(SERVICES))
form.addEventListener('change', async ({ target }) => {
  if (target === form.index) await places()
  await show()
})
form.addEventListener('submit', event => event.preventDefault())
document.getElementById('run-selftest').addEventListener('click', ({ target }) => test(target))

async function test(button) {
  button.disabled = true
  const at = document.getElementById('selftest')
  put(at, document.createElement('span'))
  await beside(at.firstChild)
  button.disabled = false
}

json('release.json').then(({ version }) => {
  document.getElementById('version').textContent = `yibao-rules ${version}`
}, () => {})

places().then(show).then(() => {
  document.body.dataset.ready = ''
  if (new URLSearchParams(location.search).has('selftest')) test(document.getElementById('run-selftest'))
})
import('./element/yibao-check.js').catch(() => { preview.firstChild.textContent = '元素没有打开。The element did not open.' })
