/**
 * Where @kubernetes/client-node 2.0.1 differs from kubectl, and the tests that show that this program does not. A row whose test was
 * renamed or removed fails here.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { configurations } from './configurations-all.ts';

type Row = readonly [difference: string, ...tests: readonly string[]];

const connection: readonly Row[] = [
  ['with KUBECONFIG=a:b it takes the last file’s context', 'KUBECONFIG=a:b, both set current-context: the first one counts', 'KUBECONFIG=b:a, both set current-context: the first one counts'],
  ['a name in two files, or a file listed twice, is an error', 'a user of the same name in two files: the first counts', 'a file listed twice is read once'],
  ['a missing or empty file of the list is an error', 'a missing file in the list is ignored', 'an empty file in the list is ignored'],
  ['tokenFile is ignored, token files are not trimmed', 'tokenFile', 'tokenFile with spaces and a line end', 'token and tokenFile: the file counts'],
  ['as-groups, as-uid and as-user-extra are dropped', 'as-groups, several', 'as-uid and as-user-extra'],
  ['several groups become one header', 'each impersonated group is a header of its own'],
  ['exec plugins get no KUBERNETES_EXEC_INFO', 'gets the environment, its own variables and KUBERNETES_EXEC_INFO', 'with provideClusterInfo learns of the cluster what client-go tells it'],
  ['exec plugins cannot ask', 'of interactiveMode ${mode} ${isTTY ?', 'exec plugin: Always without a terminal is an error'],
  ['parallel calls run an exec plugin each', 'runs once for all calls that need it at the same time, and not before the first'],
  ['a 401 does not make an exec plugin run again', 'runs again after a 401, once for all that got it, and each request is repeated once'],
  ['an exec credential outlives its end', 'keeps a credential without an end for ever, and one with an end until then'],
  ['a relative command of an exec plugin is not resolved', 'exec plugin: its token counts', 'exec plugin: a program of PATH'],
  ['oidc refreshes on every call and loses the rotated token', 'an expired id-token is renewed once for all calls, with the client’s secret in the ${style}, and stored where it was'],
  ['an http server is refused', 'a plain http server gets no credential', 'a server without a scheme is plain http, with a certificate authority as well'],
  ['HTTPS_PROXY and NO_PROXY are not read', 'HTTPS_PROXY counts for another name', 'NO_PROXY keeps a name from the proxy', 'HTTPS_PROXY does not count for this machine'],
  ['a context without a user loses CA, skip-verify and tls-server-name', '--token with a context that names no user'],
  ['tls-server-name, through a proxy as well', 'tls-server-name that the certificate has', 'is reached through a CONNECT tunnel, its name checked and looked up by the proxy'],
  ['the token of a pod', 'the token of a pod is read again, since the kubelet rotates it'],
  ['kubectl’s flags are not known', '--context, --cluster and --user together', '--server drops tls-server-name of the file', '--certificate-authority over wrong data'],
];

const transport: readonly Row[] = [
  ['every request opens a connection', 'twenty reads one after another use one connection, twenty at a time at most twenty'],
  ['undici is loaded and mixes badly with the global fetch', 'nothing of client-node or undici is loaded'],
  ['a watch ends after 30 s, quiet or not', 'bookmarks keep a quiet watch alive', 'no socket has a time-out of its own: a stream may be silent for longer than any default'],
  ['a connection that died silently hangs a watch', 'a silent half-open connection is found by an own timer'],
  ['a watch ends the same way for an abort, an orderly end and a break', 'a server that closes in order is no problem', 'an abort ends an open watch at once, and one that waits for its answer', 'a connection that breaks in the middle of an event ends as reset, and the half event is not delivered'],
  ['exceptions of the reader vanish', 'an exception of the reader is the reader’s, and the connection is closed'],
  ['lines that are not JSON vanish', 'a line that is not an event ends the watch instead of being skipped'],
  ['an ERROR event looks like any other', 'a 410 is the same problem as an ERROR event and as an HTTP status'],
  ['a refused watch loses Status and Retry-After', 'a refused watch keeps the Status and its Retry-After'],
  ['a failing plugin rejects a watch', 'a credential that cannot be made ends a watch as a problem instead of an exception'],
  ['objects are told apart by name', 'an object that was replaced under its name is two events with two uids'],
  ['streams die after five silent minutes', 'no socket has a time-out of its own: a stream may be silent for longer than any default'],
  ['no retry, no Retry-After, no time-out', 'Retry-After of a second is a second', 'a server that never answers ends with the call’s own limit, and the request counts as sent'],
  ['the body of an error is a string', 'a log of a container that is not there is a problem with the server’s words'],
  ['unknown fields are dropped, times become dates', 'objects come as the server sends them: unknown fields stay, times are strings, in a get and a watch alike'],
  ['a query beside a body makes the server ignore the query', 'an ordinary kubeconfig with CA, client certificate and token reaches the server with every verb over one connection'],
  ['names are written in lower case', 'names keep their case in the path, and cannot leave it'],
];

const here = import.meta.dirname;
const folders = [here, join(here, '../transport')];
const texts = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'unlike-client-node.test.ts').map((name) => readFileSync(join(folder, name), 'utf8')));
const rowNames = new Set(configurations.map(({ name }) => name));

const isTested = (name: string): boolean => rowNames.has(name) || texts.some((text) => text.includes(`test('${name}'`) || text.includes(`test(\`${name}`));

describe('client-node differs from kubectl, this program does not', () => {
  for (const [difference, ...tests] of [...connection, ...transport]) {
    test(difference, () => {
      assert.ok(tests.length > 0);
      for (const name of tests) assert.ok(name === 'nothing of client-node or undici is loaded' || isTested(name), `there is no test “${name}”`);
    });
  }

  test('nothing of client-node or undici is loaded: only its types are used', () => {
    for (const folder of ['connection', 'cluster', 'model']) {
      const directory = join(here, '../../src', folder);
      for (const file of readdirSync(directory)) {
        const text = readFileSync(join(directory, file), 'utf8').replaceAll(/import type [^;]+;/gu, '');
        assert.doesNotMatch(text, /(?:from |import\()'(?:@kubernetes\/client-node|undici)|\bfetch\(/u, `${folder}/${file}`);
      }
    }
  });
});
