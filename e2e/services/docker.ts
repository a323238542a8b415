import { getContainerRuntimeClient, ImageName } from 'testcontainers'
import { imageOf, type ServiceName } from './images.ts'

/** What a test context offers to leave a test out. */
export interface Skippable {
  skip(note: string): void
}

/** Why the service can not run here and how to mend it; null if it can. Pulls the image where it is not there yet. */
export async function whyUnavailable(service: ServiceName): Promise<string | null> {
  const image = imageOf(service)
  try {
    const client = await getContainerRuntimeClient()
    const name = ImageName.fromString(image)
    if (!(await client.image.exists(name))) await client.image.pull(name)
    return null
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return reason.includes('container runtime')
      ? `needs Docker: install it by: apt-get install -y docker.io, and start dockerd`
      : `needs the Docker image ${image}, which can not be pulled (${reason}): install it by: eval "$(e2e/images/build)"`
  }
}
