// 存在本机: only where the host allows it and the reader asks for it; with a way to delete it.

const key = (pack, service) => `yibao-check:${pack}:${service}`

/** A store that may be refused, as in a private window. */
function store() {
  try {
    return globalThis.localStorage
  } catch {
    return undefined
  }
}

export function kept(pack, service) {
  try {
    const found = JSON.parse(store()?.getItem(key(pack, service)) ?? 'null')
    return typeof found === 'object' && found !== null ? found : undefined
  } catch {
    return undefined
  }
}

export function keep(pack, service, raw) {
  try {
    store().setItem(key(pack, service), JSON.stringify(raw))
    return true
  } catch {
    return false
  }
}

export const forget = (pack, service) => store()?.removeItem(key(pack, service))
