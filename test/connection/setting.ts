/** Fills a configuration with the addresses and credentials of a server, puts its files on disk, and asks the server who we are. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { sentenceOf } from '../../src/cluster/problem.ts';
import { connect } from '../../src/connection/connect.ts';
import type { ConnectionFlags } from '../../src/options/connection-flags.ts';
import { scratch } from './certificates.ts';
import type { Configuration } from './configurations.ts';
import { flagsWith, worldWith } from './world.ts';

/** Values of the placeholders, without ${}. */
export type Setting = Readonly<Record<string, string>>;

export interface Placed {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: ConnectionFlags;
}

export type Outcome = { readonly server: string; readonly namespace: string; readonly user: string; readonly groups: readonly string[] } | { readonly failure: string };

export const fill = (text: string, values: Setting): string => text.replaceAll(/\$\{([A-Z_]+)\}/gu, (whole, name: string) => values[name] ?? whole);

const fillFlag = (value: unknown, values: Setting): unknown =>
  typeof value === 'string' ? fill(value, values) : Array.isArray(value) ? value.map((item: unknown) => (typeof item === 'string' ? fill(item, values) : item)) : value;

export const place = (configuration: Configuration, setting: Setting): Placed => {
  const directory = mkdtempSync(join(scratch(), 'configuration-'));
  const values: Setting = { ...setting, DIR: directory, PATH: process.env['PATH'] ?? '' };
  mkdirSync(join(directory, 'home'));
  for (const [path, text] of Object.entries(configuration.files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fill(text, values));
    if (text.startsWith('#!')) chmodSync(file, 0o755);
  }
  const list = configuration.list?.map((path) => (path === '' ? '' : join(directory, path))).join(delimiter);
  const own = Object.fromEntries(Object.entries(configuration.env).map(([name, value]) => [name, fill(value, values)]));
  return {
    directory,
    env: { PATH: values['PATH'] ?? '', HOME: join(directory, 'home'), ...(list === undefined ? {} : { KUBECONFIG: list }), ...own },
    flags: flagsWith(Object.fromEntries(Object.entries(configuration.flags).map(([name, value]) => [name, fillFlag(value, values)]))),
  };
};

interface UserInfo {
  readonly username?: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** User and groups; with an impersonated uid and extra fields as if they were groups. */
export const describeUser = ({ username = '', uid, groups = [], extra = {} }: UserInfo): { readonly user: string; readonly groups: readonly string[] } => ({
  user: username,
  groups: [...groups, ...(uid === undefined || uid === '' ? [] : [`uid=${uid}`]), ...Object.entries(extra).map(([key, values]) => `extra ${key}=${values.join('+')}`)].toSorted(),
});

const review = { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews', namespace: null, name: null };

/** What this program makes of a configuration. */
export const resolveOurselves = async ({ directory, env, flags }: Placed): Promise<Outcome> => {
  const world = worldWith({ env, homeDirectory: join(directory, 'home'), workingDirectory: directory });
  const connected = await connect(flags, world);
  if (!connected.ok) return { failure: connected.error.message };
  const { port, context } = connected.value;
  try {
    const answer = await port.create(review, { kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1' }, { timeoutMs: 10_000 });
    if (!answer.ok) return { failure: sentenceOf(answer.problem, context).message };
    const { status } = answer.value as { readonly status: { readonly userInfo: UserInfo } };
    return { server: context.server, namespace: context.namespace, ...describeUser(status.userInfo) };
  } finally {
    port.close();
  }
};

/** Why an outcome is not what is expected; null when it is. */
export const difference = (outcome: Outcome, configuration: Configuration, setting: Setting): string | null => {
  const { expected } = configuration;
  if ('fails' in expected) return 'failure' in outcome && expected.fails.test(outcome.failure) ? null : `expected ${String(expected.fails)}, got ${JSON.stringify(outcome)}`;
  if ('failure' in outcome) return outcome.failure;
  const wanted = { server: fill(expected.server, setting), namespace: expected.namespace, user: fill(expected.user, setting), ...(expected.groups === undefined ? {} : { groups: expected.groups.toSorted() }) };
  const got = { server: outcome.server, namespace: outcome.namespace, user: outcome.user, ...(expected.groups === undefined ? {} : { groups: outcome.groups }) };
  return JSON.stringify(wanted) === JSON.stringify(got) ? null : `expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
};
