import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { ServerAddress } from '../cluster/endpoint.ts';

export interface ParsedServer {
  readonly address: ServerAddress;
  /** user:password@ of the URL; null when there is none. */
  readonly userinfo: { readonly username: string; readonly password: string } | null;
  /** The URL with its scheme, without credentials, query and fragment. */
  readonly display: string;
}

const WITH_SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\/([^/?#]+)([^?#]*)/u;

const refused = (server: string): { readonly ok: false; readonly error: string } => fail(`host must be a URL or a host:port pair: ${JSON.stringify(server)}`);

/**
 * The server of a cluster as client-go understands it (rest/url_utils.go DefaultServerURL): without a scheme it is plain http, also
 * when there is a certificate authority, because kubectl decides that before it looks at TLS (client_config.go ClientConfig).
 */
export const parseServer = (server: string): Result<ParsedServer, string> => {
  const shown = server.replace(/^([a-zA-Z][a-zA-Z0-9+.-]*:\/\/|)[^/?#]*@/u, '$1');
  const given = WITH_SCHEME.exec(server);
  const match = given ?? WITH_SCHEME.exec(`http://${server}`);
  if (match === null) return refused(shown);
  const [, scheme = '', host = '', path = ''] = match;
  if (given === null && path !== '' && path !== '/') return refused(shown);
  if (!/^https?$/iu.test(scheme)) return fail(`unsupported protocol scheme ${JSON.stringify(scheme)}`);
  let url: URL;
  try {
    url = new URL(`${scheme}://${host}`);
  } catch {
    return refused(shown);
  }
  const secure = scheme.toLowerCase() === 'https';
  const authority = host.replace(/^[^@]*@/u, '');
  const prefix = path.replace(/\/+$/u, '');
  return ok({
    address: {
      secure,
      host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
      port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
      prefix,
      authority,
    },
    userinfo: url.username === '' ? null : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) },
    display: `${scheme.toLowerCase()}://${authority}${prefix}`,
  });
};
