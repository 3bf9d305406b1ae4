#!/usr/bin/env node
// The command: packs and cases from files, with the engine that a portal loads.

import { program } from '../cli/main.mjs'

await program()
