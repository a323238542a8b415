import type { AliasTable } from './alias-table.ts'
import type { Cluster } from './cluster.ts'
import type { Owner, StoredForm } from './stored-form.ts'

/** A pattern's first id: 16 hex digits of its first form's hash, the same on every machine. */
export function patternIdOf(hashA: number, hashB: number): string {
  return (hashA >>> 0).toString(16).padStart(8, '0') + (hashB >>> 0).toString(16).padStart(8, '0')
}

interface Claim {
  readonly cluster: number
  readonly lines: number
}

/**
 * Gives each new cluster the id under which most of its lines were known, so that ids stay what they were when templates
 * grow. An id goes to the cluster that has most of its lines. The ids of templates that grew together become aliases; a
 * cluster that was split off gets a new id.
 *
 * @returns per cluster its owner, to which its forms point from now on
 */
export function assignOwners(clusters: readonly Cluster[], forms: readonly StoredForm[], aliases: AliasTable): Owner[] {
  const claims = new Map<string, Claim>()
  const candidates = clusters.map((cluster, index) => {
    const linesOf = new Map<string, { owner: Owner; lines: number }>()
    for (const at of cluster.forms) {
      const { owner, count } = forms[at] as StoredForm
      const entry = linesOf.get(owner.id) ?? { owner, lines: 0 }
      entry.lines += count
      linesOf.set(owner.id, entry)
    }
    for (const [id, { lines }] of linesOf) {
      const claim = claims.get(id)
      if (!claim || lines > claim.lines) claims.set(id, { cluster: index, lines })
    }
    return [...linesOf.values()].sort(
      (a, b) => b.lines - a.lines || a.owner.firstSeen - b.owner.firstSeen || (a.owner.id < b.owner.id ? -1 : 1),
    )
  })
  const taken = new Set(claims.keys())
  return clusters.map((cluster, index) => {
    const own = (candidates[index] ?? []).filter(({ owner }) => claims.get(owner.id)?.cluster === index)
    const owner = own[0]?.owner ?? newOwner(cluster, forms, taken)
    aliases.release(owner.id)
    for (const { owner: former } of own) if (former.id !== owner.id) aliases.add(former.id, owner.id)
    for (const at of cluster.forms) (forms[at] as StoredForm).owner = owner
    owner.cluster = index
    return owner
  })
}

function newOwner(cluster: Cluster, forms: readonly StoredForm[], taken: Set<string>): Owner {
  const first = forms[cluster.forms[0] as number] as StoredForm
  let id = patternIdOf(first.hashA, first.hashB)
  for (let i = 1; taken.has(id); i++) id = patternIdOf(first.hashA, first.hashB + i)
  taken.add(id)
  return { id, firstSeen: first.firstSeen, cluster: -1 }
}
