/** What a server serves, kept on disk for ten minutes beside kubectl's own cache. No failure of the cache is an error. */
import type { Clock, Files, Millis } from '../model/world.ts';
import type { DiscoveredGroup, Discovery } from './documents.ts';

/** kubectl keeps it for 6 hours (cli-runtime config_flags.go); a tool that deletes looks again sooner. */
export const KEPT_MS: Millis = 10 * 60 * 1000;

/** Number of the form of the file: another number is not read. */
const FORM = 1;

export interface CachePlace {
  readonly files: Pick<Files, 'read' | 'makeDirectory' | 'replace'>;
  readonly clock: Clock;
  /** null: no cache. */
  readonly directory: string | null;
}

interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDirectory: string;
}

/** As kubectl makes it of a host; two hosts can share it, so the file names its server too. */
const safeHost = (server: string): string => server.replace(/^https?:\/\//u, '').replaceAll(/[^\w./()]/gu, '_').replaceAll('..', '__');

/** The folder for one server: below --cache-dir, else KUBECACHEDIR, else ~/.kube/cache (cli-runtime getDefaultCacheDir). null without a home. */
export const cacheDirectory = (server: string, cacheDir: string | null, { env, homeDirectory }: Surroundings): string | null => {
  const fromEnv = env['KUBECACHEDIR'] ?? '';
  if (cacheDir === null && fromEnv === '' && homeDirectory === '') return null;
  const parent = cacheDir ?? (fromEnv === '' ? `${homeDirectory}/.kube/cache` : fromEnv);
  return `${parent}/safe-delete/${safeHost(server)}`;
};

const fileIn = (directory: string): string => `${directory}/discovery.json`;

interface Stored {
  readonly form: number;
  readonly server: string;
  readonly at: Millis;
  readonly groups: readonly DiscoveredGroup[];
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.every(isText);

const isKind = (value: unknown): boolean => {
  const k = value as Readonly<Record<string, unknown>> | null;
  return k !== null && [k['group'], k['version'], k['kind'], k['resource'], k['singular']].every(isText) && isTexts(k['shortNames']) && isTexts(k['categories']) && typeof k['namespaced'] === 'boolean';
};

const isGroup = (value: unknown): boolean => {
  const g = value as Readonly<Record<string, unknown>> | null;
  const versions: unknown = g?.['versions'];
  return (
    g !== null && isText(g['name']) && (g['preferred'] === null || isText(g['preferred'])) && Array.isArray(versions) &&
    versions.every((v: unknown) => {
      const version = v as Readonly<Record<string, unknown>> | null;
      return version !== null && isText(version['version']) && Array.isArray(version['kinds']) && version['kinds'].every(isKind);
    })
  );
};

const isStored = (value: unknown): value is Stored => {
  const s = value as Readonly<Record<string, unknown>> | null;
  return s !== null && s['form'] === FORM && isText(s['server']) && typeof s['at'] === 'number' && Array.isArray(s['groups']) && s['groups'].every(isGroup);
};

/** What was kept for this server and is not too old; null when there is nothing that can be trusted. */
export const readCache = async (server: string, { files, clock, directory }: CachePlace): Promise<Discovery | null> => {
  if (directory === null) return null;
  try {
    const stored: unknown = JSON.parse(Buffer.from(await files.read(fileIn(directory))).toString('utf8'));
    if (!isStored(stored) || stored.server !== server) return null;
    const age = clock.now() - stored.at;
    return age >= 0 && age <= KEPT_MS ? { groups: stored.groups, stale: [] } : null;
  } catch {
    return null;
  }
};

/** Keeps what was read. What is incomplete is not kept: the next run asks again. */
export const writeCache = async (server: string, discovery: Discovery, { files, clock, directory }: CachePlace): Promise<void> => {
  if (directory === null || discovery.stale.length > 0) return;
  const stored: Stored = { form: FORM, server, at: clock.now(), groups: discovery.groups };
  try {
    await files.makeDirectory(directory, 0o700);
    await files.replace(fileIn(directory), JSON.stringify(stored), 0o600);
  } catch {
    // A read-only home or a full disk: the next run asks the server again.
  }
};
