import type { MatchKind } from '../../schema/match-kinds.js'
import type { PropertyName } from '../../schema/properties.js'
import { quote, stringLiteral } from '../describe.js'
import type { TextUse } from '../operands.js'
import type { Scope } from '../scope.js'

/** A mistake that makes a test never true, since standardizing gives the property another form. */
interface Mistake {
  readonly on: (property: PropertyName) => boolean
  readonly matches: readonly MatchKind[]
  readonly found: RegExp
  readonly message: (property: PropertyName) => string
  readonly help: (text: string, property: PropertyName) => string
}

const anyText: readonly MatchKind[] = ['equals', 'includes', 'starts_with', 'ends_with']
const wholeOrEnd: readonly MatchKind[] = ['equals', 'ends_with']
const wholeOrStart: readonly MatchKind[] = ['equals', 'starts_with']

const named =
  (...names: PropertyName[]) =>
  (property: PropertyName) =>
    names.includes(property)

const write = (text: string): string => `write ${quote(stringLiteral(text))}`

/** Paths of the files whose names are properties of their own. */
const pathsOfNames: Partial<Record<PropertyName, PropertyName>> = {
  process_name: 'process_path',
  parent_name: 'parent_path',
  ancestor_names: 'ancestor_paths',
  process_creator_name: 'process_creator_path',
  target_process_name: 'target_process_path',
  image_name: 'image_path',
  file_name: 'file_path',
}

/** Domains of the accounts whose names are properties of their own. */
const domainsOfNames: Partial<Record<PropertyName, PropertyName>> = {
  username: 'user_domain',
  parent_username: 'parent_user_domain',
  target_username: 'target_domain',
}

/** Digits in hexadecimal by the end of the property's name. */
const hashLengths: Readonly<Record<string, number>> = { md5: 32, imphash: 32, sha1: 40, sha256: 64 }

const mistakes: readonly Mistake[] = [
  {
    on: (property) => property in pathsOfNames || property === 'grandparent_name',
    matches: anyText,
    found: /[\\/]/,
    message: (property) => `${quote(property)} is a file name without its folder`,
    help: (text, property) => {
      const path = pathsOfNames[property]
      return `${path ? `use ${quote(path)}, or ` : ''}${write(text.replace(/^.*[\\/]/, ''))}`
    },
  },
  {
    on: named('file_extension'),
    matches: wholeOrStart,
    found: /^\./,
    message: () => '`file_extension` is without its dot',
    help: (text) => write(text.slice(1)),
  },
  {
    on: (property) => property.endsWith('_directory'),
    matches: wholeOrEnd,
    found: /[^\\/][\\/]$/,
    message: (property) => `${quote(property)} does not end with a slash`,
    help: (text) => write(text.replace(/[\\/]$/, '')),
  },
  {
    on: named('registry_path', 'registry_key'),
    matches: anyText,
    found:
      /^(HKEY_LOCAL_MACHINE|HKEY_USERS|HKEY_CLASSES_ROOT|HKEY_CURRENT_USER|HKCU|\\REGISTRY\\(MACHINE|USER))(\\|$)/i,
    message: (property) => `${quote(property)} is canonical: its roots are HKLM, HKU and HKCR`,
    help: (text) => canonicalRoot(text),
  },
  {
    on: named('registry_path', 'registry_key'),
    matches: anyText,
    found: /\bControlSet00\d\b/i,
    message: (property) => `${quote(property)} is canonical: ControlSet001 is CurrentControlSet`,
    help: (text) => write(text.replace(/\bControlSet00\d\b/gi, 'CurrentControlSet')),
  },
  {
    on: (property) => hashLength(property) !== undefined,
    matches: ['equals'],
    found: /^/,
    message: (property) => `${quote(property)} is ${hashLength(property)} hexadecimal digits`,
    help: () => 'compare the value with the property: another hash has another length',
  },
  {
    on: (property) => property in domainsOfNames,
    matches: anyText,
    found: /.\\/,
    message: (property) => `${quote(property)} is an account without its domain`,
    help: (text, property) =>
      `${write(text.replace(/^.*\\/, ''))}; the domain is ${quote(domainsOfNames[property] ?? '')}`,
  },
  {
    on: (property) => property.endsWith('_guid'),
    matches: anyText,
    found: /[{}]/,
    message: (property) => `${quote(property)} is without braces`,
    help: (text) => write(text.replace(/[{}]/g, '')),
  },
]

/** Warns of a value in a form that the property never has. */
export function checkImpossibleValue(scope: Scope, { property, match, text, span }: TextUse): void {
  const mistake = mistakes.find(
    ({ on, matches, found }) =>
      matches.includes(match) && on(property) && found.test(text) && !isHash(property, text),
  )
  if (mistake === undefined) return
  const message = `${mistake.message(property)}; this value never occurs in it`
  scope.report('NUTHATCH_IMPOSSIBLE_VALUE', span, message, mistake.help(text, property))
}

const hashLength = (property: PropertyName): number | undefined =>
  hashLengths[property.split('_').at(-1) ?? '']

const isHash = (property: PropertyName, text: string): boolean =>
  text.length === hashLength(property) && /^[0-9a-f]+$/i.test(text)

function canonicalRoot(text: string): string {
  if (/^(HKEY_CURRENT_USER|HKCU)/i.test(text)) {
    const rest = text.replace(/^[^\\]*/, '')
    return `a user's keys are under HKU and the user's SID: use \`includes\` with ${quote(stringLiteral(rest || '\\'))}`
  }
  return write(
    text
      .replace(/^(HKEY_LOCAL_MACHINE|\\REGISTRY\\MACHINE)/i, 'HKLM')
      .replace(/^(HKEY_USERS|\\REGISTRY\\USER)/i, 'HKU')
      .replace(/^HKEY_CLASSES_ROOT/i, 'HKCR'),
  )
}
