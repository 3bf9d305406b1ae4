// The switch of a portal: while `pause.json` says so, no engine starts and no figure is shown.

import { YibaoError } from './error.js'

const TEXT = { zh: '测算暂停', en: 'the calculator is paused' }

/**
 * @throws {YibaoError} `paused`, with the portal's own words in `diagnostics[0].text`. A file that cannot be read as
 * JSON pauses too: somebody meant to change it. So does an address that leads elsewhere, which is not followed. No file,
 * or no answer, is no pause.
 */
export async function demandRunning(address) {
  let response
  try {
    response = await fetch(address, { cache: 'no-store', redirect: 'manual' })
  } catch {
    return
  }
  const leadsOn = response.type === 'opaqueredirect'
  if (!response.ok && !leadsOn) return
  const said = leadsOn ? { paused: true } : await response.json().catch(() => ({ paused: true }))
  if (said?.paused === false) return
  const text = { zh: String(said?.zh ?? TEXT.zh), en: String(said?.en ?? TEXT.en) }
  throw YibaoError.of('paused', text.en, { text })
}
