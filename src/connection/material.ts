import { createSecureContext } from 'node:tls';
import type { ClientCertificate } from '../cluster/endpoint.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { resolve } from 'node:path';
import type { ConnectionError } from './connection-error.ts';
import { unreadable } from './load.ts';
import type { Pem } from './resolve.ts';

type Loaded<T> = Result<T, ConnectionError>;

const bad = (message: string): { readonly ok: false; readonly error: ConnectionError } => fail({ code: 'certificate', message, remedy: null });

const textOf = async (pem: Pem, what: string, owner: string, world: World): Promise<Loaded<string>> => {
  if ('data' in pem) return ok(pem.data);
  try {
    return ok(Buffer.from(await world.files.read(resolve(world.workingDirectory, pem.file))).toString('utf8'));
  } catch (error) {
    return bad(`unable to read ${what} ${pem.file} for ${owner} due to ${unreadable(pem.file, error).message}`);
  }
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/gu;

/** The certificates to trust, in place of the machine's. */
export const loadAuthority = async (pem: Pem, owner: string, world: World): Promise<Loaded<readonly string[]>> => {
  const text = await textOf(pem, 'certificate-authority', owner, world);
  if (!text.ok) return text;
  const certificates = text.value.match(CERTIFICATE) ?? [];
  if (certificates.length === 0) return bad('unable to load root certificates: unable to parse bytes as PEM block');
  try {
    createSecureContext({ ca: certificates });
  } catch {
    return bad('unable to load root certificates: failed to parse certificate');
  }
  return ok(certificates);
};

/** Checks that certificate and key are PEM and belong together; the message holds nothing of either. */
export const certificateFlaw = ({ cert, key }: ClientCertificate): string | null => {
  if (!/-----BEGIN CERTIFICATE-----/u.test(cert)) return 'tls: failed to find any PEM data in certificate input';
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/u.test(key)) return 'tls: failed to find any PEM data in key input';
  try {
    createSecureContext({ cert, key });
    return null;
  } catch (error) {
    const code = error instanceof Error ? String(Reflect.get(error, 'code') ?? '') : '';
    return /MISMATCH/u.test(code) ? 'tls: private key does not match public key' : 'tls: failed to parse client certificate or key';
  }
};

/** The client certificate of a user. */
export const loadCertificate = async (pair: { readonly cert: Pem; readonly key: Pem }, owner: string, world: World): Promise<Loaded<ClientCertificate>> => {
  const cert = await textOf(pair.cert, 'client-cert', owner, world);
  if (!cert.ok) return cert;
  const key = await textOf(pair.key, 'client-key', owner, world);
  if (!key.ok) return key;
  const certificate = { cert: cert.value, key: key.value };
  const flaw = certificateFlaw(certificate);
  return flaw === null ? ok(certificate) : bad(flaw);
};
