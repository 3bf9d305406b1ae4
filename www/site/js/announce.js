// The page's one live region: what changed, said once, after the typing stopped.

const PAUSE = 700
let waiting

export function announce(text) {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    const region = document.getElementById('live')
    if (region.textContent !== text) region.textContent = text
  }, PAUSE)
}
