/** A fake API server that knows only who asks: SelfSubjectReview by token, client certificate and impersonation. */
import { createServer as createPlain } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { startHttpProxy } from '../transport/fake-proxy.ts';
import { closeAtEnd } from '../transport/fake-server.ts';
import { makeAuthority, makeLeaf } from './certificates.ts';
import type { KeyPair } from './certificates.ts';
import type { Setting } from './setting.ts';

const all = (request: IncomingMessage, name: string): readonly string[] =>
  request.rawHeaders.flatMap((header, at) => (at % 2 === 0 && header.toLowerCase() === name ? [Buffer.from(request.rawHeaders[at + 1] ?? '', 'latin1').toString('utf8')] : []));

const impersonated = (request: IncomingMessage, user: string): object => {
  const groups = all(request, 'impersonate-group');
  const account = /^system:serviceaccount:([^:]+):/u.exec(user)?.[1];
  const extras = new Set(request.rawHeaders.filter((header, at) => at % 2 === 0 && /^impersonate-extra-/iu.test(header)).map((header) => header.toLowerCase()));
  return {
    username: user,
    uid: all(request, 'impersonate-uid')[0],
    groups: [...groups, ...(account === undefined || groups.length > 0 ? [] : ['system:serviceaccounts', `system:serviceaccounts:${account}`]), 'system:authenticated'],
    extra: Object.fromEntries([...extras].map((header) => [decodeURIComponent(header.slice('impersonate-extra-'.length)), all(request, header)])),
  };
};

const answer = (request: IncomingMessage, response: ServerResponse, user: string | undefined): void => {
  const as = all(request, 'impersonate-user')[0];
  response.setHeader('content-type', 'application/json');
  if (user === undefined) {
    response.statusCode = 401;
    response.end(JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 }));
    return;
  }
  response.statusCode = 201;
  const userInfo = as === undefined ? { username: user, groups: ['system:authenticated'] } : impersonated(request, as);
  response.end(JSON.stringify({ kind: 'SelfSubjectReview', apiVersion: 'authentication.k8s.io/v1', metadata: { creationTimestamp: null }, status: { userInfo } }));
};

const listen = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeAtEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** An http server where nobody needs a credential; one that comes is answered with its user `token:…`, so that a test sees the leak. */
export const startPlain = async (): Promise<number> =>
  await listen(
    createPlain((request, response) => {
      request.resume();
      answer(request, response, request.headers.authorization === undefined ? 'nobody' : `leaked ${request.headers.authorization}`);
    }),
  );

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Placeholders that need no server but the addresses of one. */
export const settingFor = async (port: number, ca: KeyPair | { readonly certFile: string; readonly cert: string }, client: KeyPair): Promise<Setting> => {
  const wrong = makeAuthority('wrong');
  const plain = await startPlain();
  const proxy = await startHttpProxy();
  const redirecting = await startHttpProxy(null, null, port);
  return {
    SERVER: `https://127.0.0.1:${port}`,
    UPPER: `HTTPS://127.0.0.1:${port}`,
    ALIAS: `https://localhost:${port}`,
    PLAIN: `http://127.0.0.1:${plain}`,
    PLAIN_HOST: `127.0.0.1:${plain}`,
    PROXY: `http://127.0.0.1:${proxy.port}`,
    REDIRECTING_PROXY: `http://127.0.0.1:${redirecting.port}`,
    CA_FILE: ca.certFile,
    CA_TEXT: ca.cert,
    CA_DATA: base64(ca.cert),
    WRONG_CA_FILE: wrong.certFile,
    WRONG_CA_DATA: base64(wrong.cert),
    OTHER_KEY_FILE: wrong.keyFile,
    CERT_FILE: client.certFile,
    KEY_FILE: client.keyFile,
    CERT_TEXT: client.cert,
    KEY_TEXT: client.key,
    CERT_DATA: base64(client.cert),
    KEY_DATA: base64(client.key),
    CERT_TEXT_JSON: JSON.stringify(client.cert).slice(1, -1),
    KEY_TEXT_JSON: JSON.stringify(client.key).slice(1, -1),
    ADMIN_TOKEN: 'admin-token',
    LIMITED_TOKEN: 'limited-token',
  };
};

/** Bun's https server does not tell it the certificate of a client. */
export const seesClientCertificates = process.versions['bun'] === undefined;

/** Starts the fake server and gives the placeholders for it. */
export const fakeSetting = async (): Promise<Setting> => {
  const ca = makeAuthority('cluster-ca');
  const jwt = `e30.${Buffer.from('{"exp":4102444800}').toString('base64url')}.x`;
  const users: Readonly<Record<string, string>> = { 'Bearer admin-token': 'admin', 'Bearer limited-token': 'limited', [`Bearer ${jwt}`]: 'jwt-user' };
  const { cert, key } = makeLeaf(ca, { names: 'IP:127.0.0.1,DNS:localhost' });
  const server = createSecure({ cert, key, ca: ca.cert, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    request.resume();
    const socket = request.socket;
    const peer: Partial<PeerCertificate> = seesClientCertificates ? (socket as TLSSocket).getPeerCertificate() : {};
    const byToken = users[request.headers.authorization ?? ''];
    const name: unknown = peer.subject?.CN;
    // Like an API server, which looks at the certificate first.
    answer(request, response, typeof name === 'string' ? name : byToken);
  });
  const port = await listen(server);
  const client = makeLeaf(ca, { usage: 'clientAuth', commonName: 'cert-user', organization: 'cert-group' });
  return { ...(await settingFor(port, ca, client)), JWT: jwt, JWT_USER: 'jwt-user' };
};
