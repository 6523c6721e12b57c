/** Which files count, and which entry of which file. */
import { admin, alias, asAdmin, asLimited, kubeconfig, limited, main, row, usual } from './configurations.ts';
import type { Configuration } from './configurations.ts';

const yaml = `# a comment
apiVersion: v1
kind: Config
preferences: {colors: true}
current-context: "one"
x-unknown: [1, 2]
shared: &shared
  certificate-authority: \${CA_FILE}
clusters:
- name: main
  cluster:
    <<: *shared
    server: \${SERVER}
    extensions:
    - {name: minikube, extension: {version: v1}}
contexts:
- context:
    cluster: main
    namespace: team-one
    user: first
  name: one
users:
- name: first
  user:
    token: \${ADMIN_TOKEN}
    later-field: {a: 1}
`;

const broken = 'clusters:\n- name: main\n  cluster: {server: [\n';

export const fileConfigurations = (): readonly Configuration[] => [
  row('one file', asAdmin),
  row('the file is YAML with comments, anchors, merge keys and unknown fields', asAdmin, { files: { config: yaml } }),
  row('the file has Windows line ends', asAdmin, { files: { config: yaml.replaceAll('\n', '\r\n') } }),
  row('the file starts with a byte order mark', asAdmin, { files: { config: `\uFEFF${yaml}` } }),
  row('the file holds two documents: the first counts', asAdmin, { files: { config: `${yaml}---\ncurrent-context: none\n` } }),
  row('KUBECONFIG=a:b, both set current-context: the first one counts', asAdmin, { files: { a: usual(), b: usual({ current: 'two' }) }, list: ['a', 'b'] }),
  row('KUBECONFIG=b:a, both set current-context: the first one counts', asLimited, { files: { a: usual(), b: usual({ current: 'two' }) }, list: ['b', 'a'] }),
  row('the first file sets no current-context: the second one does', asLimited, { files: { a: usual({ current: null }), b: usual({ current: 'two' }) }, list: ['a', 'b'] }),
  row('a user of the same name in two files: the first counts', asAdmin, { files: { a: usual(), b: kubeconfig(null, {}, {}, { first: limited }) }, list: ['a', 'b'] }),
  row('a cluster of the same name in two files: the first counts and nothing is merged into it', { fails: /x509: certificate signed by unknown authority/u }, {
    files: { a: usual({ cluster: { server: '${SERVER}' } }), b: usual() },
    list: ['a', 'b'],
  }),
  row('a context of the same name in two files: the first counts, without the namespace of the second', { ...asAdmin, namespace: 'default' }, {
    files: { a: kubeconfig('one', { one: ['main', 'first'] }, { main }, { first: admin }), b: usual() },
    list: ['a', 'b'],
  }),
  row('context, cluster and user each in a file of its own', asAdmin, {
    files: { a: kubeconfig('one', { one: ['main', 'first', 'team-one'] }, {}, {}), b: kubeconfig(null, {}, { main }, {}), c: kubeconfig(null, {}, {}, { first: admin }) },
    list: ['a', 'b', 'c'],
  }),
  row('a file listed twice is read once', asAdmin, { list: ['config', 'config'] }),
  row('a missing file in the list is ignored', asAdmin, { list: ['missing', 'config'] }),
  row('an empty file in the list is ignored', asAdmin, { files: { empty: '', config: usual() }, list: ['empty', 'config'] }),
  row('a file of only a comment in the list is ignored', asAdmin, { files: { empty: '# nothing\n', config: usual() }, list: ['empty', 'config'] }),
  row('an empty entry in the list is ignored', asAdmin, { list: ['', 'config'] }),
  row('--kubeconfig alone counts, KUBECONFIG is not read', asAdmin, { files: { config: usual(), other: usual({ current: 'two' }) }, list: ['other'], flags: { kubeconfig: '${DIR}/config' } }),
  row('--kubeconfig naming a file that is not there is an error', { fails: /^(?:error: )?stat .*nowhere: no such file or directory/u }, { flags: { kubeconfig: '${DIR}/nowhere' } }),
  row('without KUBECONFIG the file in the home directory counts', asAdmin, { files: { 'home/.kube/config': usual() }, list: null }),
  row('an empty KUBECONFIG is none', asAdmin, { files: { 'home/.kube/config': usual() }, list: [] }),
  row('with KUBECONFIG the file in the home directory does not count', asLimited, { files: { 'home/.kube/config': usual(), config: usual({ current: 'two' }) } }),
  row('no file at all: kubectl’s localhost:8080', { fails: /The connection to the server localhost:8080 was refused - did you specify the right host or port\?/u }, { files: {}, list: null }),
  row('only missing files: kubectl’s localhost:8080', { fails: /The connection to the server localhost:8080 was refused/u }, { files: {}, list: ['missing'] }),
  row('relative paths count from the file that holds them', { ...asAdmin, user: 'cert-user' }, {
    files: {
      'sub/deep/config': kubeconfig('one', { one: ['main', 'first', 'team-one'] }, { main: { server: '${SERVER}', 'certificate-authority': '../ca.pem' } }, { first: { 'client-certificate': 'mine.pem', 'client-key': './mine.key' } }),
      'sub/ca.pem': '${CA_TEXT}',
      'sub/deep/mine.pem': '${CERT_TEXT}',
      'sub/deep/mine.key': '${KEY_TEXT}',
    },
    list: ['sub/deep/config'],
  }),
  row('relative paths of two files count from their own', asAdmin, {
    files: {
      'x/config': kubeconfig('one', { one: ['main', 'first', 'team-one'] }, { main: { server: '${SERVER}', 'certificate-authority': 'ca.pem' } }, {}),
      'y/config': kubeconfig(null, {}, {}, { first: { tokenFile: 'token' } }),
      'x/ca.pem': '${CA_TEXT}',
      'y/token': '${ADMIN_TOKEN}\n',
    },
    list: ['x/config', 'y/config'],
  }),
  row('broken YAML is an error with file and line', { fails: /error loading config file ".*config": yaml: line \d/u }, { files: { config: broken } }),
  row('a broken second file is an error, although the first would do', { fails: /error loading config file ".*broken": yaml: line \d/u }, { files: { config: usual(), broken }, list: ['config', 'broken'] }),
  row('a number for a token is an error that does not show it', { fails: /error loading config file ".*config": (?:line \d+: users\[0\]\.user\.token must be a string|json: cannot unmarshal number into Go struct field)/u }, {
    files: { config: usual({ user: { token: 4711 } }) },
  }),
  row('data that is not base64 is an error', { fails: /error loading config file ".*config": .*illegal base64 data/u }, { files: { config: usual({ user: { 'client-key-data': 'a%%' } }) } }),
  row('one name twice in one file is an error', { fails: /error loading config file ".*config": .*duplicate name "first" in list/u }, {
    files: { config: usual().replace('"name":"second"', '"name":"first"') },
  }),
  row('a file of another kind is an error', { fails: /error loading config file ".*config": .*no kind "Pod" is registered for version "v1"/u }, { files: { config: 'apiVersion: v1\nkind: Pod\n' } }),
  row('a list where a map belongs is an error', { fails: /error loading config file ".*config": /u }, { files: { config: 'clusters: {main: 1}\n' } }),
  row('a directory instead of a file is an error', { fails: /error loading config file ".*sub": read .*sub: is a directory/u }, { files: { 'sub/config': usual() }, list: ['sub'] }),
  row('a YAML 1.1 boolean is one', asAdmin, { files: { config: yaml.replace('certificate-authority: ${CA_FILE}', 'insecure-skip-tls-verify: yes') } }),
  row('entries of the second file count where the first has none of the name', { ...asLimited, namespace: 'team-three' }, {
    files: { a: usual(), b: kubeconfig(null, { three: ['alias', 'second', 'team-three'] }, { alias }, { second: admin }) },
    list: ['a', 'b'],
    flags: { context: 'three' },
  }),
];
