import { loadConfig } from '../config.ts'
import { startWeir } from '../weir.ts'

const STOP_WITHIN_MS = 5_000

/** `weir start`: runs until Ctrl-C (or SIGTERM), then drains; a second Ctrl-C ends at once. */
export async function start(options: { demo: boolean }): Promise<void> {
  const config = loadConfig(process.env, options.demo ? {} : { demo: false })
  let stopping = false
  const end = (code: number, stop: () => Promise<void>) => {
    if (stopping) process.exit(code || 1)
    stopping = true
    setTimeout(() => {
      console.error(`weir: did not stop within ${STOP_WITHIN_MS / 1000} s; what was acknowledged is safe on disk`)
      process.exit(code || 1)
    }, STOP_WITHIN_MS).unref()
    stop().then(
      () => process.exit(code),
      (error: Error) => {
        console.error(`weir: while stopping: ${error.message}`)
        process.exit(1)
      },
    )
  }

  // Until it runs there is nothing to drain: what was acknowledged is on disk.
  let stop = async (): Promise<void> => {}
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping) console.log('\nStopping: draining what was taken in …')
      end(0, stop)
    })
  }
  const weir = await startWeir(config, (error) => {
    console.error(`weir: ${error.message}`)
    end(1, stop)
  })
  stop = weir.stop
  console.log(banner(weir))
}

function banner(weir: Awaited<ReturnType<typeof startWeir>>): string {
  return `
  Weir is running.

  Dashboard   ${weir.url}
  API         ${weir.url}/docs
  Data        ${weir.dataDir}
${weir.shopUrl ? `  Demo shop   ${weir.shopUrl}   (let something go wrong: npx weir demo incident latency)\n` : ''}
  Send your own logs:
    HTTP      curl ${weir.ingestUrl}/ingest/my-app -H 'content-type: application/json' -d '{"level":"info","message":"hello"}'
    Fluentd   <match **> @type forward  <server> host 127.0.0.1  port ${weir.forwardPort} </server> </match>
    Docker    docker run --log-driver fluentd --log-opt fluentd-address=127.0.0.1:${weir.forwardPort} --log-opt tag=my-app …
    a file    npx weir send access.log --format combined --service web

  Ctrl-C stops.
`
}
