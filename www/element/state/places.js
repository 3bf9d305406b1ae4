// Which packs of an index a person may choose as a place.

const NEVER = ['proposal', 'comparison', 'illustrative', 'invented']

/** Why an entry is no place: a word of `standing.*`, or `undefined`. An index says it; the header alone says the least. */
export function notAPlace({ status, regionCode, selectable, why }) {
  if (selectable === true) return undefined
  if (why) return why
  if (NEVER.includes(status)) return status
  if (regionCode === '000000') return 'anonymous'
  return regionCode === '100000' ? 'national' : undefined
}

/** Entries by place, in order of the area's code. */
export function placesOf(entries) {
  const places = new Map()
  for (const entry of [...entries].sort((a, b) => (a.regionCode < b.regionCode ? -1 : 1))) {
    if (notAPlace(entry) !== undefined || !entry.services.some(one => !one.officer)) continue
    const place = places.get(entry.regionCode) ?? { code: entry.regionCode, region: entry.region, entries: [] }
    place.entries.push(entry)
    places.set(entry.regionCode, place)
  }
  return places
}

/** The one place that a host names, by its code or its own name: `341300`, `宿州`, `宿州市`. */
export function placeNamed(places, wanted) {
  const text = wanted.trim()
  return places.get(text) ?? [...places.values()].find(({ region }) => text.length > 1 && isNameOf(region.zh, text))
}

const isNameOf = (region, text) => region.endsWith(text) || (region.endsWith(`${text}${region.slice(-1)}`) && /[省市区县旗]$/u.test(region))

/** Places inside a wider area, as `340000` or `安徽`: to choose from, for none of them speaks for the area. */
export function placesWithin(places, wanted) {
  const text = wanted.trim()
  const code = /^\d{6}$/u.test(text) ? text.replace(/(?:00)+$/u, '') : ''
  const within = ({ code: own, region }) => (code.length > 1 ? own.startsWith(code) : text.length > 1 && !/\d/u.test(text) && region.zh.startsWith(text))
  return new Map([...places].filter(([, place]) => within(place)))
}

/** Services by the names that hosts use, or by their own id. */
const NAMES = {
  estimate: ({ kind }) => kind === 'settlement',
  deductible: ({ topic, id }) => topic === 'deductible' || id === 'deductible',
  'long-rx': ({ topic }) => topic === 'long-rx',
  referral: ({ topic }) => topic === 'referral',
}

export const isService = (service, wanted) => service.id === wanted || Boolean(NAMES[wanted]?.(service))
