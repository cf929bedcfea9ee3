import { readFileSync } from 'node:fs'
import t from 'tap'
import { schemaHeader } from '../../../scripts/schema-header.js'
import { schemaPage } from '../../../scripts/schema-page.js'

const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

t.test('what is generated from the schema is up to date: else run `npm run generate`', async (t) => {
  t.equal(committed('native/model/schema.h'), schemaHeader())
  t.equal(committed('docs/schema.md'), schemaPage())
})

t.test('the schema page names the fields that values come from, not what a mapping chooses by', async (t) => {
  const page = schemaPage()
  t.match(page, ': `UtcTime`, `EventTime`, `TimeCreated`, `@timestamp`; etw: `time` |')
  t.match(
    page,
    'sysmon: `DestinationIp`, `SourceIp`; security: `DestAddress`, `SourceAddress`; etw: `remote_ip` |',
  )
  t.match(page, 'security: `NewValue` |')
})
