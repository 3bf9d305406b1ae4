// What is wrong with a file that should be a table. `place` is a part, a line of one, or a cell.

import { misuse } from '../exit.mjs'

export class SheetFault extends Error {
  constructor(code, place, text, help) {
    super(text.en)
    Object.assign(this, { code, place, text, help })
  }

  /** The complaint that the command ends with. */
  of(path) {
    const at = this.place === undefined ? '' : `${this.place} `
    return misuse(this.code, { zh: `\`${path}\` ${at}${this.text.zh}`, en: `\`${path}\` ${at}${this.text.en}` }, { help: this.help, cause: this })
  }
}

/** The most that a table has: a filled one has 30 rows of four cells. */
export const MOST = { bytes: 4 * 1024 * 1024, rows: 2_000, columns: 256, cells: 100_000, letters: 4_000_000, cell: 32_767, merged: 1_000, strings: 100_000 }

export const tooLarge = (place, text) => new SheetFault('too-large', place, text, { zh: '只留待遇表这一张工作表，别处的内容删去', en: 'keep the sheet of the table only, and nothing beside it' })
export const damaged = (place, text) => new SheetFault('damaged', place, text, { zh: '在 Excel 或 WPS 里打开，另存为 .xlsx', en: 'open it in Excel or WPS and save it as .xlsx' })
