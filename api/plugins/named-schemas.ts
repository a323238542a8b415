type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/**
 * The document with every titled schema moved to `components.schemas` under its title, so that clients generated from
 * it get named types. The same title must stand for the same schema.
 *
 * Records (`patternProperties` of any name) become `additionalProperties`, which generators know.
 */
export function nameSchemas<T extends object>(document: T): T {
  const named: Record<string, Json> = {}

  function walk(value: Json): Json {
    if (Array.isArray(value)) return value.map(walk)
    if (value === null || typeof value !== 'object') return value
    const walked = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, walk(part)]))
    const schema = recordAsAdditional(walked)
    const { title } = schema
    if (typeof title !== 'string' || !isSchema(schema)) return schema
    const known = named[title]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas have the title ${title}.`)
    }
    named[title] = schema
    return { $ref: `#/components/schemas/${title}` }
  }

  const walked = walk(document as Json) as { components?: { schemas?: object } }
  const schemas = Object.fromEntries(Object.entries(named).sort(([a], [b]) => (a < b ? -1 : 1)))
  return { ...walked, components: { ...walked.components, schemas } } as T
}

function isSchema(value: Record<string, Json>): boolean {
  return 'type' in value || 'anyOf' in value || 'enum' in value
}

function recordAsAdditional(schema: Record<string, Json>): Record<string, Json> {
  const patterns = schema.patternProperties
  if (patterns === null || typeof patterns !== 'object' || Array.isArray(patterns)) return schema
  const { patternProperties: _, ...rest } = schema
  return { ...rest, additionalProperties: patterns['^.*$'] ?? true }
}
