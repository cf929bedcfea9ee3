/** Writes the page of all error codes. */
import { troubleshootingPage } from './troubleshooting-page.js'
import { writeGenerated } from './write-generated.js'

writeGenerated({ 'docs/troubleshooting.md': troubleshootingPage })
