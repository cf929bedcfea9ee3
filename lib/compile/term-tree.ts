import { addTo } from '../add-to.js'
import type { EventTypeName } from '../schema/event-types.js'
import type { CostModel } from './cost.js'
import { type Expressions, type Literal, nodeOf, TRUE } from './expressions.js'
import { setTriggers } from './triggers.js'

/** The detectors of one event type. */
export interface Tree {
  readonly event: EventTypeName
  /** Its guard is TRUE. */
  readonly root: TreeNode
}

/** What stands below a node is looked at only when the node's guard is not false. */
export interface TreeNode {
  readonly guard: Literal
  /** Detectors that are true (or unknown) when every guard from the root to here is. */
  readonly detectors: number[]
  readonly children: TreeNode[]
  /**
   * Nodes of terms of which one is true or unknown whenever `guard` is, so that the evaluator may
   * pass this node over until a pass finds one of them. null: always looked at.
   */
  triggers: readonly number[] | null
}

/** A detector, or several with one condition, on its way down the tree. */
interface Member {
  readonly detectors: readonly number[]
  /** What must still hold. */
  readonly factors: readonly Literal[]
}

/** `conditions` are the literals of one event type's detectors; a detector's number is its key. */
export function buildTree(
  event: EventTypeName,
  conditions: ReadonlyMap<number, Literal>,
  expressions: Expressions,
  costs: CostModel,
): Tree {
  const root = new TreeBuilder(expressions, costs).build(membersOf(conditions, expressions))
  setTriggers(root, expressions, costs)
  return { event, root }
}

/** Every node, each before what stands below it; siblings are next to each other. */
export function nodesOf(tree: Tree): TreeNode[] {
  const nodes = [tree.root]
  // The list grows while it is walked.
  for (const node of nodes) for (const child of node.children) nodes.push(child)
  return nodes
}

function membersOf(conditions: ReadonlyMap<number, Literal>, expressions: Expressions): Member[] {
  const byCondition = new Map<Literal, number[]>()
  for (const [detector, literal] of conditions) addTo(byCondition, literal, detector)
  return [...byCondition].map(([literal, detectors]) => ({
    detectors,
    factors: expressions.factors(literal),
  }))
}

class TreeBuilder {
  readonly #expressions: Expressions
  readonly #costs: CostModel

  constructor(expressions: Expressions, costs: CostModel) {
    this.#expressions = expressions
    this.#costs = costs
  }

  build(members: readonly Member[]): TreeNode {
    const root = newNode(TRUE)
    const open: { node: TreeNode; members: readonly Member[] }[] = [{ node: root, members }]
    for (let next = open.pop(); next; next = open.pop()) {
      for (const group of this.#grow(next.node, next.members)) open.push(group)
    }
    return root
  }

  /** Gives `node` its children, and returns those that are to be grown further. */
  #grow(node: TreeNode, members: readonly Member[]): { node: TreeNode; members: Member[] }[] {
    const unfinished = members.filter((member) => member.factors.length > 0)
    for (const member of members) if (member.factors.length === 0) node.detectors.push(...member.detectors)

    const { groups, alone } = groupByFactors(
      unfinished,
      (member) => this.#candidates(member),
      (a, b) => this.#compare(a, b),
    )
    const grown = groups.map(({ shared, members }) => {
      const child = newNode(this.#expressions.and(shared))
      node.children.push(child)
      const taken = new Set(shared)
      const rest = members.map(({ detectors, factors }) => ({
        detectors,
        factors: factors.filter((factor) => !taken.has(factor)),
      }))
      return { node: child, members: rest }
    })
    for (const member of alone) {
      const leaf = newNode(this.#expressions.and(member.factors))
      leaf.detectors.push(...member.detectors)
      node.children.push(leaf)
    }
    return grown
  }

  /**
   * Factors that may stand above others: the unlikely ones. What is true of most events, such as
   * `windows?`, skips next to nothing from above, and is asked for least often at the bottom.
   */
  #candidates({ factors }: Member): readonly Literal[] {
    const unlikely = factors.filter((factor) => this.#costs.probability(factor) <= 0.5)
    return unlikely.length > 0 ? unlikely : factors
  }

  #compare(a: Literal, b: Literal): number {
    return this.#costs.rank(a) - this.#costs.rank(b) || nodeOf(a) - nodeOf(b) || a - b
  }
}

const newNode = (guard: Literal): TreeNode => ({ guard, detectors: [], children: [], triggers: null })

/**
 * Greedily takes the factor that most of the remaining members share (then the first by `compare`),
 * with every other factor that just these share, until none is shared by two. Near-linear: counts
 * only fall, and a factor whose count has fallen waits in the bucket of its new count.
 */
function groupByFactors(
  members: readonly Member[],
  candidates: (member: Member) => readonly Literal[],
  compare: (a: Literal, b: Literal) => number,
): { groups: { shared: Literal[]; members: Member[] }[]; alone: Member[] } {
  const factorsOf = new Map(members.map((member) => [member, candidates(member)]))
  const holders = new Map<Literal, Member[]>()
  for (const [member, factors] of factorsOf) for (const factor of factors) addTo(holders, factor, member)
  const counts = new Map([...holders].map(([factor, holding]) => [factor, holding.length]))
  const buckets = new Map<number, Literal[]>()
  for (const [factor, count] of counts) addTo(buckets, count, factor)

  const groups: { shared: Literal[]; members: Member[] }[] = []
  for (let count = members.length; count >= 2; count--) {
    for (const factor of (buckets.get(count) ?? []).sort(compare)) {
      const now = counts.get(factor) ?? 0
      if (now < count) {
        if (now >= 2) addTo(buckets, now, factor)
        continue
      }
      const taken = (holders.get(factor) ?? []).filter((member) => factorsOf.has(member))
      groups.push({ shared: take(taken, factorsOf, counts), members: taken })
    }
  }
  return { groups, alone: [...factorsOf.keys()] }
}

/** Takes members out of `factorsOf` and `counts`; returns the factors that all of them have. */
function take(
  taken: readonly Member[],
  factorsOf: Map<Member, readonly Literal[]>,
  counts: Map<Literal, number>,
): Literal[] {
  const among = new Map<Literal, number>()
  for (const member of taken) {
    for (const factor of factorsOf.get(member) ?? []) {
      among.set(factor, (among.get(factor) ?? 0) + 1)
      counts.set(factor, (counts.get(factor) ?? 0) - 1)
    }
    factorsOf.delete(member)
  }
  return [...among].filter(([, count]) => count === taken.length).map(([factor]) => factor)
}
