import { WeirError } from '@weir/core'
import { setIncident } from '@weir/shop'

/** `weir demo incident KIND`: switches the running shop's incident. */
export async function demoIncident(kind: string, options: { seconds: string; url: string }): Promise<void> {
  const seconds = Number(options.seconds)
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new WeirError(
      'WEIR_CONFIG_INVALID',
      `--seconds must be a number from 1 to 86400, found '${options.seconds}'.`,
    )
  }
  try {
    await setIncident(options.url, kind as Parameters<typeof setIncident>[1], seconds * 1000)
  } catch (cause) {
    throw new WeirError(
      'WEIR_CONFIG_INVALID',
      `The shop at ${options.url} can not be reached (${(cause as Error).message}); start it by \`npm start\`, or name its address by --url.`,
      { cause },
    )
  }
  console.log(
    kind === 'none' ? 'The shop is back to normal.' : `Incident '${kind}' for ${seconds} s. Watch the dashboard.`,
  )
}
