// Problems for people (with the line they are about), for editors (one line each) and for programs (JSON).

import { ofSystem } from './errno.mjs'
import { EXIT, Failure } from './exit.mjs'
import { MEANINGS } from './problems.mjs'
import { jsonText, oneLine } from './terminal.mjs'

/** Writes diagnostics of the engine to standard error. `texts` maps their files to contents. */
export async function diagnostics(context, found, texts = new Map()) {
  if (found.length === 0) return
  const engine = await context.engine()
  for (const problem of found) {
    switch (context.errorFormat) {
      case 'json': context.note(jsonText(problem)); break
      case 'plain': context.note(plain(problem)); break
      default: context.note(`${human(context, engine, problem, texts)}\n\n`)
    }
  }
}

/** As the engine shows it, and in Chinese what its code means. */
export function human(context, engine, problem, texts) {
  const shown = painted(context, engine.renderDiagnostic(problem, texts.get(problem.place?.file)))
  const meaning = context.lang === 'en' ? undefined : MEANINGS[problem.code]
  return meaning === undefined ? shown : `${shown}\n${/^ *(?=\|)/m.exec(shown)?.[0] ?? ' '}= 说明：${meaning}`
}

/** `file:line:column: error[code]: message`, as editors and CI read it. */
export function plain({ code, severity, place, message, help }) {
  const at = place === undefined ? '' : place.file === '' ? `${place.path}: ` : `${place.file}:${place.line}:${place.column}: `
  return oneLine(`${at}${severity}[${code}]: ${message}${help === undefined ? '' : ` (${help})`}`)
}

function painted(context, rendered) {
  if (!context.color) return rendered.trimEnd()
  return rendered.trimEnd()
    .replace(/^(error|warning)(\[[a-z0-9-]+\])?/gm, (head, severity) => context.paint(severity === 'error' ? ['red', 'bold'] : ['yellow', 'bold'], head))
    .replace(/\^+/g, marks => context.paint('red', marks))
}

/** Whatever was thrown, as a complaint. What is neither one nor of the system is no fault of the command's user. */
export function complaint(error) {
  if (error instanceof Failure) return error
  const text = { zh: `命令自身出错，请报告：${error.stack}`, en: `a fault of the command itself, please report it: ${error.stack}` }
  return ofSystem(error) ?? new Failure(EXIT.FAULT, 'fault', text, { cause: error })
}

/** Writes the complaint a command ended with. */
export async function failure(context, error) {
  await diagnostics(context, error.diagnostics, error.texts)
  const [message, help] = [context.t(error.text), error.help && context.t(error.help)]
  switch (context.errorFormat) {
    case 'json': context.note(jsonText({ code: error.code, severity: 'error', message, ...(help && { help }), exit: error.exit })); break
    case 'plain': context.note(plain({ code: error.code, severity: 'error', message, help })); break
    default: context.note(`${context.paint(['red', 'bold'], 'yibao:')} ${message}\n${help ? `  ${context.t({ zh: '提示：', en: 'help: ' })}${help}\n` : ''}`)
  }
}
