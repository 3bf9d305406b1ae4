// Signed packs as a TypeScript program uses them.
import { MANIFEST, openPacks, verify, YibaoError, type Kept, type OpenPacks } from 'yibao-rules/signatures'

const held = new Map<string, Uint8Array>()
const kept: Kept = {
  get: () => (held.size === 0 ? undefined : held),
  put: ({ version, files }) => {
    if (version > 0) for (const [name, content] of files) if (typeof content !== 'string') held.set(name, content)
  },
}

export async function packs(read: (name: string) => Promise<Uint8Array>): Promise<OpenPacks> {
  try {
    return await openPacks({ read, kept, keys: ['RW…'], today: '2026-12-01' })
  } catch (error) {
    if (error instanceof YibaoError && error.code === 'expired') throw new Error(`${MANIFEST} has expired`)
    throw error
  }
}

export const signer: string = verify(new Uint8Array(), 'signature', 'key').key
// @ts-expect-error a manifest's version is not to be written to
;(await packs(async () => new Uint8Array())).manifest.version = 1
