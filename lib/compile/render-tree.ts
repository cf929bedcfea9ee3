import { grouped } from '../grouped.js'
import { statisticsOf } from './compile.js'
import { literalOf } from './expressions.js'
import type { Program } from './program.js'
import { expressionJson, expressionText } from './render-expression.js'
import type { TreeNode } from './term-tree.js'

/** The trees as text, one line a node: its guard, then the detectors that it decides. */
export function renderTrees(program: Program, trees = program.trees): string {
  const statistics = statisticsOf(program).eventTypes
  const lines: string[] = []
  for (const { event, root } of trees) {
    const { detectors = 0, terms = 0 } = statistics[event] ?? {}
    lines.push(`${event}: ${count(detectors, 'detector')}, ${count(terms, 'term')}`)
    for (const name of root.detectors) lines.push(`   always => ${detectorName(program, name)}`)
    addChildren(program, root, '', lines)
    lines.push('')
  }
  return lines.join('\n')
}

function addChildren(program: Program, node: TreeNode, indent: string, lines: string[]): void {
  node.children.forEach((child, i) => {
    const last = i === node.children.length - 1
    const decides = child.detectors.map((number) => ` => ${detectorName(program, number)}`).join('')
    const mark =
      node.children.some(({ triggers }) => triggers) && !child.triggers ? ' (always looked at)' : ''
    lines.push(`${indent}${last ? '└─ ' : '├─ '}${expressionText(child.guard, program)}${mark}${decides}`)
    addChildren(program, child, indent + (last ? '   ' : '│  '), lines)
  })
}

/** The trees as values for JSON.stringify; the numbers outside them are of the whole program. */
export function treesAsJson(program: Program, chosen = program.trees): unknown {
  const statistics = statisticsOf(program)
  const trees = chosen.map(({ event, root }) => ({
    event,
    ...statistics.eventTypes[event],
    detectorsAlwaysTrue: root.detectors.map((number) => detectorName(program, number)),
    children: root.children.map((child) => nodeJson(program, child)),
  }))
  return {
    detectors: statistics.detectors,
    terms: statistics.terms,
    distinctTerms: statistics.distinctTerms,
    trees,
  }
}

function nodeJson(program: Program, node: TreeNode): unknown {
  return {
    guard: expressionJson(node.guard, program),
    detectors: node.detectors.map((number) => detectorName(program, number)),
    triggers: node.triggers?.map((term) => expressionJson(literalOf(term), program)) ?? null,
    children: node.children.map((child) => nodeJson(program, child)),
  }
}

const detectorName = (program: Program, number: number): string =>
  program.detectors[number]?.name ?? String(number)

const count = (number: number, thing: string): string =>
  `${grouped(number)} ${thing}${number === 1 ? '' : 's'}`
