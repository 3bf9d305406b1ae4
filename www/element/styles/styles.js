// One sheet of all parts.

import base from './base.css'
import form from './form.css'

export const styles = base + form
