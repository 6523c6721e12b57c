/** What the machine must have before a cluster can start, and how it gets there. */
import { existsSync } from 'node:fs'
import { attempt, findProgram, say } from './commands.ts'
import { ClusterError } from './state.ts'

interface Need {
  readonly what: string
  readonly debianPackage: string
  readonly present: () => boolean
}

/** Where distributions put the CNI plugins. */
const cniDirectories = ['/usr/lib/cni', '/opt/cni/bin', '/usr/libexec/cni'] as const

const program = (name: string, debianPackage: string): Need =>
  ({ what: name, debianPackage, present: () => findProgram(name) !== undefined })

const needs: readonly Need[] = [
  program('containerd', 'containerd'),
  program('ctr', 'containerd'),
  program('runc', 'runc'),
  program('busybox', 'busybox-static'),
  program('openssl', 'openssl'),
  program('tar', 'tar'),
  program('mount', 'mount'),
  program('unshare', 'util-linux'),
  program('nsenter', 'util-linux'),
  { what: 'the CNI plugin ptp', debianPackage: 'containernetworking-plugins', present: () => cniDirectory() !== undefined },
]

/** The directory of the CNI plugins, undefined when they are not installed. */
export function cniDirectory(): string | undefined {
  return cniDirectories.find((directory) => existsSync(`${directory}/ptp`) && existsSync(`${directory}/host-local`))
}

/**
 * Makes sure that this machine can carry a node: Linux, root, and the programs above, installed with apt-get where that is
 * allowed. Throws ClusterError that names exactly what is missing.
 */
export async function prepareMachine(): Promise<void> {
  if (process.platform !== 'linux') throw new ClusterError(`a real cluster needs Linux; this is ${process.platform}`)
  if (process.getuid?.() !== 0) throw new ClusterError('a real cluster needs root, for containers and their namespaces')
  const missing = needs.filter((need) => !need.present())
  if (missing.length === 0) return
  const debianPackages = [...new Set(missing.map((need) => need.debianPackage))]
  const names = missing.map((need) => need.what).join(', ')
  const install = `apt-get install -y ${debianPackages.join(' ')}`
  if (!(await aptInstall(debianPackages))) {
    throw new ClusterError(`this machine lacks ${names}, and apt-get could not install it; on Debian or Ubuntu: ${install}`)
  }
  const still = needs.filter((need) => !need.present()).map((need) => need.what)
  if (still.length > 0) throw new ClusterError(`this machine still lacks ${still.join(', ')} after ${install}`)
}

/** Installs Debian packages where apt-get is there and may; false when that did not work. */
export async function aptInstall(packages: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0 || findProgram('apt-get') === undefined) return false
  say(`installing ${packages.join(' ')} with apt-get`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]
  // Package lists of an image are often missing or old: then the first try fails, and an update helps.
  if ((await attempt(install, { env })).code === 0) return true
  await attempt(['apt-get', 'update', '-qq'], { env })
  return (await attempt(install, { env, show: true })).code === 0
}
