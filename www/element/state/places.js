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

/** A region as a host writes it: its code, its name, or the beginning of either, as `3413` or `宿州`. */
export function placeNamed(places, wanted) {
  const text = wanted.trim()
  const exact = places.get(text)
  if (exact !== undefined) return exact
  return [...places.values()].find(({ code, region }) => region.zh.includes(text) || (/^\d{2,6}$/u.test(text) && code.startsWith(text.replace(/0+$/u, ''))))
}

/** Services by the names that hosts use, or by their own id. */
const NAMES = {
  estimate: ({ kind }) => kind === 'settlement',
  deductible: ({ topic, id }) => topic === 'deductible' || id === 'deductible',
  'long-rx': ({ topic }) => topic === 'long-rx',
  referral: ({ topic }) => topic === 'referral',
}

export const isService = (service, wanted) => service.id === wanted || Boolean(NAMES[wanted]?.(service))
