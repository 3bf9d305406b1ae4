// A pack as one page that an officer can read and print: every rule beside the sentence it comes from. No scripts.

import { markup as escape } from './markup.mjs'

const STYLE = `
:root { color-scheme: light dark; --line: #8886; --mark: #ffe58a; --quiet: #5a6472 }
@media (prefers-color-scheme: dark) { :root { --mark: #6b5200; --quiet: #a9b4c2 } }
body { font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.6rem } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line) } h3 { margin: 2rem 0 .3rem }
table { border-collapse: collapse; margin: .5rem 0; width: 100% } th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: start; vertical-align: top }
blockquote { margin: .5rem 0; padding: .2rem 0 .2rem 1rem; border-inline-start: 3px solid var(--line) }
mark { background: var(--mark); color: inherit } code { font-family: ui-monospace, monospace; font-size: .9em; overflow-wrap: normal } .quiet { color: var(--quiet) }
.scroll { overflow-x: auto } nav li { margin: .2rem 0 } .notice { border: 2px solid var(--line); padding: .5rem 1rem }
@media print { body { max-width: none; margin: 0; font-size: 11pt } h3, tr, blockquote { break-inside: avoid } }
`

const WORDS = {
  title: { zh: '规则说明', en: 'Rules' }, status: { zh: '状态', en: 'Status' }, evidence: { zh: '依据日期', en: 'Evidence of' }, period: { zh: '适用期间', en: 'Period' },
  revision: { zh: '修订号', en: 'Revision' }, digest: { zh: '摘要', en: 'Digest' }, publisher: { zh: '来源机构', en: 'Publisher' }, reviewed: { zh: '复核', en: 'Reviewed' },
  notReviewed: { zh: '还没有主管部门复核', en: 'no authority has reviewed it' }, caveats: { zh: '提示', en: 'Read this first' }, sources: { zh: '依据的文件', en: 'Sources' },
  assumptions: { zh: '编写时的假设', en: 'Assumptions made' }, facts: { zh: '要回答的问题', en: 'What is asked' }, open: { zh: '原文没有定的', en: 'What the text leaves open' },
  gives: { zh: '得', en: 'gives' }, upTo: { zh: '至', en: 'up to' }, otherwise: { zh: '其他情形', en: 'otherwise' }, any: { zh: '不限', en: 'any' }, number: { zh: '文号', en: 'No.' }, readAt: { zh: '读自', en: 'read at' },
  answer: { zh: '可以回答', en: 'answers' }, question: { zh: '问题', en: 'question' }, name: { zh: '名称', en: 'name' }, when: { zh: '条件', en: 'when' }, replaces: { zh: '代替', en: 'in place of' },
  frame: { zh: '不得超出', en: 'kept within' }, reading: { zh: '读法', en: 'reading' }, notDecision: { zh: '这是按公布的文字整理的说明，不是主管部门的决定，也不是医疗建议。', en: 'A reading of published texts. It is no decision of an authority and no medical advice.' },
}

/** The words of formulas. */
const FUNCTIONS = {
  min: { zh: '取小', en: 'least of' }, max: { zh: '取大', en: 'greatest of' }, clamp: { zh: '限于', en: 'kept within' }, rest: { zh: '其余', en: 'the rest' },
  and: { zh: '并且', en: 'and' }, or: { zh: '或者', en: 'or' }, not: { zh: '不是', en: 'not' }, if: { zh: '如果', en: 'if' }, then: { zh: '则', en: 'then' }, else: { zh: '否则', en: 'else' },
  in: { zh: '属于', en: 'in' }, sum: { zh: '合计', en: 'sum' }, true: { zh: '是', en: 'yes' }, false: { zh: '否', en: 'no' }, days: { zh: '天', en: 'days' }, months: { zh: '个月', en: 'months' }, points: { zh: '个百分点', en: 'points' },
}

const STATUS = {
  in_force: { zh: '现行', en: 'in force' }, dated: { zh: '按当时的文字，现在是否有变化不清楚', en: 'as the text stood; whether it still stands is not known' }, historical: { zh: '已经失效', en: 'no longer in force' },
  illustrative: { zh: '示意', en: 'illustrative' }, proposal: { zh: '建议稿，没有施行', en: 'a proposal, not in force' }, comparison: { zh: '供比较', en: 'for comparison' }, invented: { zh: '虚构的文字和数字', en: 'invented text and figures' },
}

/** The page of loaded rules, as HTML text. */
export function pageOf(rules, lang) {
  const plan = JSON.parse(rules.planJson())
  const t = text => escape(typeof text === 'string' ? text : lang === 'en' ? text?.en : text?.zh)
  return new Page(plan, rules, t, lang).text()
}

class Page {
  constructor(plan, rules, t, lang) {
    Object.assign(this, { plan, rules, t, lang })
  }

