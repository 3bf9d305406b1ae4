// A host's colour is used where it can be read; where it cannot, it is darkened (on dark paper: lightened) until it can.

export const LEAST = 4.5

/** `rgb(1, 82, 147)`, `rgb(1 82 147 / 1)` or `color(srgb 0 0.3 0.6)` to three channels from 0 to 255. */
export function channels(computed) {
  const numbers = computed.match(/[\d.]+(?:e-?\d+)?/gu)?.map(Number)
  if (numbers === undefined || numbers.length < 3) return undefined
  const found = numbers.slice(0, 3)
  return computed.startsWith('color(') ? found.map(one => one * 255) : found
}

function luminance(rgb) {
  const [r, g, b] = rgb.map(one => one / 255).map(one => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

export function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

/** The colour itself, or the nearest mix with black or white that reaches `least` on `paper`. */
export function readable(colour, paper, least = LEAST) {
  if (contrast(colour, paper) >= least) return colour
  const end = luminance(paper) > 0.18 ? 0 : 255
  for (let share = 1; share <= 100; share += 1) {
    const mixed = colour.map(one => Math.round(one + ((end - one) * share) / 100))
    if (contrast(mixed, paper) >= least) return mixed
  }
  return [end, end, end]
}

export const hex = rgb => `#${rgb.map(one => Math.round(one).toString(16).padStart(2, '0')).join('')}`
