#!/usr/bin/env node
import { reportError } from './errors.js'

// Loaded here, so that an addon that cannot be loaded is an error like any other.
try {
  const { createProgram } = await import('./program.js')
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = reportError(error, !process.argv.includes('--no-color'))
}
