// Typed arrays that a caller gives, of whatever realm: an iframe's, jsdom's, a worker's. `instanceof` knows those of
// this realm only, and a property may say anything; what is asked here is the array itself.

const TYPED = Object.getPrototypeOf(Uint8Array.prototype)
const asks = key => {
  const { get } = Object.getOwnPropertyDescriptor(TYPED, key)
  return value => get.call(value)
}
/** The name of its type, such as `Uint8Array`; undefined for what is no typed array. */
export const typeOf = asks(Symbol.toStringTag)
const [bufferOf, offsetOf, lengthOf] = ['buffer', 'byteOffset', 'length'].map(asks)

/**
 * The same memory as an array of this realm and of the length that it has now: where its buffer shrinks, the length is
 * 0. Undefined for what is no such array.
 */
export function viewOf(value, array) {
  return typeOf(value) === array.name ? new array(bufferOf(value), offsetOf(value), lengthOf(value)) : undefined
}

/** The bytes of a `Uint8Array` or Node's `Buffer`; undefined for anything else. */
export const bytesOf = value => viewOf(value, Uint8Array)
