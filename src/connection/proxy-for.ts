import { BlockList, isIP } from 'node:net';
import type { ProxyAddress, ServerAddress } from '../cluster/endpoint.ts';

type Env = Readonly<Record<string, string | undefined>>;

const first = (env: Env, ...names: readonly string[]): string => names.map((name) => env[name] ?? '').find((value) => value !== '') ?? '';

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, socks5: 1080 };

/** A proxy URL as Go's net/http dials it; null when it is none. */
export const parseProxy = (text: string): ProxyAddress | null => {
  const withScheme = /^[a-zA-Z][a-zA-Z0-9+.-]*:\/\//u.test(text) ? text : `http://${text}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch {
    return null;
  }
  const scheme = url.protocol.slice(0, -1);
  const protocol = scheme === 'socks5h' ? 'socks5' : scheme;
  if ((protocol !== 'http' && protocol !== 'https' && protocol !== 'socks5') || url.hostname === '') return null;
  return {
    protocol,
    host: url.hostname.replace(/^\[(.*)\]$/u, '$1'),
    port: url.port === '' ? (PORTS[protocol] ?? 80) : Number(url.port),
    username: url.username === '' && url.password === '' ? null : decodeURIComponent(url.username),
    password: url.password === '' ? null : decodeURIComponent(url.password),
  };
};

const isLoopback = (host: string): boolean => {
  const family = isIP(host);
  return family === 4 ? host.startsWith('127.') : family === 6 && (host === '::1' || /^::ffff:(?:127\.|7f)/iu.test(host));
};

const cidrHolds = (cidr: string, host: string): boolean | null => {
  const match = /^(.+)\/(\d{1,3})$/u.exec(cidr);
  const network = match?.[1] ?? '';
  const family = isIP(network);
  const bits = Number(match?.[2]);
  if (match === null || family === 0 || bits > (family === 4 ? 32 : 128)) return null;
  if (isIP(host) === 0) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, familyOf(network));
  return list.check(host, familyOf(host));
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether both are one address, however it is written. */
const sameAddress = (one: string, other: string): boolean => {
  if (isIP(one) === 0 || isIP(other) === 0) return false;
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
};

const splitPort = (entry: string): readonly [host: string, port: string] => {
  const bracketed = /^\[([^\]]*)\]:(\d*)$/u.exec(entry);
  if (bracketed !== null) return [bracketed[1] ?? '', bracketed[2] ?? ''];
  const plain = /^([^:]*):([^:]*)$/u.exec(entry);
  return plain === null ? [entry, ''] : [plain[1] ?? '', plain[2] ?? ''];
};

/** Whether one entry of NO_PROXY covers host and port (golang.org/x/net/http/httpproxy config.init). */
const entryCovers = (entry: string, host: string, port: string): boolean => {
  if (entry === '*') return true;
  const inNetwork = cidrHolds(entry, host);
  if (inNetwork !== null) return inNetwork;
  const [name, onlyPort] = splitPort(entry);
  if (name === '' || (onlyPort !== '' && onlyPort !== port)) return false;
  if (isIP(name) !== 0 || isIP(host) !== 0) return sameAddress(name, host);
  const domain = name.replace(/^\*\./u, '.');
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
};

/**
 * The proxy for a server: proxy-url of the cluster, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY covers the server. Loopback
 * addresses are never reached through a proxy of the environment (golang.org/x/net/http/httpproxy).
 */
export const proxyFor = (server: ServerAddress, proxyUrl: string | null, env: Env): ProxyAddress | null => {
  if (proxyUrl !== null) return parseProxy(proxyUrl);
  const text = server.secure ? first(env, 'HTTPS_PROXY', 'https_proxy') : first(env, 'HTTP_PROXY', 'http_proxy');
  if (text === '' || server.host === 'localhost' || isLoopback(server.host)) return null;
  const host = server.host.toLowerCase();
  const entries = first(env, 'NO_PROXY', 'no_proxy').split(',');
  const covered = entries.some((entry) => entryCovers(entry.trim().toLowerCase(), host, String(server.port)));
  return covered ? null : parseProxy(text);
};
