import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Problem } from '../../src/cluster/port.ts';
import { sentenceOf } from '../../src/cluster/problem.ts';

const about = { server: 'https://api.example:6443', user: 'jane' };
const status = (httpStatus: number, reason: string, message: string): Problem => ({ kind: 'status', httpStatus, reason, message, details: null, retryAfterSeconds: null });

const rows: readonly (readonly [problem: Problem, code: string, message: string])[] = [
  [status(401, 'Unauthorized', 'Unauthorized'), 'unauthorized', 'error: You must be logged in to the server (Unauthorized)'],
  [status(403, 'Forbidden', 'pods "a" is forbidden: User "jane" cannot delete'), 'forbidden', 'Error from server (Forbidden): pods "a" is forbidden: User "jane" cannot delete'],
  [status(404, 'NotFound', 'pods "a" not found'), 'not-found', 'Error from server (NotFound): pods "a" not found'],
  [status(405, 'MethodNotAllowed', 'no'), 'method-not-allowed', 'Error from server (MethodNotAllowed): no'],
  [status(409, 'Conflict', 'changed'), 'conflict', 'Error from server (Conflict): changed'],
  [status(409, 'AlreadyExists', 'there'), 'already-exists', 'Error from server (AlreadyExists): there'],
  [status(410, 'Expired', 'too old'), 'expired', 'Error from server (Expired): too old'],
  [status(422, 'Invalid', 'wrong'), 'invalid', 'Error from server (Invalid): wrong'],
  [status(429, 'TooManyRequests', 'later'), 'too-many-requests', 'Error from server (TooManyRequests): later'],
  [status(500, 'InternalError', 'broken'), 'server-error', 'Error from server (InternalError): broken'],
  [status(503, 'ServiceUnavailable', 'down'), 'server-error', 'Error from server (ServiceUnavailable): down'],
  [status(504, 'Timeout', 'slow'), 'timed-out', 'Error from server (Timeout): slow'],
  [status(418, '', 'teapot'), 'refused', 'Error from server: teapot'],
  [{ kind: 'unreachable', cause: 'refused', message: 'x', sent: false }, 'unreachable', 'The connection to the server api.example:6443 was refused - did you specify the right host or port?'],
  [{ kind: 'unreachable', cause: 'dns', message: 'dial tcp: lookup api.example: no such host', sent: false }, 'unreachable', 'Unable to connect to the server: dial tcp: lookup api.example: no such host'],
  [{ kind: 'unreachable', cause: 'tls', message: 'tls: failed', sent: false }, 'tls', 'Unable to connect to the server: tls: failed'],
  [{ kind: 'timed-out', message: 'no answer in time', sent: true }, 'timed-out', 'Unable to connect to the server: no answer in time from api.example:6443'],
  [{ kind: 'credentials', message: 'getting credentials: x' }, 'credentials', 'Unable to connect to the server: getting credentials: x'],
  [{ kind: 'not-kubernetes', httpStatus: 200, message: 'it answered with an HTML page (HTTP 200)' }, 'not-kubernetes', 'The server api.example:6443 is not a Kubernetes API server: it answered with an HTML page (HTTP 200).'],
  [{ kind: 'aborted' }, 'aborted', 'The request was interrupted.'],
];

describe('the sentence for a problem', () => {
  for (const [problem, code, message] of rows) {
    test(`${code}: ${message}`, () => {
      const sentence = sentenceOf(problem, about);
      assert.deepEqual([sentence.code, sentence.message], [code, message]);
      assert.match(code, /^[a-z]+(?:-[a-z]+)*$/u);
    });
  }

  test('for an unauthorized request without a user says how to name one', () => {
    assert.match(sentenceOf(status(401, 'Unauthorized', 'Unauthorized'), { ...about, user: null }).remedy ?? '', /--user/u);
  });
});
