// A password: from a file, or typed and not shown.

import { misuse } from '../exit.mjs'

const WHAT = { zh: '密码文件', en: 'password file' }

/** The password of `--password-file`, or what is typed at a terminal; `twice` when a new one is chosen. */
export async function askPassword(context, { file, twice = false }) {
  if (file !== undefined) return firstLine(context.readText(file, WHAT), file)
  if (!context.stdin.isTTY || !context.stderr.isTTY) throw misuse('no-password', { zh: '私钥有密码，这里又不是终端', en: 'the secret key has a password, and this is no terminal' }, { help: { zh: '用 --password-file 文件（- 表示标准输入）', en: 'give it with --password-file FILE (- for standard input)' } })
  const password = await typed(context, { zh: '私钥密码：', en: 'password of the secret key: ' })
  if (password === '') throw misuse('no-password', { zh: '没有输入密码', en: 'no password was given' })
  if (twice && password !== await typed(context, { zh: '再输一次：', en: 'once more: ' })) throw misuse('no-password', { zh: '两次输入的密码不一样', en: 'the two passwords differ' })
  return password
}

function firstLine(text, file) {
  const line = text.split(/\r?\n/, 1)[0]
  if (line === '') throw misuse('no-password', { zh: `\`${file}\` 的第一行是空的`, en: `the first line of \`${file}\` is empty` })
  return line
}

function typed(context, prompt) {
  const { stdin, stderr } = context
  stderr.write(context.t(prompt))
  stdin.setRawMode(true)
  stdin.resume()
  stdin.setEncoding('utf8')
  return new Promise((done, fail) => {
    let password = ''
    const end = work => {
      stdin.setRawMode(false)
      stdin.pause()
      stdin.off('data', take)
      stderr.write('\n')
      work()
    }
    const take = typed => {
      for (const key of typed) {
        if (key === '\r' || key === '\n') return end(() => done(password))
        if (key === '\u0003') return end(() => fail(misuse('interrupted', { zh: '已取消', en: 'cancelled' })))
        password = key === '\u007f' || key === '\b' ? Array.from(password).slice(0, -1).join('') : password + key
      }
    }
    stdin.on('data', take)
  })
}
