// The oldest browsers that everything a page loads is written for: its syntax by the bundler, what it calls by
// `tests/node/floor.test.mjs`. What one of them lacks is asked for before it is called.

export const FLOOR = ['chrome80', 'safari14', 'firefox79']

/**
 * For the bundler, which takes two things for missing because rare forms of them failed: destructuring before Safari
 * 14.1, which it cannot rewrite, and optional chaining before Chrome 91, where arguments are spread behind it. The lint
 * looks for the second; a default value that names a variable of the same list, the first, is not used.
 */
export const SYNTAX = { target: FLOOR, supported: { destructuring: true, 'optional-chain': true } }
