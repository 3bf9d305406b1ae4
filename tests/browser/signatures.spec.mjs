// Signatures in a page under the strict content policy: the same module as in Node, loaded when asked for.
import { fileURLToPath } from 'node:url'
import { expect, test } from './kit.mjs'
import { page as html } from './portal.mjs'
import { serve } from './server.mjs'

/** The package as a page without a bundler serves it. */
const PACKAGE = fileURLToPath(new URL('../../www/dist', import.meta.url))

test.use({ screenshot: 'off' })

// A vector of minisign's author.
const KEY = 'RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3'
const SIGNATURE = `untrusted comment: signature from minisign secret key
RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=
trusted comment: timestamp:1633700835\tfile:test\tprehashed
wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAooBQ==
`

test('a page verifies what minisign signed, and loads nothing of it before', async ({ page }) => {
  const loaded = []
  page.on('request', request => loaded.push(new URL(request.url()).pathname))
  const server = await serve(PACKAGE, { pages: { '/page.html': html('') } })
  await page.goto(`${server.url}/page.html`)
  await page.evaluate(async () => (await import('/analysis.js')).init())
  expect(loaded.some(path => path.endsWith('/analysis/yibao_first.wasm'))).toBe(true)
  expect(loaded.filter(path => path.includes('signatures'))).toEqual([])
  const answers = await page.evaluate(async ([key, signature]) => {
    const { init, sha256, verify } = await import('/signatures.js')
    await init()
    const refused = (...args) => {
      try {
        return verify(...args)
      } catch (error) {
        return error.code
      }
    }
    return [verify('test', signature, key), refused('Test', signature, key), refused('test', signature.replace('file:test', 'file:best'), key), sha256('abc')]
  }, [KEY, SIGNATURE])
  expect(answers).toEqual([
    { key: 'E7620F1842B4E81F', comment: 'timestamp:1633700835\tfile:test\tprehashed' }, 'altered', 'altered-comment',
    // FIPS 180-2, appendix B.1
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  ])
  expect(loaded.filter(path => path.endsWith('/signatures/yibao_bg.wasm'))).toHaveLength(1)
  await server.close()
})
