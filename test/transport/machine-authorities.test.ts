import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import tls from 'node:tls';
import { makeAuthority, makeLeaf, scratch, skipWithoutOpenssl } from '../connection/certificates.ts';
import { pod, sendJson, startServer } from './fake-server.ts';

const skip = process.platform !== 'linux' ? 'only on Linux a variable chooses the certificate authorities of the system' : 'getCACertificates' in tls ? skipWithoutOpenssl : 'this Node cannot read the certificate authorities of the system';

const source = join(import.meta.dirname, '../..');

/** Asks the server in a process of its own, whose system trusts only `authorities`. */
const askWith = async (url: string, authorities: string): Promise<string> => {
  const script = join(scratch(), `ask-${Date.now()}.mts`);
  writeFileSync(
    script,
    `import { connect } from ${JSON.stringify(join(source, 'src/connection/connect.ts'))};
import { flagsWith, worldWith } from ${JSON.stringify(join(source, 'test/connection/world.ts'))};
const connected = await connect(flagsWith({ server: ${JSON.stringify(url)}, token: 't' }), worldWith());
const answer = await connected.value.port.get({ group: '', version: 'v1', resource: 'pods', namespace: 'default', name: 'a' });
console.log(answer.ok ? 'accepted' : answer.problem.message);
process.exit(0);`,
  );
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, [script], { env: { ...process.env, SSL_CERT_FILE: authorities, SSL_CERT_DIR: '/nonexistent' } }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim());
      else reject(new Error(stderr));
    });
  });
};

test('without a certificate authority in the kubeconfig those of the operating system count, as in kubectl', { skip }, async () => {
  const ours = makeAuthority('company');
  const other = makeAuthority('other');
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  }, makeLeaf(ours, { names: 'IP:127.0.0.1' }));
  assert.equal(await askWith(server.url, ours.certFile), 'accepted');
  assert.equal(await askWith(server.url, other.certFile), 'tls: failed to verify certificate: x509: certificate signed by unknown authority');
});
