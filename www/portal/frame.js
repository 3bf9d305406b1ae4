// The page for an iframe of the same site: the element with the attributes that the address names, and its height told
// to the page around it, never its answers.

const NAMES = [
  'service', 'region', 'pack', 'pack-keys', 'as-of', 'lang', 'mode', 'font-scale', 'layout', 'features', 'storage', 'assets',
]
/** The address of this page can be written by anybody; packs and programs come from this site alone. */
const ADDRESSES = ['pack', 'assets']

function isOwn(address) {
  try {
    return new URL(address, location.href).origin === location.origin
  } catch {
    return false
  }
}

const asked = new URLSearchParams(location.search)
const check = document.createElement('yibao-check')
check.setAttribute('assets', new URL('./', import.meta.url).href)
for (const name of NAMES) {
  const value = asked.get(name)
  if (value !== null && (!ADDRESSES.includes(name) || isOwn(value))) check.setAttribute(name, value)
}
if (asked.get('lang') === 'en') document.documentElement.lang = 'en'

const main = document.getElementById('frame')
main.append(check)

let told
function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height)
  if (height === told || parent === window) return
  told = height
  // To this site's own pages only: a stranger who frames this page learns nothing, not even its height.
  parent.postMessage({ yibao: 'height', height }, location.origin)
}
new ResizeObserver(tell).observe(document.documentElement)

import(new URL('element/yibao-check.js', import.meta.url).href).catch(() => {
  check.textContent = '测算工具没有打开，请询问医院窗口或医保经办机构。The calculator did not open.'
})
if (asked.has('selftest')) import('./selftest.js').then(test => test.beside(check))
