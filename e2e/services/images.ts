/** Services that Weir is tested with, by the images that their makers publish. */
const OFFICIAL = {
  kafka: 'apache/kafka:4.1.1',
} as const

export type ServiceName = keyof typeof OFFICIAL

/**
 * The image to run: the official one, or one equal in use that the environment names, such as E2E_KAFKA_IMAGE (see
 * e2e/images/build).
 */
export function imageOf(service: ServiceName): string {
  return process.env[`E2E_${service.toUpperCase()}_IMAGE`] ?? OFFICIAL[service]
}
