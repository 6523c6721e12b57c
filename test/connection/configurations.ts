/**
 * Configurations and what they mean: to be resolved by this program and by kubectl alike. Texts hold placeholders like ${SERVER}
 * that a setting fills in: a fake server anywhere, a real cluster beside the real kubectl.
 */
import type { ConnectionFlags } from '../../src/options/connection-flags.ts';

export interface Configuration {
  readonly name: string;
  /** Path below the scratch directory → text. `home/.kube/config` is the default file. */
  readonly files: Readonly<Record<string, string>>;
  /** KUBECONFIG, as paths below the scratch directory joined by the separator; null: not set. */
  readonly list: readonly string[] | null;
  readonly flags: Partial<ConnectionFlags>;
  readonly env: Readonly<Record<string, string>>;
  readonly expected: Expected;
}

export type Expected =
  | { readonly server: string; readonly namespace: string; readonly user: string; readonly groups?: readonly string[] }
  /** `kubectl`: its words where ours are clearer. */
  | { readonly fails: RegExp; readonly kubectl?: RegExp };

type Entry = Readonly<Record<string, unknown>>;

/** The text of a kubeconfig, as JSON, which is YAML. Contexts: [cluster, user, namespace?]. */
export const kubeconfig = (
  currentContext: string | null,
  contexts: Readonly<Record<string, readonly [cluster: string, user: string, namespace?: string]>>,
  clusters: Readonly<Record<string, Entry>>,
  users: Readonly<Record<string, Entry>>,
): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    ...(currentContext === null ? {} : { 'current-context': currentContext }),
    contexts: Object.entries(contexts).map(([name, [cluster, user, namespace]]) => ({ name, context: { cluster, user, ...(namespace === undefined ? {} : { namespace }) } })),
    clusters: Object.entries(clusters).map(([name, cluster]) => ({ name, cluster })),
    users: Object.entries(users).map(([name, user]) => ({ name, user })),
  });

export const main: Entry = { server: '${SERVER}', 'certificate-authority': '${CA_FILE}' };
export const alias: Entry = { server: '${ALIAS}', 'certificate-authority-data': '${CA_DATA}' };
export const admin: Entry = { token: '${ADMIN_TOKEN}' };
export const limited: Entry = { token: '${LIMITED_TOKEN}' };

/** A usual file: two contexts, two clusters, two users. */
export const usual = (changes: { readonly current?: string | null; readonly cluster?: Entry; readonly user?: Entry } = {}): string =>
  kubeconfig(
    changes.current === undefined ? 'one' : changes.current,
    { one: ['main', 'first', 'team-one'], two: ['alias', 'second', 'team-two'], bare: ['main', 'first'] },
    { main: changes.cluster ?? main, alias },
    { first: changes.user ?? admin, second: limited },
  );

export const row = (name: string, expected: Expected, changes: Partial<Configuration> = {}): Configuration => ({
  name,
  files: { config: usual() },
  list: ['config'],
  flags: {},
  env: {},
  expected,
  ...changes,
});

export const asAdmin = { server: '${SERVER}', namespace: 'team-one', user: 'admin' } as const;
export const asLimited = { server: '${ALIAS}', namespace: 'team-two', user: 'limited' } as const;