  text() {
    const { plan: { pack }, t, lang } = this
    return `<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t(pack.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${t(pack.title)}</h1>
<p class="quiet">${t(WORDS.notDecision)}</p>
${this.head()}
${list(pack.caveats.map(t), `<h2>${t(WORDS.caveats)}</h2>`, 'notice')}
</header>
<main>
${this.plan.services.map(service => this.service(service)).join('\n')}
${this.facts()}
${list((openParameters(this.plan)).map(one => `<b>${t(one.label)}</b> <code>${escape(one.id)}</code>`), `<h2>${t(WORDS.open)}</h2>`)}
${list((pack.assumptions ?? []).map(one => t(one.text)), `<h2>${t(WORDS.assumptions)}</h2>`)}
${this.sources()}
</main>
</body>
</html>
`
  }

  head() {
    const { plan: { pack, digest }, t } = this
    const period = pack.from || pack.until ? `${pack.from ?? ''} – ${pack.until ?? ''}` : undefined
    const reviewed = pack.reviewedBy ? `${pack.reviewedBy} ${pack.reviewedOn ?? ''}` : WORDS.notReviewed
    const rows = [[WORDS.status, STATUS[pack.status] ?? pack.status], [WORDS.publisher, pack.publisher], [WORDS.evidence, pack.evidenceDate], [WORDS.period, period], [WORDS.reviewed, reviewed], [WORDS.revision, `${pack.id} ${pack.revision}`], [WORDS.digest, digest]]
    return `<table>${rows.filter(([, value]) => value).map(([name, value]) => `<tr><th scope="row">${t(name)}</th><td>${t(value)}</td></tr>`).join('')}</table>`
  }

  service(service) {
    const { t } = this
    return `<section>
<h2 id="${escape(service.id)}">${t(service.title)}</h2>
${service.steps.map((step, i) => this.step(service, step, i)).join('\n')}
</section>`
  }

  step(service, step, index) {
    const { t } = this
    const form = step.form
    const lines = [`<h3 id="${escape(`${service.id}.${step.id}`)}">${index + 1}. ${t(step.label)} <code class="quiet">${escape(step.id)}</code></h3>`]
    if (form.is === 'exception') lines.push(`<p>${t(WORDS.replaces)} ${t(service.steps[form.to]?.label ?? '')}</p>`)
    const formulas = (step.formulas ?? []).filter(({ role }) => role !== 'key')
    if (formulas.length > 0) lines.push(`<p>${formulas.map(formula => `${formula.role === 'when' ? `${t(WORDS.when)} ` : ''}${this.formula(service, formula)}`).join('<br>')}</p>`)
    if (form.rows) lines.push(this.rows(form))
    if (form.holds) lines.push(list([t(form.holds), t(form.fails)], ''))
    if (step.frame) lines.push(`<p>${t(WORDS.frame)} ${t(step.frame.title)}：${t(step.frame.label)}</p>`)
    lines.push(...(step.readings ?? []).map(text => `<p class="quiet">${t(WORDS.reading)}：${t(text)}</p>`))
    // A clause that several rows cite is quoted once, with the phrases of all of them marked.
    const cites = [...(step.cites ?? []), ...(form.rows ?? []).flatMap(row => row.cites ?? []), ...(form.otherwise ?? [])]
    lines.push(...this.quotes(cites))
    return lines.join('\n')
  }

  /** A formula with names as their readers know them. */
  formula(service, { role, pieces }) {
    const { t } = this
    const labels = new Map([...this.rules.facts.map(fact => [fact.id, fact.label]), ...service.steps.map(step => [step.id, step.label])])
    const part = service.outputs.bill?.parts.find(({ id }) => id === role)
    const words = text => text.replaceAll('*', '×').split(/([a-z][a-z0-9_]*)/).map((word, i) => (i % 2 === 1 ? `<b>${t(this.options.get(word) ?? FUNCTIONS[word] ?? word)}</b>` : escape(word))).join('')
    const filled = pieces.map(piece => (piece.name ? `<b>${t(labels.get(piece.name[0]) ?? piece.name[0])}</b>` : words(piece.text))).join('')
    return `${part ? `${t(part.label)}：` : ''}<span class="formula">${filled}</span>`
  }

  /** Labels of option ids. An id with two labels stands for itself. */
  get options() {
    const labels = new Map()
    const add = fact => {
      for (const { id, label } of fact.options) labels.set(id, labels.has(id) && labels.get(id)?.zh !== label.zh ? undefined : label)
      fact.fields.forEach(add)
    }
    this.rules.facts.forEach(add)
    return labels
  }

