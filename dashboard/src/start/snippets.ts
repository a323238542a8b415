import type { PipelineState } from '../api/answers.ts'

type IngestAddresses = NonNullable<PipelineState['ingest']>

export interface Snippet {
  readonly name: string
  /** When it fits. */
  readonly note: string
  readonly code: string
}

/** As a URL writes them. */
const EVERY_ADDRESS = new Set(['0.0.0.0', '[::]'])

/** A socket that listens on every address is reached by the name that the page was opened on. */
function reachable(url: URL, pageHost: string): { host: string; port: string } {
  return { host: EVERY_ADDRESS.has(url.hostname) ? pageHost : url.hostname, port: url.port }
}

/** Ways to send the first logs, ready to paste. @param pageHost that the page was opened on */
export function snippets(ingest: IngestAddresses, pageHost: string): Snippet[] {
  const http = reachable(new URL(ingest.httpUrl), pageHost)
  const forward = reachable(new URL(`http://${ingest.forwardAddress}`), pageHost)
  return [
    {
      name: 'curl',
      note: 'One line, from any shell: an object, an array of them, or one JSON object a line.',
      code: [
        `curl http://${http.host}:${http.port}/ingest/my-app \\`,
        "  -H 'content-type: application/json' \\",
        `  -d '{"severity": "info", "message": "hello from my-app"}'`,
      ].join('\n'),
    },
    {
      name: 'Docker',
      note: 'Every container by its log driver; the tag names the service.',
      code: [
        'docker run --log-driver=fluentd \\',
        `  --log-opt fluentd-address=${forward.host}:${forward.port} \\`,
        '  --log-opt tag=my-app \\',
        '  alpine echo hello from my-app',
      ].join('\n'),
    },
    {
      name: 'Fluentd',
      note: 'Fluentd and Fluent Bit speak the Forward protocol, acknowledgements included.',
      code: [
        '<match **>',
        '  @type forward',
        '  require_ack_response true',
        '  <server>',
        `    host ${forward.host}`,
        `    port ${forward.port}`,
        '  </server>',
        '</match>',
      ].join('\n'),
    },
    {
      name: 'A file',
      note: 'An access log or any file of lines, at full speed.',
      code: 'npx weir send access.log --format combined --service web',
    },
  ]
}
