// Whether a plan stands in the signed manifest beside it, as the root demands that the host names. The checks are those of
// the command, in a module that is fetched only where a root is named.

const FAILED = { zh: '校验失败：不显示金额', en: 'Check failed: no amount is shown' }

/** What a reader is told: of each code why there is no amount, and in brief. Other codes say that the check failed. */
const WORDS = {
  expired: [{ zh: '规则包的签名已过期，所以不显示任何金额', en: 'The rule pack’s signature has expired, so no amount is shown' }, { zh: '已过期：签名过了最后一天，不显示金额', en: 'Expired: the signature is past its last day, no amount is shown' }],
  missing: [{ zh: '没有取到规则包的签名，所以不显示任何金额', en: 'The rule pack’s signature could not be had, so no amount is shown' }, { zh: '未核验：没有取到签名，不显示金额', en: 'Not checked: the signature could not be had, no amount is shown' }],
  'rolled-back': [{ zh: '规则包比以前核对过的旧，所以不显示任何金额', en: 'The rule pack is older than one checked before, so no amount is shown' }, FAILED],
  'memory-lost': [{ zh: '这台设备上的版本记录坏了，所以不显示任何金额；清除本站数据后再试', en: 'What this device knew of versions is damaged, so no amount is shown; clear this site’s data and try again' }, FAILED],
  'too-few': [{ zh: '规则包的签名不够，所以不显示任何金额', en: 'The rule pack has too few signatures, so no amount is shown' }, FAILED],
  'other-root': [{ zh: '规则包的信任根不是这个网站指定的，所以不显示任何金额', en: 'The rule pack’s root is not the one that this site names, so no amount is shown' }, FAILED],
}

const worded = error => {
  const [text, brief] = WORDS[error.code] ?? []
  return Object.assign(error, { text, brief })
}

/** What was accepted from a folder: only where the host allows the element to store anything. */
function memoryOf(folder, remembers) {
  const key = `yibao-check:accepted:${folder.href}`
  const stored = work => {
    try {
      return remembers ? work(globalThis.localStorage) : null
    } catch {
      // A browser that keeps nothing, as in a private window: expiry is what remains.
      return null
    }
  }
  return { recall: () => stored(store => store.getItem(key)), keep: line => stored(store => store.setItem(key, line)) }
}

async function verifier(assets) {
  try {
    const all = await import(new URL('signatures.js', assets).href)
    await all.init()
    return all
  } catch (cause) {
    throw Object.assign(new Error('the verifier could not be had', { cause }), { code: 'engine' })
  }
}

/**
 * `host`: the element, with the pin it was given; `entry`: what an index says of the plan, whose word alone counts for
 * nothing.
 * Throws with the code of what is wrong, and its words; gives the words of what holds.
 */
export const signedBy = wanted => checked(wanted).catch(error => { throw worded(error) })

async function checked({ host, address, bytes, entry, assets, bytesOf }) {
  const { checkFile, lastText, openManifest, parseLast } = await verifier(assets)
  const folder = new URL('.', address)
  const read = name => bytesOf(new URL(name, folder)).catch(() => undefined)
  const memory = memoryOf(folder, host.storage === 'device')
  const text = memory.recall()
  const manifest = await openManifest({ read, root: host.packRoot.trim(), last: text === null ? undefined : parseLast(text) })
  const { id, region } = checkFile(manifest, address.pathname.slice(address.pathname.lastIndexOf('/') + 1), bytes)
  if (entry !== undefined && (entry.id !== id || entry.regionCode !== region)) throw Object.assign(new Error('the index names another pack or place'), { code: 'other-plan' })
  const { version, expires } = manifest
  memory.keep(lastText(manifest))
  return { zh: `已核验签名：清单第 ${version} 版，有效到 ${expires}`, en: `Signature checked: manifest version ${version}, valid until ${expires}` }
}
