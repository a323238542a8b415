import { settingsOf } from './config.ts'
import { ConfigSchema } from './config-schema.ts'

/** docs/reference/configuration.md, made from the schema. */
export function configurationPage(): string {
  const rows = settingsOf(ConfigSchema).map(({ env, path, schema }) => {
    const value = Array.isArray(schema.default) ? '(none)' : `\`${schema.default}\``
    return `| \`${path.join('.')}\` | \`${env}\` | ${value} | ${schema.description} |`
  })
  return `# Configuration

Every setting has a default. \`weir.yaml\` in the folder where Weir is started (or the file that \`WEIR_CONFIG\` names)
overrides it, and an environment variable overrides both. A name that is not in this table is refused, and all problems
are reported at once. Lists are written with commas in a variable.

| setting | variable | default | meaning |
|---|---|---|---|
${rows.join('\n')}
`
}
