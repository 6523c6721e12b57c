/** Contexts, servers, namespaces, TLS and proxies. */
import { admin, alias, asAdmin, asLimited, kubeconfig, main, row, usual } from './configurations.ts';
import type { Configuration } from './configurations.ts';

const unknown = /x509: certificate signed by unknown authority/u;

export const clusterConfigurations = (): readonly Configuration[] => [
  row('--context', asLimited, { flags: { context: 'two' } }),
  row('an empty --context is none', asAdmin, { flags: { context: '' } }),
  row('--context that is not there', { fails: /context "nowhere" does not exist/u, kubectl: /context "nowhere" does not exist|context was not found for specified context: nowhere/u }, { flags: { context: 'nowhere' } }),
  row('a current-context that is not there', { fails: /Error in configuration: context was not found for specified context: nowhere/u }, { files: { config: usual({ current: 'nowhere' }) } }),
  row('a context whose cluster is not there means kubectl’s default server', { fails: /The connection to the server localhost:8080 was refused/u }, {
    files: { config: kubeconfig('one', { one: ['nowhere', 'first'] }, { main }, { first: admin }) },
  }),
  row('--cluster', { ...asAdmin, server: '${ALIAS}' }, { flags: { cluster: 'alias' } }),
  row('--cluster that is not there', { fails: /cluster "nowhere"/u }, { flags: { cluster: 'nowhere' } }),
  row('--user', { ...asAdmin, user: 'limited' }, { flags: { user: 'second' } }),
  row('--user that is not there', { fails: /auth info "nowhere" does not exist/u }, { flags: { user: 'nowhere' } }),
  row('--context, --cluster and --user together', { server: '${SERVER}', namespace: 'team-two', user: 'admin' }, { flags: { context: 'two', cluster: 'main', user: 'first' } }),
  row('-n over the context', { ...asAdmin, namespace: 'other' }, { flags: { namespace: 'other' } }),
  row('a context without a namespace', { ...asAdmin, namespace: 'default' }, { flags: { context: 'bare' } }),
  row('no current-context, but --cluster and --user', { ...asAdmin, namespace: 'default' }, { files: { config: usual({ current: null }) }, flags: { cluster: 'main', user: 'first' } }),
  row('--server over the context', { ...asAdmin, server: '${ALIAS}' }, { flags: { server: '${ALIAS}' } }),
  row('--server, --token and --certificate-authority without any file', { ...asAdmin, namespace: 'default' }, {
    files: {},
    list: null,
    flags: { server: '${SERVER}', token: '${ADMIN_TOKEN}', certificateAuthority: '${CA_FILE}' },
  }),
  row('--server without a credential', { fails: /there is no credential for the server/u, kubectl: /EOF/u }, { files: {}, list: null, flags: { server: '${SERVER}', certificateAuthority: '${CA_FILE}' } }),
  row('a server with a trailing slash', asAdmin, { files: { config: usual({ cluster: { ...main, server: '${SERVER}/' } }) } }),
  row('a server with upper-case letters in its scheme', asAdmin, { files: { config: usual({ cluster: { ...main, server: '${UPPER}' } }) } }),
  row('a plain http server gets no credential', { server: '${PLAIN}', namespace: 'team-one', user: 'nobody' }, { files: { config: usual({ cluster: { server: '${PLAIN}' } }) } }),
  row('a server without a scheme is plain http, with a certificate authority as well', { server: '${PLAIN}', namespace: 'team-one', user: 'nobody' }, {
    files: { config: usual({ cluster: { server: '${PLAIN_HOST}', 'certificate-authority': '${CA_FILE}' } }) },
  }),
  row('a server behind a path', { server: '${PLAIN}/behind/a/path', namespace: 'team-one', user: 'nobody' }, { files: { config: usual({ cluster: { server: '${PLAIN}/behind/a/path' } }) } }),
  row('a plain http server is told whom to impersonate', { server: '${PLAIN}', namespace: 'team-one', user: 'jane' }, { files: { config: usual({ cluster: { server: '${PLAIN}' } }) }, flags: { as: 'jane' } }),
  row('KUBERNETES_MASTER is the server when nothing else is', { server: '${PLAIN}', namespace: 'default', user: 'nobody' }, { files: {}, list: null, env: { KUBERNETES_MASTER: '${PLAIN}' } }),
  row('a scheme that is not http', { fails: /unsupported protocol scheme "ftp"/u }, { flags: { server: 'ftp://127.0.0.1' } }),
  row('a server that is no URL', { fails: /host must be a URL or a host:port pair: "x\/y"/u }, { flags: { server: 'x/y' } }),
  row('a refused connection', { fails: /The connection to the server 127\.0\.0\.1:1 was refused - did you specify the right host or port\?/u }, { flags: { server: 'https://127.0.0.1:1' } }),

  row('certificate-authority-data', { ...asAdmin, server: '${ALIAS}' }, { flags: { cluster: 'alias' } }),
  row('no certificate authority: the machine’s do not know the cluster’s', { fails: unknown }, { files: { config: usual({ cluster: { server: '${SERVER}' } }) } }),
  row('another certificate authority', { fails: unknown }, { files: { config: usual({ cluster: { ...main, 'certificate-authority': '${WRONG_CA_FILE}' } }) } }),
  row('--certificate-authority over a wrong one', asAdmin, { files: { config: usual({ cluster: { ...main, 'certificate-authority': '${WRONG_CA_FILE}' } }) }, flags: { certificateAuthority: '${CA_FILE}' } }),
  row('--certificate-authority over wrong data', asAdmin, {
    files: { config: usual({ cluster: { server: '${SERVER}', 'certificate-authority-data': '${WRONG_CA_DATA}' } }) },
    flags: { certificateAuthority: '${CA_FILE}' },
  }),
  row('a wrong --certificate-authority over the right one', { fails: unknown }, { flags: { certificateAuthority: '${WRONG_CA_FILE}' } }),
  row('--certificate-authority that is not there', { fails: /unable to read certificate-authority .*nowhere for main due to open .*nowhere: no such file or directory/u }, { flags: { certificateAuthority: '${DIR}/nowhere' } }),
  row('certificate-authority and its data at once', { fails: /certificate-authority-data and certificate-authority are both specified for main/u }, {
    files: { config: usual({ cluster: { ...main, 'certificate-authority-data': '${CA_DATA}' } }) },
  }),
  row('certificate-authority-data that is no certificate', { fails: /unable to load root certificates: unable to parse bytes as PEM block/u }, {
    files: { config: usual({ cluster: { server: '${SERVER}', 'certificate-authority-data': 'aGVsbG8=' } }) },
  }),
  row('insecure-skip-tls-verify', asAdmin, { files: { config: usual({ cluster: { server: '${SERVER}', 'insecure-skip-tls-verify': true } }) } }),
  row('insecure-skip-tls-verify with a certificate authority', { fails: /specifying a root certificates file with the insecure flag is not allowed/u }, {
    files: { config: usual({ cluster: { ...main, 'insecure-skip-tls-verify': true } }) },
  }),
  row('--insecure-skip-tls-verify drops the certificate authority of the file', asAdmin, { flags: { insecureSkipTlsVerify: true } }),
  row('--insecure-skip-tls-verify=false does not undo the file', asAdmin, { files: { config: usual({ cluster: { server: '${SERVER}', 'insecure-skip-tls-verify': true } }) }, flags: { insecureSkipTlsVerify: false } }),
  row('--insecure-skip-tls-verify with --certificate-authority', { fails: /specifying a root certificates file with the insecure flag is not allowed/u }, {
    flags: { insecureSkipTlsVerify: true, certificateAuthority: '${CA_FILE}' },
  }),
  row('--certificate-authority undoes insecure-skip-tls-verify of the file', { fails: unknown }, {
    files: { config: usual({ cluster: { server: '${SERVER}', 'insecure-skip-tls-verify': true } }) },
    flags: { certificateAuthority: '${WRONG_CA_FILE}' },
  }),
  row('tls-server-name that the certificate has', asAdmin, { files: { config: usual({ cluster: { ...main, 'tls-server-name': 'localhost' } }) } }),
  row('tls-server-name that the certificate does not have', { fails: /x509: certificate is valid for .*, not elsewhere\.example/u }, { files: { config: usual({ cluster: { ...main, 'tls-server-name': 'elsewhere.example' } }) } }),
  row('--tls-server-name over the file', asAdmin, { files: { config: usual({ cluster: { ...main, 'tls-server-name': 'elsewhere.example' } }) }, flags: { tlsServerName: 'localhost' } }),
  row('--server drops tls-server-name of the file', { ...asAdmin, server: '${ALIAS}' }, { files: { config: usual({ cluster: { ...main, 'tls-server-name': 'elsewhere.example' } }) }, flags: { server: '${ALIAS}' } }),
  row('--server with --tls-server-name', { fails: /x509: certificate is valid for .*, not elsewhere\.example/u }, { flags: { server: '${ALIAS}', tlsServerName: 'elsewhere.example' } }),

  row('proxy-url', asAdmin, { files: { config: usual({ cluster: { ...main, 'proxy-url': '${PROXY}' } }) } }),
  row('proxy-url without anybody there', { fails: /proxyconnect tcp: .*connection refused/u, kubectl: /refused/u }, { files: { config: usual({ cluster: { ...main, 'proxy-url': 'http://127.0.0.1:1' } }) } }),
  row('proxy-url of an unknown scheme', { fails: /invalid 'proxy-url' "ftp:\/\/p" for cluster "main": unsupported scheme "ftp", must be http, https, or socks5/u }, {
    files: { config: usual({ cluster: { ...main, 'proxy-url': 'ftp://p' } }) },
  }),
  row('proxy-url stays with --server', { ...asAdmin, server: '${ALIAS}' }, { files: { config: usual({ cluster: { ...main, 'proxy-url': '${PROXY}' } }) }, flags: { server: '${ALIAS}' } }),
  row('HTTPS_PROXY does not count for this machine', asAdmin, { env: { HTTPS_PROXY: 'http://127.0.0.1:1' } }),
  row('HTTPS_PROXY counts for another name', { server: 'https://api.example:6443', namespace: 'team-one', user: 'admin' }, {
    files: { config: usual({ cluster: { server: 'https://api.example:6443', 'insecure-skip-tls-verify': true } }) },
    env: { HTTPS_PROXY: '${REDIRECTING_PROXY}' },
  }),
  row('NO_PROXY keeps a name from the proxy', { fails: /Unable to connect to the server: dial tcp: lookup nobody\.invalid/u }, {
    files: { config: usual({ cluster: { server: 'https://nobody.invalid:6443', 'insecure-skip-tls-verify': true } }) },
    env: { HTTPS_PROXY: '${REDIRECTING_PROXY}', NO_PROXY: '.invalid' },
  }),
  row('--disable-compression', asAdmin, { flags: { disableCompression: true } }),
  row('--request-timeout', asAdmin, { flags: { requestTimeoutMs: 20_000 } }),
  row('a second cluster by data beside the first by file', { ...asLimited, user: 'admin' }, { files: { config: kubeconfig('two', { two: ['alias', 'first', 'team-two'] }, { alias, main }, { first: admin }) } }),
];
