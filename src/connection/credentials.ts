import type { ClientCertificate, Credential, Credentials, Obtained } from '../cluster/endpoint.ts';
import type { Clock, Files, Millis } from '../model/world.ts';
import { unreadable } from './load.ts';

/** A credential that never changes. */
export const fixed = (credential: Credential): Credentials => ({
  current: async () => await Promise.resolve<Obtained>({ ok: true, credential }),
  renewed: async () => await Promise.resolve(null),
});

/** Runs `make` once for all that ask while it runs. */
export const shared = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | null = null;
  return async () => {
    running ??= make().finally(() => {
      running = null;
    });
    return await running;
  };
};

/** client-go transport/token_source.go: a file is read again after a minute, 10 s early. */
const TOKEN_FILE_MS: Millis = 50_000;

/**
 * A token that is kept in a file and rotated by somebody else. As in client-go it wins over `fallback` (a token beside it), which is
 * used only while the file cannot be read; a token read before outlives a file that vanished.
 */
export const tokenFromFile = (path: string, fallback: string | null, certificate: ClientCertificate | null, files: Files, clock: Clock): Credentials => {
  let held: Credential | null = fallback === null ? null : { authorization: `Bearer ${fallback}`, certificate };
  let readAt = Number.NEGATIVE_INFINITY;
  const refresh = shared(async (): Promise<Obtained> => {
    let problem = `read empty token from file "${path}"`;
    try {
      const token = Buffer.from(await files.read(path)).toString('utf8').trim();
      if (token !== '') {
        const authorization = `Bearer ${token}`;
        if (held?.authorization !== authorization) held = { authorization, certificate };
        readAt = clock.now();
        return { ok: true, credential: held };
      }
    } catch (error) {
      problem = `failed to read token file "${path}": ${unreadable(path, error).message}`;
    }
    return held === null ? { ok: false, message: problem } : { ok: true, credential: held };
  });
  return {
    current: async () => (held !== null && clock.now() - readAt < TOKEN_FILE_MS ? { ok: true, credential: held } : await refresh()),
    renewed: async (used) => {
      if (held !== null && held !== used) return { ok: true, credential: held };
      const again = await refresh();
      return again.ok && again.credential === used ? null : again;
    },
  };
};
