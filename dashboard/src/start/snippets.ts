export interface Snippet {
  readonly name: string
  /** When it fits. */
  readonly note: string
  readonly code: string
}

/** The ports that ingest listens on unless told otherwise. */
const HTTP_PORT = 4318
const FORWARD_PORT = 24224

/** Ways to send the first logs, ready to paste. @param host that the page was opened on */
export function snippets(host: string): Snippet[] {
  return [
    {
      name: 'curl',
      note: 'One line, from any shell: an object, an array of them, or one JSON object a line.',
      code: [
        `curl http://${host}:${HTTP_PORT}/ingest/my-app \\`,
        "  -H 'content-type: application/json' \\",
        `  -d '{"severity": "info", "message": "hello from my-app"}'`,
      ].join('\n'),
    },
    {
      name: 'Docker',
      note: 'Every container by its log driver; the tag names the service.',
      code: [
        'docker run --log-driver=fluentd \\',
        `  --log-opt fluentd-address=${host}:${FORWARD_PORT} \\`,
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
        `    host ${host}`,
        `    port ${FORWARD_PORT}`,
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
