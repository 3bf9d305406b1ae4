// The engine, loaded once a page for each place it is served from.

const engines = new Map()

/** The package beside this file, or where `assets` says. A bundle cannot say where its siblings are, so this is asked at run time. */
export const assetsOf = (assets, base) => new URL(assets || '../', assets ? base : import.meta.url)

/** `{ loadPlan, YibaoError }` of the package at `assets`, initialised. A failed load may be tried again. */
export function engineAt(assets) {
  const at = assets.href
  if (!engines.has(at)) {
    const loading = open(assets)
    loading.catch(() => engines.delete(at))
    engines.set(at, loading)
  }
  return engines.get(at)
}

async function open(assets) {
  const engine = await import(new URL('index.js', assets).href)
  // The form and its figures do not wait for years, curves and bounds.
  await engine.init({ rest: 'later' })
  return engine
}
