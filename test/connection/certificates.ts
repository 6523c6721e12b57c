/** Certificates for fake servers, made by openssl once per process in a directory that is removed at its end. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

const hasOpenssl = (): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Reason to skip tests that need certificates, or false. */
export const skipWithoutOpenssl: string | false = hasOpenssl() ? false : 'openssl is not installed, and these tests need certificates made by it';

let directory: string | null = null;
/** A directory of this test process. */
export const scratch = (): string => {
  if (directory === null) {
    const made = mkdtempSync(join(tmpdir(), 'safe-delete-test-'));
    directory = made;
    process.on('exit', () => {
      rmSync(made, { recursive: true, force: true });
    });
  }
  return directory;
};

const openssl = (...args: readonly string[]): void => {
  execFileSync('openssl', args, { stdio: 'ignore', cwd: scratch() });
};

let serial = 0;

const pairOf = (name: string): KeyPair => {
  const certFile = join(scratch(), `${name}.pem`);
  const keyFile = join(scratch(), `${name}.key`);
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
};

export const makeAuthority = (name: string): KeyPair => {
  const file = `${name}-${(serial += 1)}`;
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${file}.key`, '-out', `${file}.pem`, '-days', '30', '-subj', `/CN=${name}`);
  return pairOf(file);
};

export interface LeafOptions {
  readonly commonName?: string;
  /** As openssl writes it: DNS:localhost,IP:127.0.0.1. Empty: none. */
  readonly names?: string;
  readonly usage?: 'serverAuth' | 'clientAuth';
  readonly organization?: string;
  readonly expired?: boolean;
}

export const makeLeaf = (authority: KeyPair, { commonName = 'leaf', names = '', usage = 'serverAuth', organization, expired = false }: LeafOptions): KeyPair => {
  const file = `leaf-${(serial += 1)}`;
  const subject = `${organization === undefined ? '' : `/O=${organization}`}/CN=${commonName}`;
  openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${file}.key`, '-out', `${file}.csr`, '-subj', subject);
  writeFileSync(join(scratch(), `${file}.ext`), `extendedKeyUsage=${usage}\n${names === '' ? '' : `subjectAltName=${names}\n`}`);
  openssl('x509', '-req', '-in', `${file}.csr`, '-CA', authority.certFile, '-CAkey', authority.keyFile, '-CAcreateserial', '-out', `${file}.pem`, '-days', expired ? '-1' : '30', '-extfile', `${file}.ext`);
  return pairOf(file);
};