  rows({ keys = [], rows }) {
    const { t } = this
    const facts = new Map(this.rules.facts.map(fact => [fact.id, fact]))
    const labels = (cell, key) => {
      const options = new Map((facts.get(key)?.options ?? []).map(({ id, label }) => [id, label]))
      return cell === '' ? t(WORDS.any) : cell.split(/[,\s]+/).every(word => options.has(word)) ? cell.split(/[,\s]+/).map(word => t(options.get(word))).join('、') : escape(cell)
    }
    const head = keys.length > 0 ? keys.map(key => t(facts.get(key)?.label ?? key)) : [t(WORDS.upTo)]
    const body = rows.map(row => `<tr>${(keys.length > 0 ? keys.map((key, i) => labels(row.cells[i] ?? '', key)) : [escape(row.cells[0] ?? '') || t(WORDS.any)]).map(cell => `<td>${cell}</td>`).join('')}<td><b>${escape(row.is)}</b></td></tr>`)
    return `<div class="scroll"><table><thead><tr>${head.map(cell => `<th scope="col">${cell}</th>`).join('')}<th scope="col">${t(WORDS.gives)}</th></tr></thead><tbody>${body.join('')}</tbody></table></div>`
  }

  quotes(cites) {
    const { t } = this
    const byClause = new Map()
    for (const [source, clause, ...mark] of cites) byClause.set(`${source}/${clause}`, [...(byClause.get(`${source}/${clause}`) ?? []), ...(mark.length > 0 ? [mark] : [])])
    return Array.from(byClause, ([at, marks]) => {
      const [source, clause] = at.split('/').map(Number)
      const from = this.plan.sources[source]
      const { article, label, quote } = from.clauses[clause]
      return `<blockquote>${marked(quote, marks)}<br><cite class="quiet">《${escape(from.title)}》${from.number ? ` ${escape(from.number)}` : ''} ${t(article ?? label ?? '')}</cite></blockquote>`
    })
  }

  facts() {
    const { t } = this
    const row = fact => `<tr><td>${t(fact.question ?? fact.label)}${fact.hint ? `<br><span class="quiet">${t(fact.hint)}</span>` : ''}</td><td>${fact.options.length > 0 ? fact.options.map(({ label }) => t(label)).join('、') : fact.min || fact.max ? `${escape(fact.min)} – ${escape(fact.max)}` : ''}</td><td><code>${escape(fact.id)}</code></td></tr>`
    return `<section><h2>${t(WORDS.facts)}</h2><div class="scroll"><table><thead><tr><th scope="col">${t(WORDS.question)}</th><th scope="col">${t(WORDS.answer)}</th><th scope="col">${t(WORDS.name)}</th></tr></thead><tbody>${this.rules.facts.map(row).join('')}</tbody></table></div></section>`
  }

  sources() {
    const { t } = this
    const one = source => `<li>《${escape(source.title)}》${source.number ? ` ${escape(source.number)}` : ''}${source.issuer ? `，${escape(source.issuer)}` : ''}${source.issued ? `，${escape(source.issued)}` : ''}${source.readAt ? `<br><span class="quiet">${t(WORDS.readAt)} ${link(source.readAt)}</span>` : ''}</li>`
    return `<section><h2>${t(WORDS.sources)}</h2><ul>${this.plan.sources.map(one).join('')}</ul></section>`
  }
}

/** Only web addresses become links: a pack is not trusted with others. */
const link = address => (/^https?:\/\//.test(address) ? `<a href="${escape(address)}" rel="noreferrer">${escape(address)}</a>` : escape(address))

const openParameters = ({ parameters = [] }) => parameters.filter(({ label }) => label)

const list = (items, head, kind = '') => (items.length === 0 ? '' : `<section${kind ? ` class="${kind}"` : ''}>${head}<ul>${items.map(item => `<li>${item}</li>`).join('')}</ul></section>`)

/** A quote with phrases marked; overlapping marks become one. */
function marked(quote, marks) {
  const characters = Array.from(quote)
  const inside = new Set(marks.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)))
  let [out, open] = ['', false]
  characters.forEach((one, i) => {
    if (inside.has(i) !== open) out += open ? '</mark>' : '<mark>'
    open = inside.has(i)
    out += escape(one)
  })
  return out + (open ? '</mark>' : '')
}

/** A page that lists packs. */
export function indexOf(entries, lang) {
  const t = text => escape(lang === 'en' ? text.en : text.zh)
  return `<!doctype html>
<html lang="${lang}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${t(WORDS.title)}</title><style>${STYLE}</style></head>
<body><h1>${t(WORDS.title)}</h1><nav><ul>${entries.map(({ file, pack }) => `<li><a href="${escape(file)}">${t(pack.title)}</a> <span class="quiet">${t(STATUS[pack.status] ?? { zh: pack.status, en: pack.status })}</span></li>`).join('')}</ul></nav></body>
</html>
`
}
