/**
 * Gives a root one more style sheet: a constructed one, which no content policy forbids, or an element where browsers
 * (Safari before 16.4, Firefox before 101) have none. Gives what takes it away.
 */
export function dress(root, css) {
  if ('adoptedStyleSheets' in root) {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]
    return () => { root.adoptedStyleSheets = root.adoptedStyleSheets.filter(one => one !== sheet) }
  }
  const style = document.createElement('style')
  style.textContent = css
  const at = root.head ?? root
  at.append(style)
  return () => style.remove()
}
