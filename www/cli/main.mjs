// The command: finds which one is meant, runs it, and turns what went wrong into words and an exit code.

import { COMMON, FORMATS, LANGS, nearest, parse } from './args.mjs'
import { load, names } from './commands.mjs'
import { Context } from './context.mjs'
import { EXIT, misuse } from './exit.mjs'
import { removeHalfWritten } from './atomic.mjs'
import { writeFailure } from './errno.mjs'
import { ofCommand, overview } from './help.mjs'
import { complaint, failure } from './report.mjs'

/** The language of the environment; the engine's own where it says nothing. */
function langOf(env) {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^en/i.test(locale) ? 'en' : 'zh-CN'
}

function colorOf(asked, stream, env) {
  if (asked === 'always') return true
  if (asked === 'never' || env.NO_COLOR) return false
  return env.FORCE_COLOR ? env.FORCE_COLOR !== '0' : Boolean(stream.isTTY) && env.TERM !== 'dumb'
}

/** How to speak, found before the arguments are known to be right. */
function manner(args, env, stream) {
  const after = name => {
    const at = args.lastIndexOf(`--${name}`)
    return at >= 0 ? args[at + 1] : args.findLast(word => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  }
  const one = (value, choices, other) => (choices.includes(value) ? value : other)
  return {
    lang: one(after('lang'), LANGS, langOf(env)),
    errorFormat: one(after('error-format'), FORMATS, 'human'),
    color: colorOf(one(after('color'), COMMON.color.choices, 'auto'), stream, env),
  }
}

/** Where the command's name stands: the first word that is no option of every command. */
function commandOf(args) {
  for (let i = 0; i < args.length; i++) {
    const word = args[i]
    if (!word.startsWith('-')) return [word, args.toSpliced(i, 1)]
    if (COMMON[word.slice(2)]?.type === 'string') i += 1
  }
  return [undefined, args]
}

async function named(name) {
  if (names.includes(name)) return load(name)
  const near = nearest(name, names)
  throw misuse('unknown-command', { zh: `没有命令 \`${name}\``, en: `there is no command \`${name}\`` }, {
    help: near ? { zh: `是不是 \`${near}\`？`, en: `did you mean \`${near}\`?` } : { zh: `命令有 ${names.join(' ')}`, en: `commands are ${names.join(' ')}` },
  })
}

/** Complaints that the usage line answers. */
const FORGOTTEN = ['wrong-arguments', 'missing-option', 'no-case']

async function dispatch(args, io, how) {
  const t = text => new Context({ ...how, ...io }).t(text)
  const [name, rest] = commandOf(args)
  if (name === undefined && rest.includes('--version')) {
    const context = new Context({ ...how, ...io })
    context.out((await context.package()).version)
    return EXIT.OK
  }
  if (name === undefined || name === 'help') {
    const { values, positionals } = parse(rest)
    if (name === undefined && !values.help) throw misuse('no-command', { zh: '缺少命令', en: 'a command is missing' }, { help: { zh: '`yibao help` 列出全部命令', en: '`yibao help` lists them' } })
    new Context({ ...how, ...io }).out(positionals.length > 0 ? ofCommand(await named(positionals[0]), t) : await overview(t))
    return EXIT.OK
  }
  const command = await named(name)
  const { values, positionals } = parse(rest, command.options)
  const context = new Context({ ...how, ...io, args: positionals, options: values })
  if (values.help) {
    context.out(ofCommand(command, t))
    return EXIT.OK
  }
  try {
    return (await command.run(context)) ?? EXIT.OK
  } catch (error) {
    if (FORGOTTEN.includes(error.code)) error.help ??= { zh: `用法：yibao ${command.name} ${command.usage[0]}`, en: `usage: yibao ${command.name} ${command.usage[0]}` }
    throw error
  }
}

/** Runs the command with these words; gives its exit code. */
export async function main(args, io = {}) {
  const { env = process.env, stdout = process.stdout } = io
  const how = manner(args, env, stdout)
  try {
    return await dispatch(args, io, how)
  } catch (error) {
    const context = new Context({ ...how, ...io })
    const failed = complaint(error)
    await failure(context, failed)
    return failed.exit
  }
}

/** As a program: signals and closed pipes end it quietly, with nothing half-written. */
export async function program() {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', error => {
      removeHalfWritten()
      // Who reads has had enough (`yibao … | head`).
      if (error.code === 'EPIPE') process.exit(EXIT.OK)
      const { lang } = manner(process.argv.slice(2), process.env, process.stdout)
      const { text } = writeFailure(error, 'stdout')
      if (stream !== process.stderr) process.stderr.write(`yibao: ${lang === 'en' ? text.en : text.zh}\n`)
      process.exit(EXIT.USAGE)
    })
  }
  process.exitCode = await main(process.argv.slice(2))
}
