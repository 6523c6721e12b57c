/** Everything that the transport must know of one API server and one user. Made by the connection room; holds credentials, so it is never printed. */

export interface ServerAddress {
  readonly secure: boolean;
  /** Without brackets for IPv6. */
  readonly host: string;
  readonly port: number;
  /** Path in front of every request (an API server behind a path of a proxy), '' or '/a/b'. */
  readonly prefix: string;
  /** `host:port` as kubectl prints it: the port is left out when the URL has none. */
  readonly authority: string;
}

export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What proves who asks. Compared by identity: a renewed credential is another object. */
export interface Credential {
  /** Value of the Authorization header; null: none is sent. */
  readonly authorization: string | null;
  readonly certificate: ClientCertificate | null;
}

export type Obtained = { readonly ok: true; readonly credential: Credential } | { readonly ok: false; readonly message: string };

export interface Credentials {
  /** The credential for a request that starts now. Parallel calls share one effort. */
  readonly current: () => Promise<Obtained>;
  /** After a 401 with `used`: another credential, or null when there is no other way to make one. */
  readonly renewed: (used: Credential) => Promise<Obtained | null>;
}

export interface ProxyAddress {
  readonly protocol: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: string | null;
}

export interface Endpoint {
  readonly server: ServerAddress;
  readonly tls: {
    /** PEM certificates that are trusted instead of the machine's; null: the machine's. */
    readonly ca: readonly string[] | null;
    /** The user asked not to check the server's certificate. */
    readonly insecure: boolean;
    /** Name to expect in the certificate and to send as SNI; null: the host. */
    readonly serverName: string | null;
  };
  readonly credentials: Credentials;
  /** Sent with every request: impersonation. Names may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly proxy: ProxyAddress | null;
  readonly userAgent: string;
  /** --request-timeout in milliseconds; null: none. */
  readonly requestTimeoutMs: number | null;
  readonly compression: boolean;
}
