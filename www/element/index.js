// Loading this file defines <yibao-check>. Loading it twice, or two versions of it, is harmless: the first one stays.

import { YibaoCheck } from './element.js'

export { YibaoCheck }

if (!customElements.get('yibao-check')) customElements.define('yibao-check', YibaoCheck)
