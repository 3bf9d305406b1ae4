// Signed packs. Signatures are minisign's: Ed25519 over the BLAKE2b-512 of a file.

import type { WasmSource } from './index.js'

export { YibaoError } from './index.js'

/** Contents of a file: bytes, or text that stands for its UTF-8. */
export type Content = Uint8Array | string

/** Loads the module (29 KB packed). Node does so at import. */
export function init(options?: { wasm?: WasmSource | Promise<WasmSource> }): Promise<void>
export function initSync(module: ArrayBuffer | ArrayBufferView | WebAssembly.Module): void

/** Names of the signed list of contents and of its signature. */
export const MANIFEST: 'packs.manifest.json'
export const SIGNATURE: 'packs.manifest.json.minisig'

/** Who signed, and the comment that is signed with the file. */
export interface Signed {
  readonly key: string
  readonly comment: string
}

/**
 * Checks a detached signature against public keys (minisign's files, or their second lines).
 * Throws `YibaoError` with the code `bad-key`, `bad-signature`, `other-key`, `altered` or `altered-comment`.
 */
export function verify(file: Content, signature: Content, keys: Content | readonly Content[]): Signed

/** The id of a public key, as minisign shows it. */
export function keyId(key: Content): string

/** The id of the key that a signature names; nothing is proved by it. */
export function signatureKey(signature: Content): string

/** SHA-256, hexadecimal; also on pages that were not loaded over https. */
export function sha256(content: Content): string

/** BLAKE2b-256. */
export function blake2b256(content: Content): Uint8Array

export interface ManifestEntry {
  readonly id: string
  readonly revision: string
  /** SHA-256 of the pack's canonical form, as decisions name it. */
  readonly digest: string
  readonly file: string
  readonly bytes: number
  /** SHA-256 of the file. */
  readonly sha256: string
}

export interface Manifest {
  readonly manifest: 1
  /** Only ever grows. */
  readonly version: number
  /** The last day on which it is valid. */
  readonly expires: string
  readonly packs: readonly ManifestEntry[]
}

/** A manifest whose signature holds. */
export interface OpenManifest extends Manifest, Signed {
  readonly sha256: string
}

/** What was accepted before. */
export interface Last {
  readonly version: number
  readonly sha256: string
}

export interface ManifestOptions {
  /** Public keys of those whose packs are accepted. */
  keys: Content | readonly Content[]
  /** The day it is, `2027-06-30`. The host's clock where left out. */
  today?: string
  last?: Last
}

/** Reads a manifest without asking who signed it. Throws `bad-manifest`. */
export function parseManifest(content: Content): Manifest

/** Throws what `verify` throws, `bad-manifest`, `expired` or `rolled-back`. */
export function openManifest(content: Content, signature: Content, options: ManifestOptions): OpenManifest

/** Holds a file against its entry. Throws `unlisted` or `altered`. */
export function checkFile(manifest: Manifest, file: string, content: Content): ManifestEntry

/** Where the last good packs are kept. */
export interface Kept {
  /** All files of the set, by name; undefined where nothing was kept yet. */
  get(): ReadonlyMap<string, Content> | undefined | Promise<ReadonlyMap<string, Content> | undefined>
  /** Replaces the set, whole or not at all. */
  put(set: { version: number, files: ReadonlyMap<string, Content> }): void | Promise<void>
}

export interface OpenPacks {
  readonly manifest: OpenManifest
  /** All files by name, with the manifest and its signature. */
  readonly files: ReadonlyMap<string, Content>
  /** Why the packs that were offered are not these, where the last good ones had to serve. */
  readonly problem: Error | undefined
}

/**
 * The packs to use: those that `read` offers if all of them may be accepted, else the last good ones, with the reason
 * as `problem`. Throws the reason where nothing good is left.
 */
export function openPacks(options: {
  read(name: string): Content | Promise<Content>
  kept?: Kept
  keys: Content | readonly Content[]
  today?: string
}): Promise<OpenPacks>
