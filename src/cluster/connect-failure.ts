import type { Problem } from './port.ts';

type Cause = Extract<Problem, { kind: 'unreachable' }>['cause'];

/** Why no connection was made. Nothing of the request was sent: a request gets a connection only after its TLS handshake. */
export class ConnectFailure extends Error {
  readonly reason: Cause | 'timed-out';
  constructor(reason: Cause | 'timed-out', message: string) {
    super(message);
    this.name = 'ConnectFailure';
    this.reason = reason;
  }
}

interface SystemError {
  readonly code: string;
  readonly message: string;
}

const field = (error: object, name: string): string => {
  const value: unknown = Reflect.get(error, name);
  return typeof value === 'string' ? value : '';
};

/** Code and message of an error of the runtime; of the first one when several addresses were tried. */
export const systemErrorOf = (error: unknown): SystemError => {
  if (error instanceof AggregateError && error.errors.length > 0) return systemErrorOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return { code: '', message: 'unknown failure' };
  return { code: field(error, 'code'), message: field(error, 'message') };
};

/** A failure while a TCP connection was made, `address` as host:port. Words of Go's net package, which kubectl prints. */
export const dialFailure = (error: unknown, host: string, address: string): ConnectFailure => {
  const { code, message } = systemErrorOf(error);
  if (/ENOTFOUND|EAI_|EDNS|ENODATA|ESERVFAIL/u.test(code) || /getaddrinfo/u.test(message)) {
    const why = /EAI_AGAIN/u.test(code) ? 'temporary failure in name resolution' : 'no such host';
    return new ConnectFailure('dns', `dial tcp: lookup ${host}: ${why}`);
  }
  if (/refused/iu.test(code) || /refused/iu.test(message)) return new ConnectFailure('refused', `dial tcp ${address}: connect: connection refused`);
  if (/TIMEDOUT|Timeout/u.test(code)) return new ConnectFailure('timed-out', `dial tcp ${address}: i/o timeout`);
  if (/RESET|EPIPE|closed/iu.test(code)) return new ConnectFailure('reset', `dial tcp ${address}: connection reset by peer`);
  const known: Readonly<Record<string, string>> = {
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network is unreachable',
    EACCES: 'permission denied',
    EADDRNOTAVAIL: 'cannot assign requested address',
  };
  return new ConnectFailure('other', `dial tcp ${address}: connect: ${known[code] ?? (code === '' ? message : code)}`);
};

const CERTIFICATE_WORDS: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate signed by unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate signed by unknown authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate signed by unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate signed by unknown authority',
  CERT_SIGNATURE_FAILURE: 'certificate signed by unknown authority',
  CERT_UNTRUSTED: 'certificate signed by unknown authority',
  INVALID_CA: 'certificate signed by unknown authority',
  CERT_HAS_EXPIRED: 'certificate has expired or is not yet valid',
  CERT_NOT_YET_VALID: 'certificate has expired or is not yet valid',
  CERT_REVOKED: 'certificate was revoked',
  INVALID_PURPOSE: 'certificate specifies an incompatible key usage',
};

/** A failure of the TLS handshake, in the words of Go's crypto/tls where it has them. */
export const handshakeFailure = (error: unknown): ConnectFailure => {
  const { code, message } = systemErrorOf(error);
  const words = CERTIFICATE_WORDS[code];
  if (words !== undefined) return new ConnectFailure('tls', `tls: failed to verify certificate: x509: ${words}`);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return new ConnectFailure('tls', `tls: failed to verify certificate: x509: ${message}`);
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|EPROTO$/u.test(code)) {
    return new ConnectFailure('tls', 'http: server gave HTTP response to HTTPS client');
  }
  const alert = /alert ([a-z ]+)/iu.exec(message)?.[1] ?? /ALERT_(\w+)$/u.exec(code)?.[1]?.toLowerCase().replaceAll('_', ' ');
  if (alert !== undefined) return new ConnectFailure('tls', `remote error: tls: ${alert.trim()}`);
  if (/RESET|EPIPE|closed/iu.test(code) || /disconnected|socket hang up|closed/iu.test(message)) {
    return new ConnectFailure('reset', 'the connection was closed during the TLS handshake (EOF)');
  }
  return new ConnectFailure('tls', `tls: ${code === '' ? 'handshake failed' : code}`);
};
