/** Reads what -f names by URL: https or http, nothing else, and no other scheme by redirect (cli-runtime visitor.go readHttpWithRetries). */
import { Agent as HttpAgent, get as getHttp } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as getHttps } from 'node:https';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { shownUrl } from '../model/shown-url.ts';
import type { Clock } from '../model/world.ts';

export const URL_LIMIT_BYTES = 10 * 1024 * 1024;
const LIMIT_MS = 30_000;
const ATTEMPTS = 3;
const PAUSE_MS = 1000;
const REDIRECTS = 10;

/** Reads one URL; the error is a sentence. */
export type FetchUrl = (url: string, signal: AbortSignal) => Promise<Result<Uint8Array, string>>;

type Got = { readonly kind: 'body'; readonly bytes: Uint8Array } | { readonly kind: 'redirect'; readonly to: string } | { readonly kind: 'failed'; readonly why: string; readonly again: boolean };

const failed = (why: string, again: boolean): Got => ({ kind: 'failed', why, again });

const gather = (response: IncomingMessage, url: string, done: (got: Got) => void): void => {
  const status = response.statusCode ?? 0;
  if ([301, 302, 303, 307, 308].includes(status) && response.headers.location !== undefined) {
    response.destroy();
    done({ kind: 'redirect', to: response.headers.location });
    return;
  }
  if (status !== 200) {
    response.destroy();
    done(failed(`unable to read URL "${url}", server reported ${status} ${response.statusMessage ?? ''}, status code=${status}`, status >= 500));
    return;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  response.on('data', (chunk: Uint8Array) => {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= URL_LIMIT_BYTES) return;
    response.destroy();
    done(failed(`unable to read URL "${url}": it holds more than ${URL_LIMIT_BYTES / 1024 / 1024} MB`, false));
  });
  response.on('end', () => {
    done(response.complete ? { kind: 'body', bytes: Buffer.concat(chunks) } : failed(`unable to read URL "${url}": the answer ended early`, true));
  });
  response.on('error', (error) => {
    done(failed(`unable to read URL "${url}": ${error.message}`, true));
  });
};

type Env = Readonly<Record<string, string | undefined>>;

/** A runtime that does not know proxyEnv (Node before 24.5) connects directly. */
const getWith = (url: URL, env: Env, signal: AbortSignal, take: (response: IncomingMessage) => void): ClientRequest => {
  const options = { signal, headers: { accept: '*/*' } } as const;
  return url.protocol === 'https:'
    ? getHttps(url, { ...options, rejectUnauthorized: true, agent: new HttpsAgent({ proxyEnv: { ...env } }) }, take)
    : getHttp(url, { ...options, agent: new HttpAgent({ proxyEnv: { ...env } }) }, take);
};

const once = async (url: URL, env: Env, signal: AbortSignal): Promise<Got> =>
  await new Promise((resolve) => {
    const shown = shownUrl(url.href);
    let request: ClientRequest;
    const take = (response: IncomingMessage): void => {
      gather(response, shown, resolve);
    };
    try {
      request = getWith(url, env, signal, take);
    } catch (error) {
      resolve(failed(`the URL passed to filename "${shown}" is not valid: ${error instanceof Error ? error.message : String(error)}`, false));
      return;
    }
    request.on('error', (error) => {
      resolve(failed(signal.aborted ? `unable to read URL "${shown}" within ${LIMIT_MS / 1000} s` : `unable to read URL "${shown}": ${error.message}`, !signal.aborted));
    });
  });

const parsed = (text: string, base?: URL): URL | null => {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
};

const followed = async (start: URL, env: Env, signal: AbortSignal): Promise<Got> => {
  let url = start;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const got = await once(url, env, signal);
    if (got.kind !== 'redirect') return got;
    const next = parsed(got.to, url);
    if (next === null) return failed(`unable to read URL "${shownUrl(start.href)}": it redirects to nowhere`, false);
    if (next.protocol !== start.protocol) return failed(`unable to read URL "${shownUrl(start.href)}": it redirects from ${start.protocol.slice(0, -1)} to ${next.protocol.slice(0, -1)}, which is not followed; name ${shownUrl(next.href)} itself`, false);
    url = next;
  }
  return failed(`unable to read URL "${shownUrl(start.href)}": more than ${REDIRECTS} redirects`, false);
};

/** A reader of URLs: 10 MB and 30 seconds at most, three tries; through the proxy that `env` names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY). Sends no credentials. */
export const fetchUrlWith = (clock: Clock, env: Env): FetchUrl => async (text, signal) => {
  const url = parsed(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return fail(`the URL passed to filename "${shownUrl(text)}" is not valid`);
  const over = new AbortController();
  const answered = new AbortController();
  void clock.sleep(LIMIT_MS, answered.signal).then(() => {
    over.abort();
  });
  const until = AbortSignal.any([signal, over.signal]);
  try {
    for (let attempt = 1; ; attempt++) {
      const got = await followed(url, env, until);
      if (got.kind === 'body') return ok(got.bytes);
      if (got.kind === 'redirect') return fail(`unable to read URL "${shownUrl(text)}"`);
      if (!got.again || attempt >= ATTEMPTS) return fail(got.why);
      await clock.sleep(PAUSE_MS, until);
    }
  } finally {
    answered.abort();
  }
};
