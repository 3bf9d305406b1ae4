// What the element says of itself is what it does: manifest, words, lockfile.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { root } from './kit.mjs'

const folder = join(root, 'www/element')
const files = readdirSync(folder, { recursive: true }).map(String)
const sources = files.filter(name => name.endsWith('.js')).map(name => [name, readFileSync(join(folder, name), 'utf8')])
const code = sources.filter(([name]) => !name.startsWith('words')).map(([, text]) => text).join('\n')
const styles = files.filter(name => name.endsWith('.css')).map(name => readFileSync(join(folder, name), 'utf8')).join('\n')
const manifest = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8')).modules[0].declarations[0]
const types = readFileSync(join(folder, 'yibao-check.d.ts'), 'utf8')

const found = (text, pattern) => [...new Set([...text.matchAll(pattern)].map(([, name]) => name))].sort()
const names = list => list.map(one => one.name).sort()
const kebab = name => name.replace(/[A-Z]/gu, letter => `-${letter.toLowerCase()}`)

test('the manifest names every attribute, event, slot, part and custom property, and no other', () => {
  const element = readFileSync(join(folder, 'element.js'), 'utf8')
  const [, properties] = element.match(/const PROPERTIES = \{([\s\S]*?)\n\}/u)
  const attributes = found(properties, /(\w+): \{/gu).map(kebab)
  assert.deepEqual(names(manifest.attributes), [...attributes, 'name'].sort())
  assert.deepEqual(names(manifest.events), found(code, /\btell\((?:unsupported \? )?'(\w+)'/gu).map(name => `yibao-${name}`).concat(code.includes("? 'unsupported' : 'error'") ? 'yibao-error' : []).filter((name, i, all) => all.indexOf(name) === i).sort())
  assert.deepEqual(names(manifest.slots).filter(Boolean), found(code, /<slot name="(\w+)"/gu))
  assert.deepEqual(names(manifest.cssParts), found(code, /\bpart="([\w-]+)"/gu))
  assert.deepEqual(names(manifest.cssProperties), found(code + styles, /(--yibao-[\w-]+)/gu))
})

test('the types name the same attributes and events', () => {
  const [, attributes] = types.match(/interface YibaoCheckAttributes \{([\s\S]*?)\n\}/u)
  assert.deepEqual(found(attributes, /^ {2}'?([\w-]+)'?\?:/gmu), names(manifest.attributes))
  assert.deepEqual(found(types, /'(yibao-\w+)': CustomEvent/gu), names(manifest.events))
})

test('every word is there in both languages, and every word is used', async () => {
  const { ZH } = await import(join(folder, 'words/zh.js'))
  const { ZH: LATER } = await import(join(folder, 'words/zh-answer.js'))
  const { EN } = await import(join(folder, 'words/en.js'))
  const all = { ...ZH, ...LATER }
  assert.equal(Object.keys(all).length, Object.keys(ZH).length + Object.keys(LATER).length)
  assert.deepEqual(Object.keys(all).sort(), Object.keys(EN).sort())
  const placeholders = text => found(text, /\{(\w+)\}/gu)
  for (const [key, text] of Object.entries(all)) assert.deepEqual(placeholders(EN[key]), placeholders(text), key)
  for (const key of found(code, /(?<!#)\bsay\('([\w.-]+)'/gu)) assert.ok(key in all, key)
  const stems = found(code, /`([\w-]+)\.\$\{/gu)
  for (const key of Object.keys(all)) assert.ok(code.includes(`'${key}'`) || stems.some(stem => key.startsWith(`${stem}.`)), `nothing says ${key}`)
})

test('no file of the element is long, none parses markup, and the lockfile names no registry', () => {
  for (const [name, text] of sources) {
    assert.ok(text.split('\n').length < 500, name)
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|unsafeHTML|document\.write|\beval\(/u, name)
  }
  assert.doesNotMatch(readFileSync(join(root, 'www/package-lock.json'), 'utf8'), /"resolved"/u)
})
