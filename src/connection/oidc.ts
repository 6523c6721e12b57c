import { call } from '../cluster/call.ts';
import type { Line } from '../cluster/call.ts';
import type { ClientCertificate, Credential, Credentials, Endpoint, Obtained } from '../cluster/endpoint.ts';
import { openPool } from '../cluster/pool.ts';
import { sentenceOf } from '../cluster/problem.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Millis, World } from '../model/world.ts';
import { fixed, shared } from './credentials.ts';
import { loadAuthority } from './material.ts';
import { proxyFor } from './proxy-for.ts';
import { parseServer } from './server-url.ts';

type Config = Readonly<Record<string, string>>;

/** client-go oidc.go expiryDelta: a token is renewed this much before its end. */
const LEEWAY_MS: Millis = 10_000;
const REQUEST_MS: Millis = 30_000;

const fieldsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
};

const textIn = (fields: Readonly<Record<string, unknown>>, name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');

/** When an id token ends, in milliseconds since 1970. */
const endOf = (idToken: string): Result<Millis, string> => {
  const parts = idToken.split('.');
  if (parts.length !== 3) return fail('ID Token is not a valid JWT');
  const { exp } = fieldsOf(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  return typeof exp === 'number' ? ok(exp * 1000) : fail('parsing claims: the ID Token names no end');
};

/** What an identity provider was asked, in one sentence without what it answered: that may hold tokens. */
const asked = async (url: string, config: Config, form: { readonly body: string; readonly authorization: string | null } | null, world: World): Promise<Result<Readonly<Record<string, unknown>>, string>> => {
  const server = parseServer(url);
  if (!server.ok) return server;
  const file = config['idp-certificate-authority'] ?? '';
  const data = config['idp-certificate-authority-data'] ?? '';
  const pem = data !== '' ? { data: Buffer.from(data, 'base64').toString('utf8') } : file !== '' ? { file } : null;
  const ca = pem === null ? ok(null) : await loadAuthority(pem, 'the identity provider', world);
  if (!ca.ok) return fail(ca.error.message);
  const endpoint: Endpoint = {
    server: { ...server.value.address, prefix: '' },
    tls: { ca: ca.value, insecure: false, serverName: null },
    credentials: fixed({ authorization: form?.authorization ?? null, certificate: null }),
    headers: [],
    proxy: proxyFor(server.value.address, null, world.env),
    userAgent: 'kubectl-safe_delete',
    requestTimeoutMs: null,
    compression: false,
  };
  const pool = openPool(endpoint, world.clock);
  try {
    const line: Line = { endpoint, pool, clock: world.clock };
    const path = `${server.value.address.prefix}${/\?[^#]*/u.exec(url)?.[0] ?? ''}`;
    const ask = { method: form === null ? 'GET' : 'POST', path: path === '' ? '/' : path, accept: 'application/json', body: form?.body ?? null, contentType: 'application/x-www-form-urlencoded', purpose: 'request' } as const;
    const answer = await call(line, ask, { timeoutMs: REQUEST_MS });
    if (!answer.ok) return fail(sentenceOf(answer.problem, { server: url, user: null }).message);
    return ok(fieldsOf(answer.text));
  } finally {
    pool.close();
  }
};

interface Tokens {
  readonly idToken: string;
  /** null: the provider kept the old one. */
  readonly refreshToken: string | null;
}

/** Go's oauth2 sends the client's secret in a header first, and in the form when the provider refuses that. */
const refreshed = async (config: Config, world: World): Promise<Result<Tokens, string>> => {
  const refreshToken = config['refresh-token'] ?? '';
  if (refreshToken === '') return fail('No valid id-token, and cannot refresh without refresh-token');
  const issuer = (config['idp-issuer-url'] ?? '').replace(/\/$/u, '');
  const metadata = await asked(`${issuer}/.well-known/openid-configuration`, config, null, world);
  if (!metadata.ok) return fail(`oidc: failed to query metadata endpoint: ${metadata.error}`);
  const tokenUrl = textIn(metadata.value, 'token_endpoint');
  if (tokenUrl === '') return fail("oidc: discovery object doesn't contain a token_endpoint");
  const [id, secret] = [config['client-id'] ?? '', config['client-secret'] ?? ''];
  const grant = { grant_type: 'refresh_token', refresh_token: refreshToken };
  const authorization = `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
  let answer = await asked(tokenUrl, config, { body: new URLSearchParams(grant).toString(), authorization }, world);
  if (!answer.ok) {
    const body = new URLSearchParams({ ...grant, client_id: id, ...(secret === '' ? {} : { client_secret: secret }) }).toString();
    answer = await asked(tokenUrl, config, { body, authorization: null }, world);
  }
  if (!answer.ok) return fail(`failed to refresh token: ${answer.error}`);
  const idToken = textIn(answer.value, 'id_token');
  if (idToken === '') return fail("token response did not contain an id_token, either the scope \"openid\" wasn't requested upon login, or the provider doesn't support id_tokens as part of the refresh response");
  const next = textIn(answer.value, 'refresh_token');
  return ok({ idToken, refreshToken: next === '' || next === refreshToken ? null : next });
};

/** The sentence for an oidc configuration that cannot work, or null (client-go oidc.go newOIDCAuthProvider). */
export const oidcFlaw = (config: Config): string | null => ['idp-issuer-url', 'client-id'].filter((name) => (config[name] ?? '') === '').map((name) => `Must provide ${name}`)[0] ?? null;

/**
 * Credentials of auth-provider oidc: the id token until it ends, then a new one for the refresh token. `persist` must store the new
 * tokens where the old ones were: a provider that rotates refresh tokens does not take the old one again, and kubectl would be locked out.
 */
export const oidcCredentials = (given: Config, certificate: ClientCertificate | null, persist: (changes: Config) => Promise<Result<null, string>>, world: World): Credentials => {
  let config = given;
  let held: Credential | null = null;
  const credentialOf = (idToken: string): Credential => {
    const authorization = `Bearer ${idToken}`;
    if (held?.authorization !== authorization) held = { authorization, certificate };
    return held;
  };
  const obtain = shared(async (): Promise<Obtained> => {
    const idToken = config['id-token'] ?? '';
    if (idToken !== '') {
      const end = endOf(idToken);
      if (!end.ok) return { ok: false, message: end.error };
      if (world.clock.now() + LEEWAY_MS < end.value) return { ok: true, credential: credentialOf(idToken) };
    }
    const tokens = await refreshed(config, world);
    if (!tokens.ok) return { ok: false, message: tokens.error };
    const changes = { 'id-token': tokens.value.idToken, ...(tokens.value.refreshToken === null ? {} : { 'refresh-token': tokens.value.refreshToken }) };
    const stored = await persist(changes);
    if (!stored.ok) return { ok: false, message: `could not persist new tokens: ${stored.error}` };
    config = { ...config, ...changes };
    return { ok: true, credential: credentialOf(tokens.value.idToken) };
  });
  return { current: obtain, renewed: async () => await Promise.resolve(null) };
};
