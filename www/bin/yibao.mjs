#!/usr/bin/env node
// The command: packs and cases from files, with the engine that a portal loads.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const HELP = `yibao COMMAND

  eval PACK -s SERVICE -i FILE    decide the case in FILE (YAML or JSON; - is standard input)
      --json                      the whole decision as JSON instead of words
      --lang zh-CN|en             language of the words (zh-CN)
      --register patient|officer|developer
                                  for whom the words are (patient)
      --step STEP                 explain one step only
      --strict                    exit code 4 unless the case is computed
  check PACK...                   every problem of the packs
  help                            this text

PACK is a folder with a pack.yaml, a file, a .plan.json, or the id of a pack under packs/. The vocabulary
(../vocabulary.yaml) and the packs named in \`frame:\` (../PACK/pack.yaml) are found beside it.

Exit codes: 0 all well, 2 wrong usage or an unreadable file or case, 3 an invalid pack, 4 not computed (--strict).
`

const USAGE = 2
const INVALID_PACK = 3
const NOT_COMPUTED = 4

/** Ends the command with a complaint. */
class Stop extends Error {
  constructor(code, message) {
    super(message)
    this.code = code
  }
}

const usage = message => new Stop(USAGE, message)

const OPTIONS = {
  service: { type: 'string', short: 's' },
  input: { type: 'string', short: 'i' },
  json: { type: 'boolean' },
  lang: { type: 'string', default: 'zh-CN' },
  register: { type: 'string', default: 'patient' },
  step: { type: 'string' },
  strict: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
}

function parse(args) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw usage(`${error.message}\n\n${HELP}`)
  }
}

/** A file's bytes, or a complaint in its user's terms. */
function read(path, what) {
  let bytes
  try {
    bytes = path === '-' ? readFileSync(0) : readFileSync(path)
  } catch (error) {
    switch (error.code) {
      case 'ENOENT': throw usage(`there is no ${what} \`${path}\``)
      case 'EISDIR': throw usage(`\`${path}\` is a folder, expected ${what === 'pack' ? 'a pack' : 'a file'}`)
      default: throw usage(`\`${path}\` cannot be read: ${error.message}`)
    }
  }
  if (bytes.length === 0) throw usage(`\`${path}\` is empty`)
  return bytes
}

const isFolder = path => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** The file that a PACK argument means. */
function packFile(given) {
  if (isFolder(given)) {
    const inside = join(given, 'pack.yaml')
    if (existsSync(inside)) return inside
    throw usage(`the folder \`${given}\` has no pack.yaml`)
  }
  if (existsSync(given)) return given
  const shipped = [join('packs', given, 'pack.yaml'), packagePlan(given)]
  const found = shipped.find(path => existsSync(path))
  if (found !== undefined) return found
  const near = isFolder('packs') ? readdirSync('packs').filter(name => existsSync(join('packs', name, 'pack.yaml'))) : []
  throw usage(`there is no pack \`${given}\`${near.length > 0 ? `; packs/ has ${near.join(' ')}` : ''}`)
}

const packagePlan = id => fileURLToPath(new URL(`../dist/plans/${basename(id)}.plan.json`, import.meta.url))

