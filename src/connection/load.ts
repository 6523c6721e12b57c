import { delimiter, join, resolve } from 'node:path';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import type { ConnectionError } from './connection-error.ts';
import { readKubeconfig } from './kubeconfig-text.ts';
import type { Kubeconfig } from './kubeconfig.ts';

const codeOf = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : 'EIO';
};

const REASONS: Readonly<Record<string, string>> = { ENOENT: 'no such file or directory', EACCES: 'permission denied', EISDIR: 'is a directory', ENOTDIR: 'not a directory' };

/** Why a file cannot be read, in Go's words; `missing` when there is none. */
export const unreadable = (path: string, error: unknown): { readonly missing: boolean; readonly message: string } => {
  const code = codeOf(error);
  const verb = code === 'EISDIR' ? 'read' : 'open';
  return { missing: code === 'ENOENT', message: `${verb} ${path}: ${REASONS[code] ?? code}` };
};

const bad = (message: string): { readonly ok: false; readonly error: ConnectionError } => fail({ code: 'kubeconfig', message, remedy: 'Correct the file, or choose another one with --kubeconfig or KUBECONFIG.' });

/** Files to read, in order. An explicit one must exist. */
const filesOf = (explicit: string | null, world: World): { readonly paths: readonly string[]; readonly mustExist: boolean } => {
  if (explicit !== null && explicit !== '') return { paths: [explicit], mustExist: true };
  const list = world.env['KUBECONFIG'] ?? '';
  if (list !== '') return { paths: [...new Set(list.split(world.platform === 'win32' ? ';' : delimiter))].filter((path) => path !== ''), mustExist: false };
  return { paths: [join(world.homeDirectory, '.kube', 'config')], mustExist: false };
};

/** Reads the kubeconfig files in kubectl's order: --kubeconfig alone, or KUBECONFIG's list, or ~/.kube/config (client-go loader.go). */
export const loadKubeconfigs = async (explicit: string | null, world: World): Promise<Result<readonly Kubeconfig[], ConnectionError>> => {
  const { paths, mustExist } = filesOf(explicit, world);
  const loaded: Kubeconfig[] = [];
  const wrong: string[] = [];
  for (const path of paths) {
    const absolute = resolve(world.workingDirectory, path);
    let text: string;
    try {
      text = Buffer.from(await world.files.read(absolute)).toString('utf8');
    } catch (error) {
      const { missing, message } = unreadable(path, error);
      if (missing && mustExist) return bad(`stat ${path}: no such file or directory`);
      if (!missing) wrong.push(`error loading config file "${path}": ${message}`);
      continue;
    }
    const read = await readKubeconfig(text, absolute);
    if (read.ok) loaded.push(read.value);
    else wrong.push(`error loading config file "${path}": ${read.error}`);
  }
  return wrong.length === 0 ? ok(loaded) : bad(wrong.join('; '));
};

/** The names that --context, --cluster and --user can take; none of a kubeconfig that cannot be read. */
export const namesInKubeconfig = async (explicit: string | null, world: World): Promise<Readonly<Record<'context' | 'cluster' | 'user', readonly string[]>>> => {
  const loaded = await loadKubeconfigs(explicit, world);
  const configs = loaded.ok ? loaded.value : [];
  const all = (names: (config: Kubeconfig) => Iterable<string>): readonly string[] => [...new Set(configs.flatMap((config) => [...names(config)]))].toSorted();
  return { context: all((c) => c.contexts.keys()), cluster: all((c) => c.clusters.keys()), user: all((c) => c.users.keys()) };
};
