/** Writes what is generated from the schema. */
import { schemaHeader } from './schema-header.js'
import { schemaPage } from './schema-page.js'
import { writeGenerated } from './write-generated.js'

writeGenerated({ 'native/model/schema.h': schemaHeader, 'docs/schema.md': schemaPage })
