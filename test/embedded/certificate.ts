import { createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto'

/** A server certificate signed by its own authority, all in PEM. */
export interface ServerCertificate {
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

const length = (size: number): Buffer => {
  if (size < 0x80) return Buffer.from([size])
  const bytes: number[] = []
  for (let rest = size; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}
const der = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag]), length(content.length), content])
}
const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts)
const integer = (bytes: Buffer): Buffer => der(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
const octets = (content: Buffer): Buffer => der(0x04, content)
const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content)
const truth = der(0x01, Buffer.from([0xff]))

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const arc of rest) {
    const chunk = [arc & 0x7f]
    for (let high = arc >> 7; high > 0; high >>= 7) chunk.unshift(0x80 | (high & 0x7f))
    bytes.push(...chunk)
  }
  return der(0x06, Buffer.from(bytes))
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const name = (common: string): Buffer => sequence(der(0x31, sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(common)))))
const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  critical ? sequence(oid(id), truth, octets(value)) : sequence(oid(id), octets(value))
const time = (date: Date): Buffer => der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`))

let made: ServerCertificate | undefined

interface Request {
  readonly issuer: string
  readonly subject: string
  readonly publicKey: KeyObject
  readonly signer: KeyObject
  readonly extensions: readonly Buffer[]
}

function sign(request: Request): string {
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ecdsaWithSha256,
    name(request.issuer),
    sequence(time(new Date(Date.UTC(2020, 0, 1))), time(new Date(Date.UTC(2099, 0, 1)))),
    name(request.subject),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...request.extensions)),
  )
  const signature = createSign('sha256').update(body).sign(request.signer)
  const certificate = sequence(body, ecdsaWithSha256, bits(signature)).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`
}

/**
 * Makes a certificate authority and a certificate for 127.0.0.1, ::1 and localhost (X.509 v3, RFC 5280; written by hand
 * because node:crypto signs no certificates and the machine may have no openssl). One for all clusters of a process.
 */
export function serverCertificate(): ServerCertificate {
  made ??= makeCertificate()
  return made
}

function makeCertificate(): ServerCertificate {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const server = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = 'embedded-cluster-ca'
  const alternatives = sequence(
    der(0x82, Buffer.from('localhost')),
    der(0x82, Buffer.from('kubernetes.default.svc')),
    der(0x87, Buffer.from([127, 0, 0, 1])),
    der(0x87, Buffer.concat([Buffer.alloc(15), Buffer.from([1])])),
  )
  return {
    authority: sign({
      issuer,
      subject: issuer,
      publicKey: authority.publicKey,
      signer: authority.privateKey,
      extensions: [extension('2.5.29.19', true, sequence(truth)), extension('2.5.29.15', true, der(0x03, Buffer.from([1, 0x06])))],
    }),
    certificate: sign({
      issuer,
      subject: 'kube-apiserver',
      publicKey: server.publicKey,
      signer: authority.privateKey,
      extensions: [
        extension('2.5.29.19', true, sequence()),
        extension('2.5.29.15', true, der(0x03, Buffer.from([5, 0xa0]))),
        extension('2.5.29.37', false, sequence(oid('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.17', false, alternatives),
      ],
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
