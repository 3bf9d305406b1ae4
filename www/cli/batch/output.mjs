// Rows written: CSV, JSONL, Arrow.

import { setImmediate as turn } from 'node:timers/promises'
import Papa from 'papaparse'
import { isFormula } from '../shape.mjs'

const BOM = '\ufeff'

/**
 * Writers give the bytes of a heading, of some rows, of the end. Rows are lists of cells under `names`. `formula` is
 * asked for what stands in the place of a cell that a spreadsheet would take for a formula.
 */
export function writerFor(format, names, { bom, arrow, formula }) {
  switch (format) {
    case 'csv': return csv(names, bom, formula)
    case 'jsonl': return jsonl(names)
    default: return arrowWriter(names, arrow)
  }
}

const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/
const line = cells => (cells.some(cell => NEEDS_QUOTES.test(cell)) ? Papa.unparse([cells], { newline: '\n' }) : cells.join(','))

function csv(names, bom, formula) {
  const safe = cells => cells.map(cell => (isFormula(cell) ? formula(cell) : cell))
  return {
    head: () => `${bom ? BOM : ''}${line(safe(names))}\n`,
    rows: all => all.map(cells => `${line(safe(cells))}\n`).join(''),
    end: () => '',
  }
}

const jsonl = names => ({
  head: () => '',
  rows: all => all.map(cells => `${JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']).filter(([, cell]) => cell !== '')))}\n`).join(''),
  end: () => '',
})

/** Every column as text: amounts keep their two decimals. */
function arrowWriter(names, arrow) {
  const schema = new arrow.Schema(names.map(name => new arrow.Field(name, new arrow.Utf8(), true)))
  const writer = new arrow.RecordBatchFileWriter()
  const parts = []
  let ended
  const taken = async () => {
    // What was written comes out in the same turn.
    await turn()
    return Buffer.concat(parts.splice(0))
  }
  return {
    head() {
      writer.reset(undefined, schema)
      ended = (async () => {
        for await (const bytes of writer) parts.push(Buffer.from(bytes))
      })()
      return taken()
    },
    rows(all) {
      if (all.length > 0) writer.write(batchOf(arrow, names, schema, all))
      return taken()
    },
    async end() {
      writer.finish()
      await ended
      return taken()
    },
  }
}

function batchOf(arrow, names, schema, all) {
  const type = new arrow.Utf8()
  const columns = names.map((_, i) => arrow.vectorFromArray(all.map(cells => cells[i] || null), type).data[0])
  const data = arrow.makeData({ type: new arrow.Struct(schema.fields), length: all.length, nullCount: 0, children: columns })
  return new arrow.RecordBatch(schema, data)
}
