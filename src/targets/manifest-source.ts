/** What -f and -k hold, read once a run: standard input cannot be read twice, and what was shown in the plan is what is looked at again. */
import { resolve as resolvePath } from 'node:path';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { shownUrl } from '../model/shown-url.ts';
import type { World } from '../model/world.ts';
import type { FetchUrl } from './fetch-url.ts';
import { manifestsIn, textOf } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import { fileExtensions, filesFor } from './paths.ts';
import type { WordsError } from './words.ts';

export interface ManifestFlags {
  readonly filenames: readonly string[];
  readonly kustomize: string | null;
  readonly recursive: boolean;
}

/** The objects of the files, in order. */
export type ReadManifests = (flags: ManifestFlags, signal: AbortSignal) => Promise<Result<readonly Manifest[], WordsError>>;

type ManifestWorld = Pick<World, 'files' | 'workingDirectory' | 'stdin' | 'env' | 'spawn'>;

const unreadable = (message: string, remedy: string | null = null): { readonly ok: false; readonly error: WordsError } => fail({ code: 'unreadable-file', message, remedy });

const isUrl = (name: string): boolean => name.startsWith('https://') || name.startsWith('http://');

const whyNot = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** `kubectl kustomize`: the same library as kubectl's own -k. What it has to say goes to stderr. */
const kustomized = async (directory: string, world: ManifestWorld, signal: AbortSignal): Promise<Result<string, WordsError>> => {
  const env = Object.fromEntries(Object.entries(world.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  try {
    const result = await world.spawn({ command: 'kubectl', args: ['kustomize', '--', directory], env, stdin: 'none', signal });
    return result.exitCode === 0 ? ok(result.stdout) : unreadable(`kubectl kustomize ${directory} failed`, 'see its message above');
  } catch (error) {
    const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
    return code === 'ENOENT'
      ? unreadable('-k needs kubectl to build the kustomization, and there is none in PATH', 'put kubectl into PATH, or pass the built objects with -f')
      : unreadable(`kubectl kustomize ${directory} could not be started: ${whyNot(error)}`);
  }
};

const readOne = async (path: string, world: ManifestWorld): Promise<Result<readonly Manifest[], WordsError>> => {
  let bytes: Uint8Array;
  try {
    bytes = await world.files.read(resolvePath(world.workingDirectory, path));
  } catch (error) {
    return unreadable(`error reading "${path}": ${whyNot(error)}`);
  }
  const found = await manifestsIn(textOf(bytes), path);
  return found.ok ? found : unreadable(found.error);
};

const readAll = async (flags: ManifestFlags, world: ManifestWorld, fetchUrl: FetchUrl, signal: AbortSignal): Promise<Result<readonly Manifest[], WordsError>> => {
  if (flags.filenames.filter((name) => name === '-').length > 1) return unreadable('standard input cannot be used for multiple arguments');
  const manifests: Manifest[] = [];
  let looked = 0;
  const add = (found: Result<readonly Manifest[], string | WordsError>): WordsError | null => {
    looked++;
    if (found.ok) manifests.push(...found.value);
    else return typeof found.error === 'string' ? { code: 'unreadable-file', message: found.error, remedy: null } : found.error;
    return null;
  };
  for (const named of flags.filenames) {
    let flaw: WordsError | null = null;
    if (named === '-') flaw = add(await manifestsIn(textOf(await world.stdin.readAll()), 'STDIN'));
    else if (isUrl(named)) {
      const bytes = await fetchUrl(named, signal);
      flaw = add(bytes.ok ? await manifestsIn(textOf(bytes.value), shownUrl(named)) : unreadable(bytes.error, 'where it takes a proxy or a credential: curl -fsSL URL | kubectl safe-delete -f -'));
    } else {
      const paths = await filesFor(named, flags.recursive, world);
      if (!paths.ok) return unreadable(paths.error);
      for (const path of paths.value) flaw ??= add(await readOne(path, world));
    }
    if (flaw !== null) return fail(flaw);
  }
  if (flags.kustomize !== null) {
    const built = await kustomized(flags.kustomize, world, signal);
    const flaw = add(built.ok ? await manifestsIn(built.value, flags.kustomize) : built);
    if (flaw !== null) return fail(flaw);
  }
  if (looked === 0) return unreadable(`error reading [${flags.filenames.join(' ')}]: recognized file extensions are [${fileExtensions.join(' ')}]`);
  return ok(manifests);
};

/** Reads on the first call; later ones give the same. */
export const manifestSource = (world: ManifestWorld, fetchUrl: FetchUrl): ReadManifests => {
  let known: Promise<Result<readonly Manifest[], WordsError>> | null = null;
  return async (flags, signal) => {
    known ??= readAll(flags, world, fetchUrl, signal);
    return await known;
  };
};
