import assert from 'node:assert/strict';
import test from 'node:test';
import { loggedPort } from '../../src/cluster/logged.ts';
import { portTo } from './endpoint.ts';
import { pod, sendJson, startServer } from './fake-server.ts';

const clock = { now: () => 0, sleep: async () => await Promise.resolve() };
const podA = { group: '', version: 'v1', resource: 'pods', namespace: 'default', name: 'a' };

test('with -v=6 every request is one line with its result, and no credential is in it', async () => {
  const server = await startServer((request, response) => {
    if (request.method === 'DELETE') return sendJson(response, { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden', message: 'no' }, 403);
    return sendJson(response, pod('a'));
  });
  const lines: string[] = [];
  const port = loggedPort(portTo(server.url), clock, (line) => lines.push(line));
  await port.get(podA);
  await port.delete(podA, { preconditions: { uid: 'u' } });
  await port.delete(podA, { preconditions: { uid: 'u' }, dryRun: ['All'] });
  assert.deepEqual(lines, [
    'GET /api/v1/namespaces/default/pods/a OK in 0 milliseconds',
    'DELETE /api/v1/namespaces/default/pods/a 403 Forbidden in 0 milliseconds',
    'DELETE /api/v1/namespaces/default/pods/a (dry run) 403 Forbidden in 0 milliseconds',
  ]);
  port.close();
  await server.close();
});
