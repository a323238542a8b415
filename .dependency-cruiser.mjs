/** The layers of ARCHITECTURE.md: `core` ← `adapters` ← `ingest`, `processors`, `api` ← `cli`. */
const only = (from, allowed) => ({
  name: `${from}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  comment: `${from} may import ${['itself', ...allowed].join(', ')} among the project's own folders`,
  from: { path: `^${from}/`, pathNot: '\\.test\\.tsx?$|/testing/' },
  to: {
    path: '^(core|adapters|ingest|processors|api|dashboard|cli|examples|e2e|bench)/',
    pathNot: `^(${[from, ...allowed].join('|')})/`,
  },
})

/** A driver package is imported in its own folder of adapters/ (and by tests) only. */
const driver = (name, folder) => ({
  name: `${name}-only-in-${folder.replace('/', '-')}`,
  severity: 'error',
  from: { pathNot: `^${folder}/|^(e2e|bench)/` },
  to: { path: `node_modules/${name}/` },
})

export default {
  forbidden: [
    only('core', []),
    only('adapters', ['core']),
    only('ingest', ['core']),
    only('processors', ['core']),
    only('api', ['core']),
    only('dashboard', ['core']),
    only('cli', ['core', 'adapters', 'ingest', 'processors', 'api', 'examples']),
    only('examples', []),
    {
      name: 'drivers-know-nothing-of-each-other',
      severity: 'error',
      comment: 'what two drivers share lies beside their folders, in adapters/groups or in core',
      from: { path: '^adapters/(embedded|kafka|influxdb|elasticsearch)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^adapters/(embedded|kafka|influxdb|elasticsearch)/', pathNot: '^adapters/$1/' },
    },
    driver('kafkajs', 'adapters/kafka'),
    driver('@influxdata/influxdb-client', 'adapters/influxdb'),
    driver('@elastic/elasticsearch', 'adapters/elasticsearch'),
    {
      name: 'sqlite-only-in-embedded',
      severity: 'error',
      from: { pathNot: '^adapters/embedded/|^(e2e|bench)/|\\.test\\.ts$' },
      to: { path: '^(node:)?sqlite$' },
    },
    {
      name: 'core-is-pure',
      severity: 'error',
      comment: 'core does no I/O: no Node module, in no file but its tests',
      from: { path: '^core/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist|\\.turbo|\\.weir)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
}
