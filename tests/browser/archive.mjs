// Reads a zip archive as any unpacker would: by its central directory, each file checked against its CRC-32.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inflateRawSync } from 'node:zlib'
import { expect } from './kit.mjs'

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n
})
const crc = bytes => (bytes.reduce((sum, byte) => (sum >>> 8) ^ table[(sum ^ byte) & 0xff], 0xffffffff) ^ 0xffffffff) >>> 0

/** `[{ name, bytes }]` of an archive. */
export function unpacked(path) {
  const zip = readFileSync(path)
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const count = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  const all = []
  for (let i = 0; i < count; i++) {
    const [method, sum, packed, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 20), zip.readUInt32LE(at + 24)]
    const [nameLength, extra, comment, local] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt16LE(at + 32), zip.readUInt32LE(at + 42)]
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const stored = zip.subarray(start, start + packed)
    const bytes = method === 0 ? stored : inflateRawSync(stored)
    expect([name, bytes.length, crc(bytes)]).toEqual([name, size, sum])
    all.push({ name, bytes })
    at += 46 + nameLength + extra + comment
  }
  return all
}

/** Writes an archive's files below `folder`. */
export function unpackTo(folder, path) {
  for (const { name, bytes } of unpacked(path)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
}
