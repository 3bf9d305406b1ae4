// On the page that holds the frame: gives an iframe of frame.html the height of what is in it. It believes only the
// window of that iframe, and only while that shows a page of the origin it was given.

const LEAST = 120
const MOST = 20_000

export function follow(frame) {
  const { origin } = new URL(frame.src, document.baseURI)
  const listen = ({ source, origin: from, data }) => {
    if (source !== frame.contentWindow || from !== origin) return
    if (data?.yibao !== 'height' || !Number.isFinite(data.height)) return
    frame.style.height = `${Math.min(Math.max(Math.ceil(data.height), LEAST), MOST)}px`
  }
  addEventListener('message', listen)
  return () => removeEventListener('message', listen)
}

// As a script of its own it follows every frame that asks for it.
for (const frame of document.querySelectorAll('iframe[data-yibao]')) follow(frame)
