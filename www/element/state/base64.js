/** Bytes from base64, also from the letters of it that an address can carry. */
export const unbase64 = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0))
