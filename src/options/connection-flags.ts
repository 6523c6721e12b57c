/** The global flags of kubectl that choose cluster, user and namespace (cli-runtime genericclioptions/config_flags.go), as typed. */
export interface ConnectionFlags {
  readonly kubeconfig: string | null;
  readonly context: string | null;
  readonly cluster: string | null;
  readonly user: string | null;
  readonly namespace: string | null;
  readonly server: string | null;
  readonly token: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly as: string | null;
  readonly asUid: string | null;
  readonly asGroup: readonly string[];
  /** key=value, repeatable. */
  readonly asUserExtra: readonly string[];
  readonly certificateAuthority: string | null;
  readonly clientCertificate: string | null;
  readonly clientKey: string | null;
  /** null: not given on the command line. */
  readonly insecureSkipTlsVerify: boolean | null;
  readonly tlsServerName: string | null;
  /** Milliseconds for one request; 0 or null: no limit of the user's. */
  readonly requestTimeoutMs: number | null;
  readonly cacheDir: string | null;
  readonly disableCompression: boolean | null;
}
