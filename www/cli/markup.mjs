// Text in HTML, SVG and XML.

import { visible } from './terminal.mjs'

const NAMED = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text that stands for itself, in an element or in a quoted attribute. */
export const markup = text => visible(text ?? '').replace(/[&<>"]/g, one => NAMED[one])