/** What a pack leans on, beside it. */
function companions(path, text) {
  const beside = resolve(dirname(path), '..')
  const shared = join(beside, 'vocabulary.yaml')
  const vocabulary = existsSync(shared) ? { file: shared, text: read(shared, 'vocabulary') } : undefined
  const names = new Set(Array.from(text.matchAll(/\bframe:\s*["']?([a-z0-9-]+)\//g), match => match[1]))
  const frames = [...names].map(name => join(beside, name, 'pack.yaml')).filter(file => existsSync(file))
  return { vocabulary, frames: frames.map(file => ({ file, text: read(file, 'pack') })) }
}

async function authoring() {
  try {
    return await import('../dist/authoring-node.js')
  } catch (error) {
    throw usage(`the package is not built (${error.message}); run \`cargo xtask build\``)
  }
}

/** Diagnostics with the lines that they are about. */
function rendered(engine, diagnostics, texts) {
  return diagnostics.map(problem => engine.renderDiagnostic(problem, texts.get(problem.place?.file)).trimEnd()).join('\n')
}

function openPack(engine, given) {
  const path = packFile(given)
  const bytes = read(path, 'pack')
  const text = new TextDecoder().decode(bytes)
  const options = { file: path, ...companions(path, text) }
  const texts = new Map([options.vocabulary, ...options.frames].filter(Boolean).map(({ file, text }) => [file, new TextDecoder().decode(text)]))
  texts.set(path, text)
  return { path, bytes, options, texts }
}

function load(engine, given) {
  const { path, bytes, options, texts } = openPack(engine, given)
  try {
    return path.endsWith('.plan.json') ? engine.loadPlan(bytes) : engine.loadPack(bytes, options)
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    throw new Stop(INVALID_PACK, `\`${given}\` is not a valid pack\n${rendered(engine, error.diagnostics, texts)}`)
  }
}

function chosenService(rules, given) {
  const ids = rules.services.map(({ id }) => id)
  if (given === undefined) {
    if (ids.length === 1) return ids[0]
    throw usage(`which service? \`-s\` takes one of ${ids.join(' ')}`)
  }
  if (!ids.includes(given)) throw usage(`there is no service \`${given}\`; services are ${ids.join(' ')}`)
  return given
}

async function evaluate(packs, { service, input, json, lang, register, step, strict }) {
  if (packs.length !== 1) throw usage(`\`eval\` takes one PACK, found ${packs.length}\n\n${HELP}`)
  if (input === undefined) throw usage('`eval` expects the case: -i FILE')
  const engine = await authoring()
  const rules = load(engine, packs[0])
  const asked = chosenService(rules, service)
  const bytes = read(input, 'case')
  const texts = new Map([[input, new TextDecoder().decode(bytes)]])
  let parsed
  try {
    parsed = engine.parseCase(bytes, { file: input })
    const decision = rules.evaluate(asked, parsed)
    const words = json ? JSON.stringify(decision, null, 2) : rules.explain(asked, parsed, { step, register, lang })
    process.stdout.write(words.endsWith('\n') ? words : `${words}\n`)
    return strict && decision.outcome !== 'computed' ? NOT_COMPUTED : 0
  } catch (error) {
    if (!(error instanceof engine.YibaoError)) throw error
    const { diagnostics } = parsed === undefined ? error : engine.located(error, parsed)
    throw usage(rendered(engine, diagnostics, texts))
  }
}

async function check(packs) {
  if (packs.length === 0) throw usage(`\`check\` expects a PACK\n\n${HELP}`)
  const engine = await authoring()
  let errors = 0
  for (const given of packs) {
    const { bytes, options, texts } = openPack(engine, given)
    const found = engine.checkPack(bytes, options)
    if (found.length > 0) process.stderr.write(`${rendered(engine, found, texts)}\n`)
    errors += found.filter(({ severity }) => severity === 'error').length
    process.stdout.write(`${given}: ${found.length === 0 ? 'no problems' : `${found.length} problems`}\n`)
  }
  return errors > 0 ? INVALID_PACK : 0
}

async function main(args) {
  const { values, positionals: [command, ...packs] } = parse(args)
  if (values.help || command === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  switch (command) {
    case 'eval': return evaluate(packs, values)
    case 'check': return check(packs)
    case undefined: throw usage(`a command is missing\n\n${HELP}`)
    default: throw usage(`unknown command \`${command}\`; expected one of eval check help\n\n${HELP}`)
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Stop)) throw error
  process.stderr.write(`yibao: ${error.message.trimEnd()}\n`)
  process.exitCode = error.code
}
