import { WeirError } from '@weir/core'
import { Command, Option } from 'commander'
import type { PatternFormat } from './message-reader.ts'

// Each command is loaded when it is called: `weir send` need not load the dashboard's server.
const program = new Command('weir')
  .description('Streaming log analytics: windowed metrics, anomalies and full-text search over logs while they flow.')
  .showHelpAfterError('(see: npx weir --help)')

program
  .command('start')
  .description('run everything in this process, with the demo shop as a source of logs')
  .option('--no-demo', 'start without the demo shop')
  .action(async (options: { demo: boolean }) => (await import('./commands/start.ts')).start(options))

program
  .command('send')
  .description('send a log file (or - for standard input) to a running Weir')
  .argument('<file>')
  .requiredOption('--service <name>', 'name of the service that wrote it')
  .addOption(
    new Option('--format <format>', 'how to read its lines')
      .choices(['auto', 'combined', 'json', 'text'])
      .default('auto'),
  )
  .option('--url <url>', "address of Weir's HTTP ingest", 'http://127.0.0.1:4318')
  .action(async (file: string, options: { service: string; format: string; url: string }) =>
    (await import('./commands/send.ts')).send(file, options),
  )

program
  .command('detect')
  .description('score how anomalous each value of a CSV file is (columns timestamp,value)')
  .requiredOption('--input <file>', 'CSV file to read, times in UTC')
  .requiredOption('--output <file>', 'CSV file to write: timestamp,value,anomaly_score')
  .option('--plot <file>', 'HTML page to draw: values, expected band and alarms')
  .action(async (options: { input: string; output: string; plot?: string }) =>
    (await import('./commands/detect.ts')).detect(options),
  )

program
  .command('patterns')
  .description('find the templates behind the lines of a log file')
  .requiredOption('--input <file>', 'the log file')
  .requiredOption('--output <file>', 'CSV with a row a line: line, pattern_id, template')
  .addOption(
    new Option('--format <format>', 'where a line has its message').choices(['auto', 'json', 'text']).default('auto'),
  )
  .action(async (options: { input: string; output: string; format: PatternFormat }) =>
    (await import('./commands/patterns.ts')).patterns(options),
  )

const demo = program.command('demo').description('steer the demo shop')
demo
  .command('incident')
  .description('let something go wrong in the shop for a while')
  .addArgument(program.createArgument('<kind>').choices(['latency', 'errors', 'silence', 'none']))
  .option('--seconds <n>', 'how long', '120')
  .option('--url <url>', 'address of the shop', 'http://127.0.0.1:3001')
  .action(async (kind: string, options: { seconds: string; url: string }) =>
    (await import('./commands/demo.ts')).demoIncident(kind, options),
  )

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof WeirError)) throw error
  console.error(`weir: ${error.message}`)
  process.exitCode = 1
}
