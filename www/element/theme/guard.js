// Looks at the colours a host has set, and writes those that are used into a sheet of the element's own.

import { LEAST, channels, contrast, hex, readable } from './contrast.js'

const COLOURS = { '--yibao-primary': '--blue', '--yibao-danger': '--red' }
const told = new Set()

/** `probe`: an element of the root whose colour can be set. Returns the text of a sheet. */
export function guarded(host, probe) {
  const asked = getComputedStyle(host)
  const paper = channels(getComputedStyle(probe).backgroundColor) ?? [255, 255, 255]
  const rules = []
  for (const [property, own] of Object.entries(COLOURS)) {
    const text = asked.getPropertyValue(property).trim()
    if (text === '' || !CSS.supports('color', text)) continue
    probe.style.color = text
    const colour = channels(getComputedStyle(probe).color)
    probe.style.color = ''
    if (colour === undefined) continue
    const used = readable(colour, paper)
    if (used !== colour) tell(property, text, colour, used, paper)
    rules.push(`${own}:${hex(used)}`)
  }
  return rules.join(';')
}

function tell(property, text, colour, used, paper) {
  const note = `yibao-check: ${property} ${text} has a contrast of ${contrast(colour, paper).toFixed(2)}:1, less than ${LEAST}:1; ${hex(used)} is used instead`
  if (told.has(note)) return
  told.add(note)
  console.info(note)
}
