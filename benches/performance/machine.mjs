// The machine and the versions in general terms.

import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { PYTHON } from './install.mjs'

function said(command, args) {
  try {
    return execFileSync(command, args, { encoding: 'utf8' }).trim().split('\n')[0]
  } catch {
    return 'not found'
  }
}

export const machine = () => ({
  processor: `${cpus()[0].model.trim()}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  system: `${process.platform} ${process.arch}`,
  node: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
  python: said(PYTHON, ['--version']),
  rust: said('rustc', ['--version']).replace(/ \(.*/u, ''),
})
