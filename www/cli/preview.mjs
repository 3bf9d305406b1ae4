// What `yibao serve` shows: the packs as they are on the disk now.

import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, normalize, sep } from 'node:path'
import { Failure } from './exit.mjs'
import { markup as escape } from './markup.mjs'
import { pageOf } from './page.mjs'
import { packFile, shipped } from './packs.mjs'
import { plain } from './testing/reporters/plain.mjs'
import { runCases } from './testing/run.mjs'

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.mjs': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.json': 'application/json', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const RELOAD = `new EventSource('/-/changes').onmessage = () => location.reload()\n`

export class Preview {
  #context
  #packs = new Map()

  constructor(context, given) {
    this.#context = context
    this.given = given
  }

  /** Folders that are watched. */
  get folders() {
    return this.given.map(one => dirname(packFile(one)))
  }

  /** Reads every pack anew. One that has problems is shown with them, and its last good plan stays. */
  async read() {
    for (const given of this.given) this.#packs.set(given, await this.#one(given, this.#packs.get(given)))
  }

  async #one(given, before) {
    const context = this.#context
    try {
      const { rules } = await context.loadPack(given)
      const made = { id: rules.pack.id, pack: rules.pack, plan: rules.planJson(), page: pageOf(rules, context.lang), trouble: undefined, services: rules.services }
      rules.free()
      return { ...made, cases: await this.#cases(given) }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const engine = await context.engine()
      const shown = error.diagnostics.map(problem => engine.renderDiagnostic(problem, error.texts.get(problem.place?.file)))
      return { id: basename(dirname(given)), ...before, trouble: [context.t(error.text), ...shown].join('\n\n') }
    }
  }

  async #cases(given) {
    try {
      const lines = await plain(this.#context, await runCases(this.#context, [dirname(packFile(given))]), { coverage: true, least: {} })
      return lines.split('\n').filter(line => !line.startsWith('ok ')).join('\n')
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const engine = await this.#context.engine()
      return [this.#context.t(error.text), ...error.diagnostics.map(problem => engine.renderDiagnostic(problem, error.texts.get(problem.place?.file)))].join('\n\n')
    }
  }

  /** `{ type, body }` of a path; nothing where there is no such page. */
  answer(path) {
    if (path === '/') return html(this.#home())
    if (path === '/-/reload.js') return { type: TYPES['.js'], body: RELOAD }
    for (const one of this.#packs.values()) {
      if (path === `/pack/${one.id}`) return html(this.#rules(one))
      if (path === `/check/${one.id}`) return html(this.#check(one))
      if (path === `/yibao/plans/${one.id}.plan.json` && one.plan) return { type: TYPES['.json'], body: one.plan }
    }
    const list = /^\/(site\/)?yibao\/plans\/(index|demo|public)\.json$/.exec(path)
    if (list) return { type: TYPES['.json'], body: this.#listed(list[2]) }
    if (path.startsWith('/site/yibao/')) return this.answer(path.slice('/site'.length))
    // A page's engine has the analyses too; programs take the smaller one under this name.
    if (path === '/yibao/index.js') return { type: TYPES['.js'], body: "export * from './analysis.js'\n" }
    if (path.startsWith('/yibao/')) return file(shipped(''), path.slice('/yibao/'.length))
    if (path.startsWith('/site/')) return file(shipped('site'), path.slice('/site/'.length) || 'index.html')
    return undefined
  }

  /** The list of packs that is shipped, with those on the disk in the place of their namesakes. */
  #listed(name) {
    const path = shipped(`plans/${name}.json`)
    const all = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : []
    const ours = [...this.#packs.values()].filter(one => one.plan).map(one => {
      const { pack, digest, services } = JSON.parse(one.plan)
      const { id, revision, title, region, regionCode, status, evidenceDate, reviewedBy, reviewedOn } = pack
      return { id, revision, title, region, regionCode, status, evidenceDate, reviewedBy, reviewedOn, digest, plan: `${id}.plan.json`, services: services.map(({ id, title, kind, topic, officer }) => ({ id, title, kind, topic, officer })) }
    })
    return JSON.stringify([...all.filter(({ id }) => !ours.some(one => one.id === id)), ...ours])
  }

  #home() {
    const t = text => escape(this.#context.t(text))
    const one = pack => `<section><h2>${t(pack.pack?.title ?? pack.id)}</h2>
${pack.trouble ? `<pre class="trouble">${escape(pack.trouble)}</pre>` : ''}
<ul>${pack.page ? `<li><a href="/pack/${escape(pack.id)}">${t({ zh: '规则说明', en: 'the rules' })}</a></li>` : ''}${pack.plan && hasElement() ? `<li><a href="/check/${escape(pack.id)}">${t({ zh: '测算表单', en: 'the form' })}</a></li>` : ''}</ul>
${pack.cases ? `<pre>${escape(pack.cases)}</pre>` : ''}</section>`
    const site = existsSync(shipped('site/index.html')) ? `<p><a href="/site/">${t({ zh: '演示页', en: 'the demo page' })}</a></p>` : ''
    return this.#frame(t({ zh: '预览', en: 'Preview' }), `<h1>${t({ zh: '预览', en: 'Preview' })}</h1>${[...this.#packs.values()].map(one).join('\n')}${site}`)
  }

  #rules(one) {
    const trouble = one.trouble ? `<pre class="trouble">${escape(one.trouble)}</pre>` : ''
    return (one.page ?? this.#frame(escape(one.id), '')).replace('</head>', '<script type="module" src="/-/reload.js"></script></head>').replace('<body>', `<body>${trouble}`)
  }

  #check(one) {
    const trouble = one.trouble ? `<pre class="trouble">${escape(one.trouble)}</pre>` : ''
    return this.#frame(escape(this.#context.t(one.pack?.title ?? one.id)), `${trouble}<yibao-check pack="/yibao/plans/${escape(one.id)}.plan.json" assets="/yibao/" lang="${this.#context.lang}"></yibao-check>`, '<script type="module" src="/yibao/element/yibao-check.js"></script>')
  }

  #frame(title, body, head = '') {
    return `<!doctype html>
<html lang="${this.#context.lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,">
<style>:root{color-scheme:light dark}body{font:16px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{overflow-x:auto;font-size:.85rem;line-height:1.5;border:1px solid #8886;padding:.6rem}.trouble{border:2px solid #b00020}</style>
<script type="module" src="/-/reload.js"></script>${head}</head>
<body>${body}</body>
</html>
`
  }
}

const html = body => ({ type: TYPES['.html'], body })
export const hasElement = () => existsSync(shipped('element/yibao-check.js'))

/** A file below a folder; nothing outside it, and nothing hidden. */
function file(folder, path) {
  const wanted = normalize(path)
  if (wanted.startsWith('..') || wanted.split(sep).some(part => part.startsWith('.')) || wanted.includes('\0')) return undefined
  const full = join(folder, wanted)
  try {
    if (!statSync(full, { throwIfNoEntry: false })?.isFile()) return undefined
    return { type: TYPES[extname(full)] ?? 'application/octet-stream', body: readFileSync(full) }
  } catch (error) {
    // A name that is too long, or a file that may not be read, is as good as none.
    if (typeof error.code === 'string') return undefined
    throw error
  }
}
