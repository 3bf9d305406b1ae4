// Printing one paper and nothing else of the host's page: the paper stands in the body while it is printed.

import { render } from 'lit'
import { dress } from '../styles/dress.js'

/** Tag of the holder: an unknown element, so that no style of the host is meant for it. */
const HOLDER = 'yibao-paper'

/** Prints a template with its style sheet. The page is as it was once printing is over. */
export function printPaper(template, css) {
  document.querySelector(HOLDER)?.remove()
  const holder = document.createElement(HOLDER)
  const root = holder.attachShadow({ mode: 'open' })
  render(template, root)
  dress(root, css)
  const undress = dress(document, `${HOLDER}{display:none}@media print{body>:not(${HOLDER}){display:none!important}${HOLDER}{display:block}html,body{margin:0!important;padding:0!important;background:#fff!important}}@page{size:A4;margin:12mm 14mm}`)
  document.body.append(holder)
  addEventListener('afterprint', () => {
    holder.remove()
    undress()
  }, { once: true })
  print()
}
