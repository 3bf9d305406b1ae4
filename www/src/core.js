// What the entries of the package share. The build makes one module of it, so that there is one `YibaoError` and one
// kind of rules however many entries a program imports.

export * from './analysis-rules.js'
export * from './bytes.js'
export * from './describe.js'
export * from './encode.js'
export * from './engine.js'
export * from './error.js'
export * from './rules.js'
export * from './wire.js'
