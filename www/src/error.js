/** What every refused call throws: a stable code, and all diagnostics. */
export class YibaoError extends Error {
  constructor(diagnostics, options) {
    const [first] = diagnostics
    super(diagnostics.map(line).join('\n') || 'the engine reported nothing', options)
    this.name = 'YibaoError'
    this.code = first?.code ?? 'internal'
    this.diagnostics = diagnostics
  }

  /** An error of one diagnostic. */
  static of(code, message, extra) {
    const { cause, ...rest } = extra ?? {}
    return new YibaoError([{ code, severity: 'error', message, ...rest }], cause === undefined ? undefined : { cause })
  }
}

function line({ code, message, help, place }) {
  const at = place?.file ? `${place.file}:${place.line}:${place.column}: ` : place?.path ? `${place.path}: ` : ''
  return `${at}${message} [${code}]${help ? `; ${help}` : ''}`
}
