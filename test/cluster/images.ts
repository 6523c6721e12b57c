/**
 * The two images of the node, made of the machine's own static busybox, so that nothing is downloaded:
 * localhost/busybox:1 (sh, sleep, trap, httpd, wget and more) and localhost/pause:1. Pods use imagePullPolicy: Never.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { attempt, findProgram, run } from './commands.ts'
import { ClusterError } from './state.ts'

const applets = ['sh', 'sleep', 'cat', 'echo', 'ls', 'wget', 'httpd', 'kill', 'trap', 'true', 'false', 'date', 'touch', 'mkdir', 'rm', 'ps', 'id', 'env', 'printf', 'seq', 'test', 'nc', 'yes', 'head', 'tail', 'dd'] as const

/** pause holds a pod's namespaces and does nothing else. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'localhost/pause:1': ['/bin/sh', '-c', 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait; done'],
  'localhost/busybox:1': ['/bin/sh'],
}

/** Writes an OCI archive with both images to file. */
export async function writeImages(file: string): Promise<void> {
  const busybox = await staticBusybox()
  const work = mkdtempSync(join(tmpdir(), 'images-'))
  try {
    const root = join(work, 'root')
    for (const directory of ['bin', 'tmp', 'etc', 'dev', 'proc', 'sys', 'var']) mkdirSync(join(root, directory), { recursive: true })
    copyFileSync(busybox, join(root, 'bin', 'busybox'))
    for (const applet of applets) symlinkSync('busybox', join(root, 'bin', applet))
    const layer = join(work, 'layer.tar')
    await run(['tar', '-C', root, '--owner=0', '--group=0', '--mtime=@0', '--sort=name', '-cf', layer, '.'])
    const oci = join(work, 'oci')
    mkdirSync(join(oci, 'blobs', 'sha256'), { recursive: true })
    writeIndex(oci, blob(oci, layer))
    await run(['tar', '-C', oci, '-cf', file, '.'])
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** A busybox that needs no libraries, for the image has none. */
async function staticBusybox(): Promise<string> {
  const busybox = findProgram('busybox')
  if (busybox === undefined) throw new ClusterError('this machine lacks busybox (Debian package busybox-static)')
  // ldd fails, or says so, for a program that is not dynamic; where there is no ldd, the first pod will tell.
  const ldd = findProgram('ldd')
  if (ldd !== undefined) {
    const { stdout } = await attempt([ldd, busybox])
    if (stdout.includes('=>')) throw new ClusterError(`${busybox} is not static: apt-get install -y busybox-static`)
  }
  return busybox
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

function blob(oci: string, file: string, mediaType = 'application/vnd.oci.image.layer.v1.tar'): Descriptor {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
  copyFileSync(file, join(oci, 'blobs', 'sha256', hash))
  return { mediaType, digest: `sha256:${hash}`, size: statSync(file).size }
}

function jsonBlob(oci: string, mediaType: string, content: object): Descriptor {
  const file = join(oci, '..', 'content.json')
  writeFileSync(file, JSON.stringify(content))
  return blob(oci, file, mediaType)
}

function writeIndex(oci: string, layer: Descriptor): void {
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const manifests = Object.entries(commands).map(([name, command]) => {
    const config = jsonBlob(oci, 'application/vnd.oci.image.config.v1+json', {
      architecture, os: 'linux', config: { Cmd: command, Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
    })
    const mediaType = 'application/vnd.oci.image.manifest.v1+json'
    const manifest = jsonBlob(oci, mediaType, { schemaVersion: 2, mediaType, config, layers: [layer] })
    return { ...manifest, annotations: { 'io.containerd.image.name': name }, platform: { architecture, os: 'linux' } }
  })
  writeFileSync(join(oci, 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }))
  writeFileSync(join(oci, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }))
}
