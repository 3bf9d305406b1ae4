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
export function signatureFile(name: string): string
export function rootFile(version: number): string
export function planFile(id: string): string

/** The day it is in China (UTC+8), where the last day of a manifest ends. */
export function chinaDay(now?: number): string
/** Whether a text is a day of the calendar, `2027-06-30`. */
export function isDay(value: unknown): boolean

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

/** Keys, as the 56 characters of each, and how many of them have to sign. */
export interface KeySet {
  readonly threshold: number
  readonly keys: readonly string[]
}

/** Whose signatures count. */
export interface Root {
  readonly root: 1
  readonly version: number
  readonly expires: string
  /** Sign roots: this one and the next. */
  readonly rootKeys: KeySet
  /** Sign manifests. */
  readonly packKeys: KeySet
}

export interface ManifestEntry {
  readonly id: string
  /** Code of GB/T 2260. */
  readonly region: string
  readonly revision: string
  /** SHA-256 of the pack's canonical form, as decisions name it. */
  readonly digest: string
  readonly bytes: number
  /** SHA-256 of the plan's file. */
  readonly sha256: string
}

export interface Manifest {
  readonly manifest: 1
  /** Version of the root that it stands under. */
  readonly root: number
  /** Only ever grows under one root. */
  readonly version: number
  /** The last day on which it is valid. */
  readonly expires: string
  readonly packs: readonly ManifestEntry[]
}

/** What was accepted: the root by its pin, the manifest's version and its SHA-256. */
export interface Last {
  readonly pin: string
  readonly version: number
  readonly sha256: string
}

/** A manifest whose signatures hold. */
export interface OpenManifest extends Manifest, Last {
  readonly signedBy: readonly Signed[]
}

/** A file by its name; undefined where there is none. */
export type Read = (name: string) => Content | undefined | Promise<Content | undefined>

export interface ManifestOptions {
  read: Read
  /** Pin of the root that is trusted, `VERSION:SHA-256`. */
  root: string
  /** The day it is, `2027-06-30`. China's by the host's clock where left out. */
  today?: string
  last?: Last
}

/** The one way in which a root and a manifest are written. */
export function rootText(root: Omit<Root, 'root'>): string
export function manifestText(manifest: Omit<Manifest, 'manifest'>): string
/** Read them without asking who signed. Throw `bad-root` and `bad-manifest`. */
export function parseRoot(content: Content): Root
export function parseManifest(content: Content): Manifest
export function pinOf(root: Content): string
/** The signatures of a file, one after the other. Throws `bad-signature`. */
export function signaturesOf(content: Content): string[]
/** What was accepted in one line, and read from it. Throws `memory-lost`. */
export function lastText(last: Last): string
export function parseLast(text: string): Last

/**
 * The manifest, held to root, signatures, day and what was accepted before. Throws `YibaoError` with a code of
 * `docs/signing.md`.
 */
export function openManifest(options: ManifestOptions): Promise<OpenManifest & { readonly files: ReadonlyMap<string, Uint8Array> }>

/** What a manifest says of a plan; texts are undefined where it is none. */
export function entryOf(plan: Content): ManifestEntry

/** Holds a plan against its entry. Throws `unlisted`, `altered` or `other-plan`. */
export function checkFile(manifest: Pick<Manifest, 'packs'>, file: string, content: Content): ManifestEntry

/** Where the last good packs are kept. */
export interface Kept {
  /** What was accepted, and all files of the set by name; undefined where nothing was kept yet. */
  get(): { last: Last, files: ReadonlyMap<string, Content> } | undefined | Promise<{ last: Last, files: ReadonlyMap<string, Content> } | undefined>
  /** Replaces the set, whole or not at all. */
  put(set: { last: Last, files: ReadonlyMap<string, Uint8Array> }): void | Promise<void>
}

export interface OpenPacks {
  readonly manifest: OpenManifest
  /** All files by name, with manifest, roots and signatures. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Why the packs that were offered are not these, where the last good ones had to serve. */
  readonly problem: Error | undefined
}

/**
 * The packs to use: those that `read` offers if all of them may be accepted, else the last good ones, with the reason
 * as `problem`. Throws the reason where nothing good is left.
 */
export function openPacks(options: Omit<ManifestOptions, 'last'> & { kept?: Kept }): Promise<OpenPacks>
