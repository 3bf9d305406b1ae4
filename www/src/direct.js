/**
 * Fetches a file of the package, a plan or a list of plans from its very address. A redirect is refused: an open one of
 * the site could lead to a stranger's file.
 */
export const fetchDirectly = (address, options) => fetch(address, { ...options, redirect: 'error' })
