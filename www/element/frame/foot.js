// The foot: what the answers rest on, how it was checked, and what becomes of what is entered.

import { html, nothing } from 'lit'
import { day } from '../figures.js'

export function foot(host) {
  const { words, session } = host
  const { lang, pick, say } = words
  const { header, refused, signed } = session?.pack ?? {}
  return html`
    <footer class="foot" part="footer">
      <p><strong>${say('foot.private')}</strong></p>
      <p><strong>${say('foot.desk')}</strong></p>
      ${header ? html`
        <p class="foot-standing standing-${host.standing}"><span class="sign" aria-hidden="true">${{ reviewed: '✓', failed: '✗', expired: '!', unreviewed: '?' }[host.standing]}</span> ${refused?.brief ? pick(refused.brief) : say(`foot.${host.standing}`, { by: header.reviewedBy, date: day(header.reviewedOn ?? '', lang), until: day(header.until ?? '', lang) })}</p>
        ${signed ? html`<p class="foot-standing standing-reviewed"><span class="sign" aria-hidden="true">✓</span> ${pick(signed)}</p>` : nothing}
        <details class="more"><summary>${say('foot.packs')}</summary>
          <dl class="foot-pack">
            <div><dt>${say('foot.title')}</dt><dd>${pick(header.title)}</dd></div>
            <div><dt>${say('foot.publisher')}</dt><dd>${pick(header.publisher)}</dd></div>
            <div><dt>${say('foot.pack')}</dt><dd><code>${header.id}</code></dd></div>
            <div><dt>${say('foot.revision')}</dt><dd><code>${header.revision}</code></dd></div>
            <div><dt>${say('foot.digest')}</dt><dd><code class="digest">${session.pack.digest}</code></dd></div>
          </dl>
        </details>` : nothing}
    </footer>`
}
