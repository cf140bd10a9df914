import type { CDPSession } from 'puppeteer-core'

/** V8's format: flat arrays, of which `meta` names the fields. */
interface Snapshot {
  snapshot: {
    meta: { node_fields: string[]; node_types: [string[]]; edge_fields: string[]; edge_types: [string[]] }
  }
  nodes: number[]
  edges: number[]
  strings: string[]
}

/** Collects garbage, then tells who holds a string that contains the text: a path from the root to each such string. */
export const findHolders = async (devtools: CDPSession, text: string): Promise<string[]> => {
  const chunks: string[] = []
  const onChunk = ({ chunk }: { chunk: string }): void => void chunks.push(chunk)
  devtools.on('HeapProfiler.addHeapSnapshotChunk', onChunk)
  await devtools.send('HeapProfiler.collectGarbage')
  await devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  devtools.off('HeapProfiler.addHeapSnapshotChunk', onChunk)
  return findPaths(JSON.parse(chunks.join('')) as Snapshot, text)
}

const findPaths = ({ snapshot: { meta }, nodes, edges, strings }: Snapshot, text: string): string[] => {
  const nodeSize = meta.node_fields.length
  const edgeSize = meta.edge_fields.length
  const at = (fields: string[], name: string): number => fields.indexOf(name)
  const [nodeType, nodeName, edgeCount] = ['type', 'name', 'edge_count'].map((name) =>
    at(meta.node_fields, name),
  ) as [number, number, number]
  const [edgeType, edgeName, toNode] = ['type', 'name_or_index', 'to_node'].map((name) =>
    at(meta.edge_fields, name),
  ) as [number, number, number]
  const get = (list: number[], index: number): number => list[index] ?? 0
  const nameOf = (node: number): string => strings[get(nodes, node + nodeName)] ?? ''
  const typeOf = (node: number): string => meta.node_types[0][get(nodes, node + nodeType)] ?? ''
  const isNamed = (type: string | undefined): boolean => type !== 'element' && type !== 'hidden'

  // Breadth first from the root: the shortest way to each node.
  const firstEdge = new Map<number, number>()
  let edge = 0
  for (let node = 0; node < nodes.length; node += nodeSize) {
    firstEdge.set(node, edge)
    edge += get(nodes, node + edgeCount) * edgeSize
  }
  const cameBy = new Map<number, { from: number; label: string }>([[0, { from: -1, label: '' }]])
  const queue = [0]
  for (const node of queue) {
    const start = firstEdge.get(node) ?? 0
    const end = start + get(nodes, node + edgeCount) * edgeSize
    for (let index = start; index < end; index += edgeSize) {
      const type = meta.edge_types[0][get(edges, index + edgeType)]
      const to = get(edges, index + toNode)
      if (type === 'weak' || cameBy.has(to)) continue
      const name = get(edges, index + edgeName)
      cameBy.set(to, { from: node, label: isNamed(type) ? (strings[name] ?? '') : String(name) })
      queue.push(to)
    }
  }

  const describe = (node: number): string => {
    const path: string[] = []
    for (let each = node; each > 0;) {
      const step = cameBy.get(each)
      if (!step) break
      path.unshift(`.${step.label} (${nameOf(each).slice(0, 60)})`)
      each = step.from
    }
    return path.join(' ')
  }
  return queue.filter((node) => /string/.test(typeOf(node)) && nameOf(node).includes(text)).map(describe)
}
