import { native } from '../native.js'
import type { RuleFile } from './ast.js'
import { buildAst } from './build-ast.js'
import { DetectorBuilder } from './build-detector.js'
import { declareDefine, declareList } from './checks/names.js'
import { checkLanguage } from './checks/other-language.js'
import { bareExpressions } from './checks/stray-expression.js'
import { checkNoNul, checkNotEmpty, reportFailure } from './checks/text-file.js'
import { checkUnused } from './checks/unused.js'
import { type Diagnostic, Diagnostics } from './diagnostics.js'
import { mend } from './mend.js'
import { parse } from './parse.js'
import type { Detector, RuleSet } from './ruleset.js'
import { Scope } from './scope.js'
import { SourceText } from './source-text.js'
import { toUtf8 } from './utf8.js'

export interface RuleSource {
  /** For messages; the base name without its extension names a detector that is only an expression. */
  readonly file: string
  /** UTF-8 when bytes. */
  readonly source: Uint8Array | string
}

export interface CheckedRules {
  /** Null when there is any error: no rule set is half-loaded. */
  readonly ruleSet: RuleSet | null
  /** All of all files, in the order of file and place. */
  readonly diagnostics: Diagnostic[]
}

/**
 * Checks rule files together: lists and definitions of each are visible in all. Never throws for what they hold.
 * @param complete whether these are all files: else a name may be declared, or used, in another one.
 */
export function checkRules(files: readonly RuleSource[], { complete = true } = {}): CheckedRules {
  const diagnostics = new Diagnostics()
  const scope = new Scope(diagnostics, (pattern) => native.checkPattern(pattern), complete)
  const ruleFiles = files.map((file) => readRuleFile(diagnostics, file))
  for (const file of ruleFiles) declare(scope, file)
  const detectors = buildDetectors(scope, ruleFiles)
  // Text that could not be read may use what seems to be unused.
  if (complete && !ruleFiles.some(({ broken }) => broken)) checkUnused(scope)
  return { ruleSet: diagnostics.hasErrors ? null : { detectors }, diagnostics: diagnostics.sorted() }
}

function readRuleFile(diagnostics: Diagnostics, { file, source }: RuleSource): RuleFile {
  const bytes = typeof source === 'string' ? new TextEncoder().encode(source) : source
  const written = new SourceText(file, bytes)
  diagnostics.addSource(written)
  const unread = { file, declarations: [], brokenNames: new Set<string>(), broken: true }
  if (!checkNoNul(diagnostics, written)) return unread
  const first = parse(bytes, file)
  if (first.failure) reportFailure(diagnostics, written, first.failure)
  const isStray = first.failure?.code === 'NUTHATCH_RULE_FILE_NOT_UTF8'
  const text = isStray ? new SourceText(file, toUtf8(bytes)) : written
  const tree = isStray ? parse(text.bytes, file) : first
  if (tree.root.hasError && !checkLanguage(diagnostics, text)) return unread
  const mended = mend(tree, text)
  for (const { start, end, message, help } of mended.slips)
    diagnostics.report('NUTHATCH_SYNTAX_ERROR', text.span(start, end), message, help)
  const built = buildAst(mended.tree, text, diagnostics, mended.edits)
  const ruleFile = { ...built, broken: built.broken || tree.root.hasError || isStray }
  checkNotEmpty(diagnostics, text, ruleFile)
  return ruleFile
}

function declare(scope: Scope, { declarations, brokenNames }: RuleFile): void {
  for (const declaration of declarations) {
    if (declaration.kind === 'list') declareList(scope, declaration)
    else if (declaration.kind === 'define') declareDefine(scope, declaration)
  }
  for (const name of brokenNames) scope.brokenNames.add(name)
}

function buildDetectors(scope: Scope, files: readonly RuleFile[]): Detector[] {
  const builder = new DetectorBuilder(scope)
  builder.checkDefines()
  const detectors: (Detector | null)[] = []
  for (const file of files) {
    const { detector, strays } = bareExpressions(scope, file)
    if (detector) detectors.push(builder.expression(detector))
    for (const { value } of strays) builder.condition(value)
    for (const declaration of file.declarations) {
      if (declaration.kind === 'detector') detectors.push(builder.detector(declaration))
    }
  }
  return detectors.filter((detector) => detector !== null)
}
