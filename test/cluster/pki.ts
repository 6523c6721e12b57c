/** The cluster's keys: a CA of its own, certificates for every user that a test asks for, and tokens that have expired. */
import { createPrivateKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './commands.ts'
import { pathsOf } from './state.ts'

/** Files of one key and its certificate, PEM. */
export interface Identity {
  readonly certificate: string
  readonly key: string
}

export interface CertificateRequest {
  /** File name below pki/, without ending. */
  readonly file: string
  /** Common name: the user name. */
  readonly user: string
  /** Organisations: the groups. */
  readonly groups?: readonly string[]
  /** Names and addresses of a server, such as 'IP:127.0.0.1'; none for a client. */
  readonly alternativeNames?: readonly string[]
}

const issuer = 'https://kubernetes.default.svc'
/** An identity in the token file with hardly any rights: what it may do is bound by tests. */
export const limitedUser = { name: 'limited', token: 'limited-token' } as const
export const adminToken = 'admin-token'

/** The CA that signs servers and users (--client-ca-file). */
export function authority(dir: string): Identity {
  return { certificate: join(pathsOf(dir).pki, 'ca.crt'), key: join(pathsOf(dir).pki, 'ca.key') }
}

/** The key pair of service-account tokens. */
export function tokenKeys(dir: string): { readonly publicKey: string; readonly privateKey: string } {
  return { publicKey: join(pathsOf(dir).pki, 'sa.pub'), privateKey: join(pathsOf(dir).pki, 'sa.key') }
}

/** Creates the CA, the token keys and the token file. */
export async function createAuthority(dir: string): Promise<void> {
  const { pki } = pathsOf(dir)
  mkdirSync(pki, { recursive: true, mode: 0o700 })
  const ca = authority(dir)
  await run(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '3650',
    '-subj', '/CN=cluster-ca', '-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', ca.key, '-out', ca.certificate])
  const keys = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const token = tokenKeys(dir)
  writeFileSync(token.privateKey, keys.privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 })
  writeFileSync(token.publicKey, keys.publicKey.export({ type: 'spki', format: 'pem' }))
  writeFileSync(join(pki, 'tokens.csv'), [
    `${adminToken},admin,admin,"system:masters"`,
    `${limitedUser.token},${limitedUser.name},${limitedUser.name}`,
    '',
  ].join('\n'), { mode: 0o600 })
}

/** In -subj these would end a name. */
const escapeName = (text: string): string => text.replaceAll(/[/\\=+]/g, String.raw`\$&`)

/** Signs a certificate for a server or a user with the cluster's CA; an existing one of the same file name is kept. */
export async function mintCertificate(dir: string, request: CertificateRequest): Promise<Identity> {
  const base = join(pathsOf(dir).pki, request.file)
  const identity = { certificate: `${base}.crt`, key: `${base}.key` }
  if (existsSync(identity.certificate)) return identity
  const ca = authority(dir)
  const subject = [...(request.groups ?? []).map((group) => `/O=${escapeName(group)}`), `/CN=${escapeName(request.user)}`].join('')
  const names = request.alternativeNames ?? []
  const extensions = [
    'basicConstraints=CA:FALSE',
    `extendedKeyUsage=${names.length > 0 ? 'serverAuth' : 'clientAuth'}`,
    ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : []),
  ]
  writeFileSync(`${base}.ext`, `${extensions.join('\n')}\n`)
  await run(['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-subj', subject, '-keyout', identity.key, '-out', `${base}.csr`])
  await run(['openssl', 'x509', '-req', '-in', `${base}.csr`, '-CA', ca.certificate, '-CAkey', ca.key,
    '-set_serial', `0x${randomUUID().replaceAll('-', '')}`, '-days', '365', '-extfile', `${base}.ext`, '-out', identity.certificate])
  rmSync(`${base}.csr`)
  rmSync(`${base}.ext`)
  return identity
}

const encodePart = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * A service-account token, signed by the cluster's own key, that expired an hour ago: the API server answers 401. The
 * account need not exist, for the expiry is looked at first.
 */
export function expiredToken(dir: string, namespace = 'default', account = 'default'): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    aud: [issuer], iss: issuer, iat: now - 7200, nbf: now - 7200, exp: now - 3600,
    sub: `system:serviceaccount:${namespace}:${account}`,
    'kubernetes.io': { namespace, serviceaccount: { name: account, uid: randomUUID() } },
  }
  const text = `${encodePart({ alg: 'ES256', typ: 'JWT' })}.${encodePart(claims)}`
  const key = createPrivateKey(readFileSync(tokenKeys(dir).privateKey))
  // JWS wants the two numbers side by side, not OpenSSL's DER.
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}

export { issuer as tokenIssuer }
