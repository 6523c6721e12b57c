import { normalize } from 'node:path';
import type { ClientCertificate, Credential, Credentials, Obtained } from '../cluster/endpoint.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { shared } from './credentials.ts';
import type { ExecConfig } from './kubeconfig.ts';
import { certificateFlaw } from './material.ts';
import { printableLine } from './printable-line.ts';

/** spec.cluster of an ExecCredential (client-go pkg/apis/clientauthentication/v1 types.go Cluster). */
export interface ExecCluster {
  readonly server: string;
  readonly tlsServerName: string | null;
  readonly insecure: boolean;
  readonly ca: readonly string[] | null;
  readonly proxyUrl: string | null;
  readonly disableCompression: boolean;
  readonly config: unknown;
}

const VERSIONS: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields | null => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null);

/** The environment variable KUBERNETES_EXEC_INFO: what the plugin may know of this call. */
export const execInfo = (exec: ExecConfig, cluster: ExecCluster, interactive: boolean): string => {
  const about = {
    server: cluster.server,
    ...(cluster.tlsServerName === null ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecure ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster.ca === null ? {} : { 'certificate-authority-data': Buffer.from(`${cluster.ca.join('\n')}\n`).toString('base64') }),
    ...(cluster.proxyUrl === null ? {} : { 'proxy-url': cluster.proxyUrl }),
    ...(cluster.disableCompression ? { 'disable-compression': true } : {}),
    ...(cluster.config === undefined ? {} : { config: cluster.config }),
  };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: exec.apiVersion, spec: { ...(exec.provideClusterInfo ? { cluster: about } : {}), interactive } });
};

const decoded = async (stdout: string): Promise<Fields | null> => {
  try {
    return fieldsOf(JSON.parse(stdout));
  } catch {
    try {
      const { parse } = await import('yaml');
      return fieldsOf(parse(stdout, { logLevel: 'silent' }));
    } catch {
      return null;
    }
  }
};

interface Made {
  readonly token: string;
  readonly certificate: ClientCertificate | null;
  /** Milliseconds since 1970; infinite when the plugin named no end. */
  readonly expires: number;
}

/** Reads what a plugin printed; nothing of it is repeated in an error (exec.go refreshCredsLocked). */
export const readExecCredential = async (stdout: string, apiVersion: string): Promise<Result<Made, string>> => {
  const answer = await decoded(stdout);
  if (answer === null || answer['kind'] !== 'ExecCredential') return fail('decoding stdout: it is not an ExecCredential');
  const version = answer['apiVersion'];
  if (version !== apiVersion) return fail(`exec plugin is configured to use API version ${apiVersion}, plugin returned version ${printableLine(String(version))}`);
  const status = fieldsOf(answer['status']);
  if (status === null) return fail("exec plugin didn't return a status field");
  const text = (name: string): string => (typeof status[name] === 'string' ? status[name] : '');
  const [token, cert, key] = [text('token'), text('clientCertificateData'), text('clientKeyData')];
  if (token === '' && cert === '' && key === '') return fail("exec plugin didn't return a token or cert/key pair");
  if ((cert === '') !== (key === '')) return fail('exec plugin returned only certificate or key, not both');
  const certificate = cert === '' ? null : { cert, key };
  const flaw = certificate === null ? null : certificateFlaw(certificate);
  if (flaw !== null) return fail(`failed parsing client key/certificate: ${flaw}`);
  const until = status['expirationTimestamp'];
  const expires = typeof until === 'string' ? Date.parse(until) : Number.POSITIVE_INFINITY;
  if (Number.isNaN(expires)) return fail('decoding stdout: expirationTimestamp is not a time');
  return ok({ token, certificate, expires });
};

const startFailure = (exec: ExecConfig, error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  if (code === 'ENOENT') {
    const hint = printableLine(exec.installHint);
    return `exec: executable ${exec.command} not found${hint === '' ? ' (it is a client-go credential plugin that must be installed)' : `: ${hint}`}`;
  }
  return `exec: fork/exec ${exec.command}: ${code === 'EACCES' ? 'permission denied' : typeof code === 'string' ? code : 'failed'}`;
};

/** Whether the plugin may use the terminal, or why it cannot run (exec.go isInteractive). */
const interactivity = (exec: ExecConfig, world: World): Result<boolean, string> => {
  if (exec.interactiveMode === 'Never') return ok(false);
  if (exec.interactiveMode === 'Always' && !world.stdin.isTTY) return fail('exec plugin cannot support interactive mode: standard input is not a terminal');
  return ok(world.stdin.isTTY);
};

const run = async (exec: ExecConfig, cluster: ExecCluster, world: World): Promise<Result<Made, string>> => {
  const interactive = interactivity(exec, world);
  if (!interactive.ok) return interactive;
  const inherited = Object.entries(world.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const env = Object.fromEntries([...inherited, ...exec.env.map(({ name, value }) => [name, value] as const), ['KUBERNETES_EXEC_INFO', execInfo(exec, cluster, interactive.value)] as const]);
  try {
    const result = await world.spawn({ command: normalize(exec.command), args: exec.args, env, stdin: interactive.value ? 'inherit' : 'none' });
    if (result.exitCode !== 0) return fail(`exec: executable ${exec.command} failed with ${result.exitCode === null ? `signal ${result.signal ?? 'unknown'}` : `exit code ${result.exitCode}`}`);
    return await readExecCredential(result.stdout, exec.apiVersion);
  } catch (error) {
    return fail(startFailure(exec, error));
  }
};

const sameCertificate = (one: ClientCertificate | null, other: ClientCertificate | null): boolean => one?.cert === other?.cert && one?.key === other?.key;

/** The sentence for a plugin whose apiVersion this program cannot speak, or null. */
export const execVersionFlaw = (exec: ExecConfig): string | null => (VERSIONS.includes(exec.apiVersion) ? null : `exec plugin: invalid apiVersion ${JSON.stringify(exec.apiVersion)}`);

/**
 * Credentials of an exec plugin: run on first use, kept until their expirationTimestamp or a 401, one run for all that wait
 * (client-go plugin/pkg/client/auth/exec/exec.go). Unlike client-go the request that got the 401 is repeated with the new credential.
 */
export const execCredentials = (exec: ExecConfig, cluster: ExecCluster, world: World): Credentials => {
  let held: { readonly credential: Credential; readonly expires: number } | null = null;
  const refresh = shared(async (): Promise<Obtained> => {
    const made = await run(exec, cluster, world);
    if (!made.ok) return { ok: false, message: `getting credentials: ${made.error}` };
    const { token, expires } = made.value;
    const authorization = token === '' ? null : `Bearer ${token}`;
    // An unchanged certificate keeps its identity, and with it the connections that were made with it.
    const before = held?.credential ?? null;
    const certificate = before !== null && sameCertificate(before.certificate, made.value.certificate) ? before.certificate : made.value.certificate;
    const credential = before !== null && before.authorization === authorization && before.certificate === certificate ? before : { authorization, certificate };
    held = { credential, expires };
    return { ok: true, credential };
  });
  return {
    current: async () => (held !== null && world.clock.now() <= held.expires ? { ok: true, credential: held.credential } : await refresh()),
    renewed: async (used) => {
      if (held !== null && held.credential !== used) return { ok: true, credential: held.credential };
      const again = await refresh();
      return again.ok && again.credential === used ? null : again;
    },
  };
};
