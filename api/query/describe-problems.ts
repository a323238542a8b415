import type { TSchema } from 'typebox'

/** The parts of a validation error that its sentence is made of. */
export interface Problem {
  readonly keyword: string
  readonly instancePath: string
  readonly schemaPath: string
  readonly params: object
  readonly message?: string
}

/**
 * One sentence on the first problem: the field and the reason, as in `queries/0/limit must be <= 1000`.
 *
 * @param where  prefix of the field, e.g. `body`
 * @param schema that was violated; with it, a union's alternatives can be named
 */
export function describeProblems(problems: readonly Problem[], where: string, schema?: TSchema): string {
  const problem =
    problems.find(({ keyword }) => keyword === 'anyOf') ?? problems.find(({ keyword }) => keyword !== 'boolean')
  if (!problem) return `${where} is not valid.`
  return `${where}${problem.instancePath} ${reason(problem, schema)}.`
}

function reason({ keyword, params, message, schemaPath }: Problem, schema: TSchema | undefined): string {
  const { allowedValues, allowedValue, additionalProperties } = params as {
    allowedValues?: unknown[]
    allowedValue?: unknown
    additionalProperties?: string[]
  }
  if (keyword === 'enum' && allowedValues) return `must be one of ${allowedValues.join(', ')}`
  if (keyword === 'const') return `must be ${JSON.stringify(allowedValue)}`
  if (keyword === 'additionalProperties' && additionalProperties) {
    return `has a field that is not known: ${additionalProperties.join(', ')}`
  }
  if (keyword === 'anyOf' && schema) return `must be ${alternatives(schema, schemaPath)}`
  return message ?? 'is not valid'
}

/** `{lastMs} or {fromMs, toMs}` */
function alternatives(schema: TSchema, schemaPath: string): string {
  let at: unknown = schema
  for (const key of schemaPath.split('/').slice(1)) at = (at as Record<string, unknown>)[key]
  const { anyOf } = at as { anyOf: { properties?: object }[] }
  return anyOf.map((one) => `{${Object.keys(one.properties ?? {}).join(', ')}}`).join(' or ')
}
