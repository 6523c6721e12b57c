/** Who asks: tokens, certificates, plugins, impersonation. */
import { admin, alias, asAdmin, asLimited, kubeconfig, limited, main, row, usual } from './configurations.ts';
import type { Configuration, Expected } from './configurations.ts';

const V1 = 'client.authentication.k8s.io/v1';
const BETA = 'client.authentication.k8s.io/v1beta1';

const certificate = { 'client-certificate': '${CERT_FILE}', 'client-key': '${KEY_FILE}' };
const certificateData = { 'client-certificate-data': '${CERT_DATA}', 'client-key-data': '${KEY_DATA}' };
const asCert = { ...asAdmin, user: 'cert-user' };

const says = (status: Readonly<Record<string, unknown>>, apiVersion = V1): string => `#!/bin/sh\ncat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion, status })}\nEND\n`;

const exec = (changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({ exec: { apiVersion: V1, command: './plugin', interactiveMode: 'IfAvailable', ...changes } });

const plugin = (name: string, expected: Expected, script: string | null, changes: Readonly<Record<string, unknown>> = {}, more: Partial<Configuration> = {}): Configuration =>
  row(`exec plugin: ${name}`, expected, { files: { config: usual({ user: exec(changes) }), ...(script === null ? {} : { plugin: script }) }, ...more });

const plugins = (): readonly Configuration[] => [
  plugin('its token counts', asAdmin, says({ token: '${ADMIN_TOKEN}' })),
  plugin('its certificate counts', asCert, says({ clientCertificateData: '${CERT_TEXT_JSON}', clientKeyData: '${KEY_TEXT_JSON}' })),
  plugin('v1beta1 needs no interactiveMode', asAdmin, says({ token: '${ADMIN_TOKEN}' }, BETA), { apiVersion: BETA, interactiveMode: undefined }),
  plugin('v1 without interactiveMode is an error', { fails: /interactiveMode must be specified for first to use exec authentication plugin/u }, says({ token: 'x' }), { interactiveMode: undefined }),
  plugin('an unknown interactiveMode is an error', { fails: /invalid interactiveMode for first: "Sometimes"/u }, says({ token: 'x' }), { interactiveMode: 'Sometimes' }),
  plugin('Always without a terminal is an error', { fails: /exec plugin cannot support interactive mode: standard input is not a terminal/u }, says({ token: 'x' }), { interactiveMode: 'Always' }),
  plugin('v1alpha1 is an error', { fails: /exec plugin: invalid apiVersion "client\.authentication\.k8s\.io\/v1alpha1"/u }, says({ token: 'x' }), { apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
  plugin('no apiVersion is an error', { fails: /apiVersion must be specified for first to use exec authentication plugin/u }, says({ token: 'x' }), { apiVersion: undefined }),
  plugin('no command is an error', { fails: /command must be specified for first to use exec authentication plugin/u }, null, { command: '' }),
  plugin('an answer of another version is an error', { fails: /exec plugin is configured to use API version client\.authentication\.k8s\.io\/v1, plugin returned version client\.authentication\.k8s\.io\/v1beta1/u }, says({ token: 'x' }, BETA)),
  plugin('an answer without a credential is an error', { fails: /exec plugin didn't return a token or cert\/key pair/u }, says({ token: '' })),
  plugin('an answer without a status is an error', { fails: /exec plugin didn't return a status field/u }, `#!/bin/sh\necho '{"kind":"ExecCredential","apiVersion":"${V1}"}'\n`),
  plugin('a certificate without its key is an error', { fails: /exec plugin returned only certificate or key, not both/u }, says({ clientCertificateData: '${CERT_TEXT_JSON}' })),
  plugin('an answer that is no JSON is an error', { fails: /getting credentials: decoding stdout/u, kubectl: /getting credentials: (?:decoding stdout|exec plugin is configured)/u }, '#!/bin/sh\necho token: secret-of-plugin\n'),
  plugin('a failure is an error with its exit code', { fails: /getting credentials: exec: executable .*plugin failed with exit code 3/u }, '#!/bin/sh\nexit 3\n'),
  plugin('a missing program is an error with the hint', { fails: /getting credentials: exec: executable no-such-plugin not found[^]*Install it with brew/u }, null, { command: 'no-such-plugin', installHint: 'Install it with brew.\n' }),
  plugin('a program of PATH', asAdmin, null, { command: 'path-plugin' }, { files: { config: usual({ user: exec({ command: 'path-plugin' }) }), 'bin/path-plugin': says({ token: '${ADMIN_TOKEN}' }) }, env: { PATH: '${DIR}/bin:${PATH}' } }),
  plugin('its arguments and environment', asAdmin, `#!/bin/sh\necho '{"kind":"ExecCredential","apiVersion":"${V1}","status":{"token":"'$1-$LAST'"}}'\n`, { args: ['admin'], env: [{ name: 'LAST', value: 'token' }] }),
  plugin('a variable without a name is an error', { fails: /env variable name must be specified for first to use exec authentication plugin/u }, says({ token: 'x' }), { env: [{ name: '', value: 'x' }] }),
  plugin('KUBERNETES_EXEC_INFO names the server when asked to', asAdmin, `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *'"server":"\${SERVER}"'*) ;; *) exit 9;; esac\n${says({ token: '${ADMIN_TOKEN}' }).replace('#!/bin/sh\n', '')}`, { provideClusterInfo: true }),
  plugin('KUBERNETES_EXEC_INFO names no server otherwise', asAdmin, `#!/bin/sh\ncase "$KUBERNETES_EXEC_INFO" in *server*|'') exit 9;; *'"interactive":false'*) ;; *) exit 8;; esac\n${says({ token: '${ADMIN_TOKEN}' }).replace('#!/bin/sh\n', '')}`),
  plugin('an expired credential is made again', asAdmin, says({ token: '${ADMIN_TOKEN}', expirationTimestamp: '2020-01-01T00:00:00Z' })),
  plugin('--token keeps it from running', { ...asAdmin, user: 'limited' }, '#!/bin/sh\nexit 3\n', {}, { flags: { token: '${LIMITED_TOKEN}' } }),
  row('exec plugin and auth-provider at once are an error', { fails: /authProvider cannot be provided in combination with an exec plugin for first/u }, {
    files: { config: usual({ user: { ...exec(), 'auth-provider': { name: 'oidc', config: {} } } }) },
  }),
];

const impersonations = (): readonly Configuration[] => [
  row('as', { ...asAdmin, user: 'jane', groups: ['system:authenticated'] }, { files: { config: usual({ user: { ...admin, as: 'jane' } }) } }),
  row('as-groups, several', { ...asAdmin, user: 'jane', groups: ['dev', 'ops', 'system:authenticated'] }, { files: { config: usual({ user: { ...admin, as: 'jane', 'as-groups': ['dev', 'ops'] } }) } }),
  row('as-uid and as-user-extra', { ...asAdmin, user: 'jane', groups: ['uid=u-1', 'extra reason=a+b', 'system:authenticated'] }, {
    files: { config: usual({ user: { ...admin, as: 'jane', 'as-uid': 'u-1', 'as-user-extra': { reason: ['a', 'b'] } } }) },
  }),
  row('as-groups without as is an error', { fails: /requesting uid, groups or user-extra for first without impersonating a user/u }, { files: { config: usual({ user: { ...admin, 'as-groups': ['dev'] } }) } }),
  row('--as', { ...asAdmin, user: 'jane', groups: ['system:authenticated'] }, { flags: { as: 'jane' } }),
  row('--as over as, the groups of the file stay', { ...asAdmin, user: 'joe', groups: ['dev', 'system:authenticated'] }, { files: { config: usual({ user: { ...admin, as: 'jane', 'as-groups': ['dev'] } }) }, flags: { as: 'joe' } }),
  row('--as-group, repeated, over as-groups', { ...asAdmin, user: 'jane', groups: ['a', 'b,c', 'system:authenticated'] }, {
    files: { config: usual({ user: { ...admin, as: 'jane', 'as-groups': ['dev'] } }) },
    flags: { asGroup: ['a', 'b,c'] },
  }),
  row('--as-uid and --as-user-extra, repeated', { ...asAdmin, user: 'jane', groups: ['uid=u-2', 'extra reason=x+y=z', 'system:authenticated'] }, {
    flags: { as: 'jane', asUid: 'u-2', asUserExtra: ['reason=x', 'reason=y=z', 'malformed'] },
  }),
  row('--as-group without --as', { fails: /requesting uid, groups or user-extra for first without impersonating a user/u }, { flags: { asGroup: ['dev'] } }),
  row('--as a name outside of ASCII', { ...asAdmin, user: 'jörg', groups: ['system:authenticated'] }, { flags: { as: 'jörg' } }),
  row('--as a service account', { ...asAdmin, user: 'system:serviceaccount:default:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'] }, { flags: { as: 'system:serviceaccount:default:robot' } }),
];

export const authConfigurations = (): readonly Configuration[] => [
  row('token', asAdmin),
  row('--token over token', { ...asAdmin, user: 'limited' }, { flags: { token: '${LIMITED_TOKEN}' } }),
  row('--token with a context that names no user', asAdmin, { files: { config: kubeconfig('one', { one: ['main', '', 'team-one'] }, { main }, {}) }, flags: { token: '${ADMIN_TOKEN}' } }),
  row('a token that the server does not know', { fails: /error: You must be logged in to the server \(Unauthorized\)/u }, { flags: { token: 'wrong' } }),
  row('a token with a line end is an error that does not show it', { fails: /invalid header field value|characters that no HTTP header can carry/u }, { files: { config: usual({ user: { token: '${ADMIN_TOKEN}\n' } }) } }),
  row('tokenFile', asAdmin, { files: { config: usual({ user: { tokenFile: '${DIR}/token' } }), token: '${ADMIN_TOKEN}' } }),
  row('tokenFile with spaces and a line end', asAdmin, { files: { config: usual({ user: { tokenFile: '${DIR}/token' } }), token: '  ${ADMIN_TOKEN}\n\n' } }),
  row('token and tokenFile: the file counts', asAdmin, { files: { config: usual({ user: { token: '${LIMITED_TOKEN}', tokenFile: '${DIR}/token' } }), token: '${ADMIN_TOKEN}' } }),
  row('token and a tokenFile that is not there: the token counts', asAdmin, { files: { config: usual({ user: { ...admin, tokenFile: '${DIR}/nowhere' } }) } }),
  row('--token does not win over tokenFile', asAdmin, { files: { config: usual({ user: { tokenFile: '${DIR}/token' } }), token: '${ADMIN_TOKEN}' }, flags: { token: '${LIMITED_TOKEN}' } }),
  row('a tokenFile that is not there', { fails: /open .*nowhere: no such file or directory/u }, { files: { config: usual({ user: { tokenFile: '${DIR}/nowhere' } }) } }),
  row('an empty tokenFile', { fails: /read empty token from file/u, kubectl: /invalid header field value for "Authorization"/u }, { files: { config: usual({ user: { tokenFile: '${DIR}/token' } }), token: '\n' } }),
  row('client-certificate and client-key', asCert, { files: { config: usual({ user: certificate }) } }),
  row('client-certificate-data and client-key-data', asCert, { files: { config: usual({ user: certificateData }) } }),
  row('client-certificate and client-key-data', asCert, { files: { config: usual({ user: { 'client-certificate': '${CERT_FILE}', 'client-key-data': '${KEY_DATA}' } }) } }),
  row('--client-certificate and --client-key over the data of the file', asCert, { files: { config: usual({ user: { 'client-certificate-data': 'aGVsbG8=', 'client-key-data': 'aGVsbG8=' } }) }, flags: { clientCertificate: '${CERT_FILE}', clientKey: '${KEY_FILE}' } }),
  row('--client-certificate with a token in the file: both are sent, and the certificate counts', asCert, { flags: { clientCertificate: '${CERT_FILE}', clientKey: '${KEY_FILE}' } }),
  row('client-certificate without a key', { fails: /client-key-data or client-key must be specified for first to use the clientCert authentication method/u }, { files: { config: usual({ user: { 'client-certificate': '${CERT_FILE}' } }) } }),
  row('client-certificate that is not there', { fails: /unable to read client-cert .*nowhere for first due to open .*nowhere: no such file or directory/u }, { files: { config: usual({ user: { ...certificate, 'client-certificate': '${DIR}/nowhere' } }) } }),
  row('client-key that is not there', { fails: /unable to read client-key .*nowhere for first due to open .*nowhere: no such file or directory/u }, { files: { config: usual({ user: { ...certificate, 'client-key': '${DIR}/nowhere' } }) } }),
  row('client-key and its data at once', { fails: /client-key-data and client-key are both specified for first/u }, { files: { config: usual({ user: { ...certificate, 'client-key-data': '${KEY_DATA}' } }) } }),
  row('a certificate and the key of another', { fails: /tls: private key does not match public key/u }, { files: { config: usual({ user: { ...certificate, 'client-key': '${OTHER_KEY_FILE}' } }) } }),
  row('a certificate that is none', { fails: /tls: failed to find any PEM data in certificate input/u }, { files: { config: usual({ user: { ...certificateData, 'client-certificate-data': 'aGVsbG8=' } }) } }),
  row('token and user name at once', { fails: /more than one authentication method found for first; found \[token basicAuth\], only one is allowed/u }, { files: { config: usual({ user: { ...admin, username: 'u', password: 'p' } }) } }),
  row('--username with a token in the file', { fails: /more than one authentication method found for first/u }, { flags: { username: 'u', password: 'p' } }),
  row('user name and password, which no API server takes', { fails: /You must be logged in to the server|system:anonymous/u, kubectl: /You must be logged in to the server|the selfsubjectreviews API is not enabled/u }, { files: { config: usual({ user: { username: 'u', password: 'p' } }) } }),
  row('a user without a credential', { fails: /user "first" has no credential in the kubeconfig/u, kubectl: /EOF/u }, { files: { config: usual({ user: {} }) } }),
  row('a context whose user is not there', { fails: /user "nobody" has no credential in the kubeconfig/u, kubectl: /EOF/u }, { files: { config: kubeconfig('one', { one: ['main', 'nobody'] }, { main }, {}) } }),
  row('auth-provider oidc with an id-token that is still valid', { ...asAdmin, user: '${JWT_USER}' }, {
    files: { config: usual({ user: { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'c', 'id-token': '${JWT}' } } } }) },
  }),
  row('auth-provider oidc without an issuer', { fails: /Must provide idp-issuer-url/u }, { files: { config: usual({ user: { 'auth-provider': { name: 'oidc', config: { 'client-id': 'c' } } } }) } }),
  row('auth-provider oidc with an expired id-token and no refresh-token', { fails: /No valid id-token, and cannot refresh without refresh-token/u }, {
    files: { config: usual({ user: { 'auth-provider': { name: 'oidc', config: { 'idp-issuer-url': 'https://127.0.0.1:1', 'client-id': 'c', 'id-token': 'e30.eyJleHAiOjF9.x' } } } }) },
  }),
  row('auth-provider gcp', { fails: /The gcp auth plugin has been removed/u }, { files: { config: usual({ user: { 'auth-provider': { name: 'gcp', config: {} } } }) } }),
  row('auth-provider of an unknown name', { fails: /no Auth Provider found for name "mine"/u }, { files: { config: usual({ user: { 'auth-provider': { name: 'mine', config: {} } } }) } }),
  row('another context has another user', { ...asLimited, namespace: 'default' }, { files: { config: kubeconfig('x', { x: ['alias', 'second'] }, { alias }, { second: limited }) } }),
  ...plugins(),
  ...impersonations(),
];
