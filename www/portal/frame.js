// The page for an iframe of the same site: the element with the attributes that the address names, and its height told
// to the page around it, never its answers.
//
// Anybody can write the address of this page. So it names no program, and no pack but those in `packs/` beside it: what
// lies elsewhere on the site may be a visitor's.

const NAMES = [
  'service', 'region', 'pack', 'pack-root', 'as-of', 'lang', 'mode', 'font-scale', 'layout', 'features', 'storage',
]
const FOLDER = new URL('./', import.meta.url)
/** One plain name: no `%2f`, `\` or `..` that a server could read as a way out. */
const PACK = /^packs\/\w[\w-]*(?:\.[\w-]+)*\.json$/

function isShipped(address) {
  try {
    const { href } = new URL(address, location.href)
    return href.indexOf(FOLDER.href) === 0 && PACK.test(href.slice(FOLDER.href.length))
  } catch {
    return false
  }
}

const asked = new URLSearchParams(location.search)
const check = document.createElement('yibao-check')
check.setAttribute('assets', FOLDER.href)
for (const name of NAMES) {
  const value = asked.get(name)
  if (value !== null && (name !== 'pack' || isShipped(value))) check.setAttribute(name, value)
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
