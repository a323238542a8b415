import { existsSync, readFileSync } from 'node:fs'
import { WeirError } from '@weir/core'
import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { parseDocument } from 'yaml'
import { type Config, ConfigSchema } from './config-schema.ts'

type Tree = Record<string, unknown>

/**
 * Configuration from, in rising order: the defaults, `weir.yaml` (or the file that WEIR_CONFIG names), the environment.
 *
 * @throws WEIR_CONFIG_INVALID naming every problem at once, each with where it is and what would be right
 */
export function loadConfig(env: NodeJS.ProcessEnv, overrides: { demo?: boolean } = {}): Config {
  const problems: string[] = []
  const file = env.WEIR_CONFIG ?? 'weir.yaml'
  const tree = readTree(file, env.WEIR_CONFIG !== undefined, problems)
  const settings = settingsOf(ConfigSchema)
  for (const { env: name, path, schema } of settings) {
    const text = env[name]
    if (text === undefined) continue
    put(tree, path, Value.Convert(schema, schema.type === 'array' ? text.split(',').filter(Boolean) : text))
  }
  if (overrides.demo !== undefined) put(tree, ['demo', 'enabled'], overrides.demo)

  const known = new Set(settings.map((s) => s.env))
  for (const name of Object.keys(env)) {
    if (name.startsWith('WEIR_') && !known.has(name) && !RESERVED.has(name)) {
      problems.push(`environment ${name}: no such setting; unset it, or see docs/reference/configuration.md`)
    }
  }
  const config = Value.Default(ConfigSchema, withSections(tree))
  for (const error of Value.Errors(ConfigSchema, config)) {
    // An unknown key is reported by its section; the schema `false` that it then meets says nothing more.
    if (error.keyword !== 'boolean') problems.push(describe(error, config, file, env, settings))
  }
  if (problems.length > 0) {
    throw new WeirError('WEIR_CONFIG_INVALID', `The configuration can not be used: ${problems.join('; ')}.`)
  }
  return Value.Decode(ConfigSchema, config)
}

/** Variables that name a file or steer tests, and are no settings. */
const RESERVED = new Set(['WEIR_CONFIG', 'WEIR_SHARED_DIR', 'WEIR_REQUIRE_ALL', 'WEIR_TALLY_FILE', 'WEIR_URL'])

export interface Setting {
  readonly env: string
  readonly path: readonly string[]
  readonly schema: TSchema & { env: string; type?: string; default?: unknown; description?: string }
}

/** Every leaf of the schema that the environment can set. */
export function settingsOf(schema: TSchema, path: readonly string[] = []): Setting[] {
  const properties = (schema as { properties?: Record<string, TSchema> }).properties
  if (properties) return Object.entries(properties).flatMap(([name, child]) => settingsOf(child, [...path, name]))
  const leaf = schema as Setting['schema']
  return [{ env: leaf.env, path, schema: leaf }]
}

function readTree(file: string, mustExist: boolean, problems: string[]): Tree {
  if (!existsSync(file)) {
    if (mustExist) problems.push(`WEIR_CONFIG names ${file}, which does not exist`)
    return {}
  }
  const document = parseDocument(readFileSync(file, 'utf8'))
  const [error] = document.errors
  if (error) {
    const at = error.linePos?.[0]
    problems.push(`${file}${at ? ` line ${at.line}, column ${at.col}` : ''}: not YAML: ${error.message.split('\n')[0]}`)
    return {}
  }
  const value: unknown = document.toJS() ?? {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Tree
  problems.push(`${file}: must hold settings as \`name: value\``)
  return {}
}

function put(tree: Tree, path: readonly string[], value: unknown): void {
  let at = tree
  for (const name of path.slice(0, -1)) {
    if (typeof at[name] !== 'object' || at[name] === null) at[name] = {}
    at = at[name] as Tree
  }
  at[path.at(-1)!] = value
}

/** Defaults are filled in only inside sections that are there. */
function withSections(tree: Tree): Tree {
  const properties = (ConfigSchema as unknown as { properties: Record<string, { properties?: unknown }> }).properties
  const sections = Object.entries(properties).filter(([, schema]) => schema.properties)
  return { ...Object.fromEntries(sections.map(([name]) => [name, {}])), ...tree }
}

function describe(
  error: { keyword: string; instancePath: string; message: string; params: object },
  config: unknown,
  file: string,
  env: NodeJS.ProcessEnv,
  settings: readonly Setting[],
): string {
  const path = error.instancePath.split('/').filter(Boolean)
  const setting = settings.find((s) => s.path.join('/') === path.join('/'))
  const where = setting && env[setting.env] !== undefined ? `environment ${setting.env}` : `${file}: ${path.join('.')}`
  const params = error.params as { additionalProperties?: string[]; allowedValues?: unknown[] }
  if (params.additionalProperties) {
    const names = params.additionalProperties.map((name) => [...path, name].join('.')).join(', ')
    return `${file}: ${names}: no such setting; remove it, or see docs/reference/configuration.md`
  }
  const found = path.reduce<unknown>((at, name) => (at as Tree | undefined)?.[name], config)
  const allowed = params.allowedValues ? ` (${params.allowedValues.join(', ')})` : ''
  return `${where}: ${error.message}${allowed}, found ${JSON.stringify(found)}`
}
