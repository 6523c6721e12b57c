/** Builds the cluster's binaries once per content of their Go module, and keeps them in the user's cache. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attempt, findProgram, run, say } from './commands.ts'
import { withLock } from './lock.ts'
import { aptInstall } from './machine.ts'
import { cacheDir, ClusterError, readState, recordedNames } from './state.ts'

/** The Kubernetes version that go.mod pins; the binaries would call themselves v0.0.0-master without it. */
export const kubernetesVersion = 'v1.36.3'

const moduleDir = import.meta.dirname

/** The linker flags of a release build: kubectl's User-Agent comes from client-go's copy of the version. */
function versionFlags(): string {
  const [major = '', minor = ''] = kubernetesVersion.slice(1).split('.')
  const set = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    `-X ${path}.gitVersion=${kubernetesVersion}`, `-X ${path}.gitMajor=${major}`, `-X ${path}.gitMinor=${minor}`,
    `-X ${path}.gitTreeState=clean`,
  ])
  return ['-s -w', ...set].join(' ')
}

/** The directory with kube-in-one and kubectl, built when there is none for this go.mod, go.sum and sources. */
export async function buildKubernetes(): Promise<string> {
  return await buildOnce('kubernetes', moduleDir, async (go, output) => {
    say('building Kubernetes from its published modules: about 10 minutes the first time, seconds with a warm Go cache')
    const flags = ['-buildvcs=false', '-ldflags', versionFlags()]
    await go(['build', ...flags, '-o', join(output, 'kube-in-one'), '.'])
    // The real program in a binary of its own: kube-in-one would start slower, and kubectl reads its own name and arguments.
    await go(['build', ...flags, '-o', join(output, 'kubectl'), 'k8s.io/kubernetes/cmd/kubectl'])
  })
}

/** The directory with kwok and its stage files (stages/), built on first request. */
export async function buildKwok(): Promise<string> {
  return await buildOnce('kwok', join(moduleDir, 'kwok'), async (go, output) => {
    say('building kwok')
    await go(['build', '-buildvcs=false', '-ldflags', '-s -w', '-o', join(output, 'kwok'), 'sigs.k8s.io/kwok/cmd/kwok'])
    const source = (await go(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'])).trim()
    for (const stages of ['pod/fast', 'node/fast', 'node/heartbeat-with-lease']) {
      cpSync(join(source, 'kustomize', 'stage', stages), join(output, 'stages', stages), { recursive: true })
    }
  })
}

/** The directory with krew, validate-krew-manifest and actionlint, built on first request (half a minute). */
export async function buildReleaseTools(): Promise<string> {
  return await buildOnce('release-tools', fileURLToPath(new URL('../../.ci/tools', import.meta.url)), async (go, output) => {
    say('building krew and actionlint')
    const programs = ['sigs.k8s.io/krew/cmd/krew', 'sigs.k8s.io/krew/cmd/validate-krew-manifest', 'github.com/rhysd/actionlint/cmd/actionlint']
    await go(['build', '-buildvcs=false', '-ldflags', '-s -w', '-o', `${output}/`, ...programs])
  })
}

type Go = (args: readonly string[]) => Promise<string>

async function buildOnce(what: string, module: string, build: (go: Go, output: string) => Promise<void>): Promise<string> {
  const final = join(cacheDir(), 'bin', `${what}-${contentKey(module)}`)
  if (existsSync(final)) return final
  mkdirSync(join(cacheDir(), 'bin'), { recursive: true })
  await withLock(`${final}.lock`, async () => {
    if (existsSync(final)) return
    const program = await findGo(module)
    const output = `${final}.building`
    rmSync(output, { recursive: true, force: true })
    mkdirSync(output)
    await build(async (args) => await run([program, ...args], { cwd: module, env: goEnvironment() }), output)
    renameSync(output, final)
    removeOlder(what, final)
  })
  return final
}

/** Earlier builds go, 250 MB each, unless a cluster was started from them. */
function removeOlder(what: string, current: string): void {
  const used = new Set([current, ...recordedNames().map((name) => readState(name)?.binDir)])
  const builds = readdirSync(dirname(current)).filter((entry) => new RegExp(`^${what}-[0-9a-f]{16}$`).test(entry))
  for (const build of builds.map((entry) => join(dirname(current), entry))) {
    if (!used.has(build)) rmSync(build, { recursive: true, force: true })
  }
}

/** A short hash over everything that decides what a build gives: modules, their hashes, sources, flags, machine. */
function contentKey(module: string): string {
  const hash = createHash('sha256').update(`${process.arch} ${versionFlags()}\n`)
  const files = readdirSync(module).filter((file) => file.endsWith('.go') || file === 'go.mod' || file === 'go.sum')
  for (const file of files.toSorted()) hash.update(`${file}\n`).update(readFileSync(join(module, file)))
  return hash.digest('hex').slice(0, 16)
}

/** A workspace or a vendor flag of the machine must not change what is built. */
function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, GOWORK: 'off' }
}

/** A Go that can build the module: on PATH, in the usual places, or from apt-get. Throws ClusterError when there is none. */
async function findGo(module: string): Promise<string> {
  const wanted = /^go (\d+)\.(\d+)/m.exec(readFileSync(join(module, 'go.mod'), 'utf8'))
  const needed = Number(wanted?.[2] ?? 0)
  const found = await bestGo(module, needed)
  if (found !== undefined) return found
  // bookworm-backports and Ubuntu carry versioned packages beside the default one.
  for (const packages of [[`golang-1.${needed}-go`], ['golang-go']]) {
    if (await aptInstall(packages)) {
      const installed = await bestGo(module, needed)
      if (installed !== undefined) return installed
    }
  }
  throw new ClusterError(`building the cluster needs Go 1.${needed} or later (or Go 1.21 with GOTOOLCHAIN=auto), and there is none: see https://go.dev/dl`)
}

/** The first Go that is new enough inside the module; from 1.21 on, Go itself fetches the version that go.mod asks for. */
async function bestGo(module: string, needed: number): Promise<string | undefined> {
  const places = ['/usr/local/go/bin', `/usr/lib/go-1.${needed}/bin`, '/usr/lib/go/bin']
  const candidates = new Set([findProgram('go', places), ...places.map((place) => findProgram('go', [place]))])
  for (const candidate of candidates) {
    if (candidate === undefined) continue
    const { code, stdout } = await attempt([candidate, 'version'], { cwd: module, env: goEnvironment() })
    const minor = /go1\.(\d+)/.exec(stdout)?.[1]
    if (code === 0 && Number(minor ?? 0) >= needed) return candidate
  }
  return undefined
}
