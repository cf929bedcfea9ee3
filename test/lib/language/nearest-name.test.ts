import t from 'tap'
import { nearestName } from '../../../lib/language/nearest-name.js'
import { propertySynonym } from '../../../lib/language/property-synonyms.js'

t.test('a slip: a letter left out, too many, wrong, or swapped with the next', async (t) => {
  const names = ['command_line', 'process_name', 'process_path', 'parent_name']
  for (const slip of [
    'comand_line',
    'commmand_line',
    'commamd_line',
    'comamnd_line',
    'Command_Line',
    'command_line',
  ]) {
    t.equal(nearestName(slip, names), 'command_line', slip)
  }
  t.equal(nearestName('proces_nam', names), 'process_name')
})

t.test('what is far from all is near to none', async (t) => {
  t.equal(nearestName('frobnicate', ['command_line', 'process_name']), undefined)
  t.equal(nearestName('x', ['windows?']), undefined)
  t.equal(nearestName('', ['a']), 'a')
  t.equal(nearestName('anything', []), undefined)
  t.equal(
    nearestName('a'.repeat(101), ['a'.repeat(101)]),
    undefined,
    'and no time is spent on very long names',
  )
})

t.test('of equally near ones the first, of all the nearest', async (t) => {
  t.equal(nearestName('abcx', ['abca', 'abcb']), 'abca')
  t.equal(nearestName('abcdef', ['abcxyz', 'abcdeg']), 'abcdeg')
})

t.test('names of other schemas, however they are written', async (t) => {
  t.equal(propertySynonym('CommandLine'), 'command_line')
  t.equal(propertySynonym('Process.CommandLine'), 'command_line')
  t.equal(propertySynonym('TargetFilename'), 'file_path')
  t.equal(propertySynonym('constructor'), undefined)
})
