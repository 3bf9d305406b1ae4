// Elements without markup strings: nothing on the page is ever parsed as HTML.

const SVG = 'http://www.w3.org/2000/svg'

/** An HTML element. `props`: attributes; `on`: listeners; `false`, `null` and `undefined` leave an attribute out. */
export function el(tag, props, ...children) {
  return fill(document.createElement(tag), props, children)
}

/** An SVG element. */
export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children)
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue
    if (name === 'on') for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener)
    else node.setAttribute(name, value === true ? '' : value)
  }
  put(node, children)
  return node
}

/** Appends nodes, texts and nested lists; skips what is absent. */
export function put(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child !== undefined && child !== null && child !== false) node.append(child)
  }
  return node
}

/** Replaces everything inside a node, and keeps open what the reader had opened there (by `data-open`). */
export function refill(node, ...children) {
  const opened = new Set([...node.querySelectorAll('details[open][data-open]')].map(one => one.dataset.open))
  const focused = node.contains(document.activeElement) ? document.activeElement.closest('details[data-open]')?.dataset.open : undefined
  node.replaceChildren()
  put(node, children)
  for (const one of node.querySelectorAll('details[data-open]')) {
    if (opened.has(one.dataset.open)) one.open = true
    if (focused !== undefined && one.dataset.open === focused) one.querySelector('summary').focus()
  }
}

/** A heading in phrases that stay whole where there is room: Chinese text would break anywhere. */
export const phrases = text => text.split(/(?<=[，、：；])/u).map(part => el('span', { class: 'phrase' }, part))

let next = 0
/** An id that no other element has. */
export const newId = (stem = 'n') => `${stem}-${(next += 1)}`
