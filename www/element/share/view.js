// 分享: a link, its QR code, and a text to paste. Nothing of a person's identity is in any of them.

import { html, nothing } from 'lit'
import { fitsQr } from './link.js'

/** `view`: `{ code, copied }`. */
export function share({ language, link, text, view, copy, drawQr }) {
  const { say } = language
  return html`
    <p>${say('share.lead')}</p>
    <p><a class="link address" href=${link}>${say('share.link')}</a></p>
    <div class="row">
      <button type="button" class="button" @click=${() => copy(link, 'link')}>${say('share.copyLink')}</button>
      <button type="button" class="button" @click=${() => copy(text, 'text')}>${say('share.copyText')}</button>
      ${fitsQr(link) ? html`<button type="button" class="button" @click=${drawQr}>${say('share.qr')}</button>` : nothing}
    </div>
    ${fitsQr(link) ? nothing : html`<p class="hint">${say('share.long')}</p>`}
    ${view.copied ? html`<p>${say(view.copied === 'failed' ? 'share.failed' : 'share.copied')}</p>` : nothing}
    ${view.copied === 'failed' ? html`<textarea class="field" rows="6" readonly aria-label=${say('share.copyText')} .value=${text}></textarea>` : nothing}
    ${view.code ? html`<svg class="qr" viewBox="0 0 ${view.code.size} ${view.code.size}" role="img" aria-label=${say('share.qrLabel')} shape-rendering="crispEdges"><rect width=${view.code.size} height=${view.code.size} fill="#fff" /><path d=${view.code.path} fill="#000" /></svg>` : nothing}`
}
