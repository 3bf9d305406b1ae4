// 参数核对表: one A4 page on which somebody checks each figure against its sentence, and signs.

import { ROWS } from './cells.mjs'
import { markup as html } from '../markup.mjs'
import { fixed, percent, yuan } from './figures.mjs'

const shown = (id, value) => {
  const row = ROWS.find(row => row.id === id)
  switch (row.kind) {
    case 'money': return yuan(value)
    case 'rate': return percent(value)
    case 'cap': return value === 'none' ? '无' : yuan(value)
    case 'repeat': return value === 'same' ? '每次相同' : `首次的 ${percent(value)}`
    case 'day': return `${Number(value.slice(0, 2))}月${Number(value.slice(3))}日`
    case 'choice': return Object.entries(row.choices).find(([, id]) => id === value)?.[0] ?? value
    default: return value
  }
}

/** A sentence with the phrase that holds the figure marked; of a long one what is around the phrase. */
function marked(quote, phrase) {
  if (quote === undefined) return '—'
  if (phrase === undefined) return html(beginning(quote, 90))
  const [before, after] = [quote.slice(0, quote.indexOf(phrase)), quote.slice(quote.indexOf(phrase) + phrase.length)]
  const near = 34
  return `${html(ending(before, near))}<mark>${html(phrase)}</mark>${html(beginning(after, near))}`
}

/** A figure with its unit, in digits or in Chinese; and characters of two halves. */
const WHOLE = /(?:百分之)?[\d０-９〇零一二两三四五六七八九十百千万亿]+(?:[,，.．][\d０-９]+)*\s*[万亿]?\s*(?:元|%|％|‰|成[一二三四五六七八九半]?|个?百分点|个?月|天|日|年|次)?|[\ud800-\udbff][\udc00-\udfff]/g

/** The place nearest to `at` that is inside none of them: before it, or after it. */
function outside(text, at, after) {
  for (const { 0: whole, index } of text.matchAll(WHOLE)) if (index < at && at < index + whole.length) return after ? index + whole.length : index
  return at
}

const beginning = (text, most) => {
  const at = outside(text, most, true)
  return text.length > at ? `${text.slice(0, at)}……` : text
}

const ending = (text, most) => {
  const at = outside(text, text.length - most, false)
  return at > 0 ? `……${text.slice(at)}` : text
}

const LOCATION = ['region', 'code', 'scheme', 'publisher', 'title', 'number', 'issued', 'evidence', 'from', 'until', 'status', 'grade', 'year']

/** `sums`: worked stays as `{ level, total, borne, rate, fund, patient }`; `digest` binds the paper to the pack. */
export function checkSheet(d, answers, sums, { digest, table }) {
  const value = id => answers.get(id)?.value
  const levelOf = id => (id.startsWith('level_') ? d.levels.find(level => id.startsWith(`${level.id}.`)) : undefined)
  const rows = ROWS.filter(({ id, quoted }) => quoted && (!id.startsWith('level_') || levelOf(id) !== undefined)).map(({ id, name }) => {
    const answer = answers.get(id)
    const level = levelOf(id)
    const label = level === undefined ? name : `${level.name} ${name.replace(/^级别\d /, '')}`.replace('（元）', '')
    if (answer === undefined) return `<tr class="blank"><td>${html(label)}</td><td>空着</td><td>碰到时不给金额</td><td></td></tr>`
    return `<tr><td>${html(label)}</td><td class="figure">${html(shown(id, answer.value))}</td><td>${marked(answer.quote, answer.phrase)}</td><td class="tick">□</td></tr>`
  })
  const header = LOCATION.filter(id => value(id) !== undefined).map(id => `<span><b>${ROWS.find(row => row.id === id).name}</b> ${html(shown(id, value(id)))}</span>`)
  const examples = sums.map(({ level, total, borne, rate, fund, patient, isCapped }) => `<li>${html(level)}，总费用 ${fixed(total)} 元，无自费和先行自付，本年首次住院：起付 ${fixed(borne)} 元；基金支付 (${fixed(total)} − ${fixed(borne)}) × ${percent(rate)}${isCapped ? '，超过年度限额，按限额' : ' ='} <b>${fixed(fund)} 元</b>，个人负担 ${fixed(total)} − ${fixed(fund)} = <b>${fixed(patient)} 元</b> <span class="tick">□</span></li>`)
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>参数核对表 ${html(value('region'))}</title>
<style>
@page { size: A4 portrait; margin: 11mm 12mm }
body { font: 9.5pt/1.35 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Micro Hei", sans-serif; color: #111; max-width: 186mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 0 1mm; text-align: center }
.about { display: flex; flex-wrap: wrap; gap: 0 5mm; border-bottom: 1px solid #888; padding-bottom: 1.5mm; margin-bottom: 2mm; font-size: 8.5pt }
table { border-collapse: collapse; width: 100% }
th, td { border: 1px solid #888; padding: .7mm 1.5mm; text-align: left; vertical-align: top }
th { background: #eef2f6 }
td:nth-child(1) { width: 27% } td.figure { white-space: nowrap; font-weight: bold } td:nth-child(3) { font-size: 8.5pt }
mark { background: #ffe9a8; font-weight: bold } .tick { text-align: center; font-size: 12pt }
.blank td { color: #a00 } ol { margin: 1mm 0 2mm; padding-left: 6mm } h2 { font-size: 11pt; margin: 2.5mm 0 1mm }
.sign { display: flex; gap: 6mm; margin-top: 5mm } .sign span { flex: 1; border-bottom: 1px solid #111; padding-bottom: 6mm }
footer { margin-top: 3mm; font-size: 7.5pt; color: #555; word-break: break-all }
.invented { border: 2px solid #a00; color: #a00; text-align: center; font-weight: bold; margin-bottom: 2mm }
@media print { mark { -webkit-print-color-adjust: exact; print-color-adjust: exact } }
</style>
</head>
<body>
<h1>医保待遇参数核对表</h1>
${value('status') === 'invented' ? '<p class="invented">虚构数据，练习用，不是任何地方的政策</p>\n' : ''}<div class="about">${header.join('')}</div>
<table>
<thead><tr><th>项目</th><th>填写</th><th>原文（标出的是这个数所在的字句）</th><th>核对</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<h2>验算</h2>
<ol>
${examples.join('\n') || '<li>没有一个级别填全，无法验算</li>'}
</ol>
<div class="sign"><span>经办：</span><span>复核：</span><span>日期：</span></div>
<footer>政策包 ${html(d.id)} ${html(d.revision)}，摘要 ${html(digest)}；由 ${html(table)} 生成。先扣起付标准再乘支付比例，四舍五入到分。</footer>
</body>
</html>
`
}
