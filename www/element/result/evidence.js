// What is said above every amount: how the pack stands to what is in force.

import { html, nothing } from 'lit'
import { statusWords } from '../frame/standing.js'

/** Above every amount: that it is a demonstration, where it is one, and what the decision must say besides. */
/** Said again beside the amount; what the others mean stands at the top. */
const LOUD = ['historical', 'illustrative', 'proposal', 'comparison', 'invented']

export function evidenceNote(pack, { language, warnings = [], caveats = [] }) {
  const { pick, say } = language
  // The status is said in words above; the engine's warning of it would say it twice.
  const more = warnings.filter(one => one.code !== pack.status)
  return html`
    <div class="evidence" part="evidence">
      ${LOUD.includes(pack.status) ? html`<p class="evidence-status">${statusWords(pack, language)}</p>` : nothing}
      ${more.map(one => html`<p class="evidence-warning">${pick(one.text)}</p>`)}
      ${caveats.length > 0 ? html`<details class="more"><summary><span>${pack.reviewedBy ? nothing : html`<strong class="tag">${say('demo')}</strong> `}${say('evidence.more')}</span></summary><ul>${caveats.map(text => html`<li>${pick(text)}</li>`)}</ul></details>` : nothing}
    </div>`
}
