// What a host lets the element offer. Passing answers on and keeping them is off until a host asks for it.

export const FEATURES = ['chart', 'compare', 'year', 'print', 'share', 'speech', 'save', 'export']
const USUAL = ['chart', 'compare', 'year', 'print', 'speech', 'export']

/** Of `features`: all but `share` and `save` where it is left out. */
export const allowed = text => new Set(text === null || text === undefined ? USUAL : text.trim().split(/[\s,]+/u).filter(one => FEATURES.includes(one)))
