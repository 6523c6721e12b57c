import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, Problem } from '../../src/cluster/port.ts';
import { sendDelete } from '../../src/deletion/delete.ts';
import type { DeletionRequest, DeletionResult } from '../../src/deletion/delete.ts';
import type { ApiStatus, DeleteOptions, KubeObject } from '../../src/model/wire.ts';
import { notFound } from '../facts/fake-reader.ts';
import { marked, NOW, object, pod, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';
import { lost, refused, status } from '../run/memory-cluster.ts';

const web = pod('web-a');
const { ref } = target(web);
const plain: DeletionRequest = { gracePeriodSeconds: null, cascade: 'background' };
const ok = <T>(value: T, warnings: readonly string[] = []): Answer<T> => ({ ok: true, value, warnings });
const no = (problem: Problem): { readonly ok: false; readonly problem: Problem } => ({ ok: false, problem });
const going = pod('web-a', { metadata: marked(30, 0) });
const other = pod('web-a', { metadata: { uid: 'uid-of-another' } });
const removedPod = pod('web-a', { metadata: { deletionTimestamp: '2026-03-01T12:00:00Z', deletionGracePeriodSeconds: 0 } });
const held = pod('web-a', { metadata: { ...marked(0, 0), finalizers: ['x'] } });
/** As the server answers: marked, without a grace period, and without finalizers in its metadata. */
const terminatingNamespace = object('v1', 'Namespace', 'web-a', { metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' }, spec: { finalizers: ['kubernetes'] } });
const gone = notFound('pods', 'web-a');
const conflict = status(409, 'Conflict', 'Precondition failed: UID in precondition: uid-web-a, UID in object meta: uid-of-another');
const denial = (code: number): Problem => status(code, 'Forbidden', 'admission webhook "guard.example.com" denied the request: no');
const timedOut = (sent: boolean): Problem => ({ kind: 'timed-out', message: 'no answer', sent });
const page = (httpStatus: number): Problem => ({ kind: 'not-kubernetes', httpStatus, message: 'HTML' });

interface Sent {
  readonly result: DeletionResult;
  readonly deletes: readonly { readonly body: DeleteOptions; readonly at: number }[];
  readonly gets: number;
  readonly took: number;
}

/** Answers in order; the last of each list goes on for ever. */
const send = async (deletes: readonly Answer<KubeObject | ApiStatus>[], gets: readonly Answer<KubeObject>[] = [], more: { readonly request?: DeletionRequest; readonly limitMs?: number; readonly abortAfter?: number } = {}): Promise<Sent> => {
  const clock = drivenClock(NOW);
  const sent: { readonly body: DeleteOptions; readonly at: number }[] = [];
  let reads = 0;
  const stop = new AbortController();
  const sender = {
    delete: async (at: { readonly name: string | null }, body: DeleteOptions) => {
      assert.equal(at.name, 'web-a');
      sent.push({ body, at: clock.now() - NOW });
      if (sent.length === more.abortAfter) stop.abort();
      return deletes[Math.min(sent.length, deletes.length) - 1] ?? no(gone);
    },
    get: async () => {
      reads += 1;
      const answer = gets[Math.min(reads, gets.length) - 1];
      assert.ok(answer !== undefined, 'an unexpected GET');
      return answer;
    },
  };
  const limitMs = more.limitMs ?? 20_000;
  const result = await driveUntil(clock, sendDelete(sender, ref, more.request ?? plain, { clock, until: NOW + limitMs, signal: stop.signal }), limitMs + 1000);
  assert.equal(clock.pending(), 0, 'timers left');
  return { result, deletes: sent, gets: reads, took: clock.now() - NOW };
};

/** The result in short: `accepted`, `accepted gone`, `replaced ours`, `failed 503`. */
const short = ({ result }: Sent): string => {
  switch (result.kind) {
    case 'accepted':
      return `accepted${result.gone ? ' gone' : ''}`;
    case 'already-gone':
      return 'already-gone';
    case 'replaced':
      return `replaced${result.ours ? ' ours' : ''}`;
    case 'failed':
      return `failed ${result.problem.kind === 'status' || result.problem.kind === 'not-kubernetes' ? result.problem.httpStatus : result.problem.kind}`;
  }
};

describe('the request', () => {
  test('has everything in the body, and the uid that was checked', async () => {
    const { deletes } = await send([ok(going)]);
    assert.deepEqual(deletes.map((d) => d.body), [{ kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background', preconditions: { uid: 'uid-web-a' } }]);
  });

  for (const [cascade, policy] of [['background', 'Background'], ['foreground', 'Foreground'], ['orphan', 'Orphan']] as const) {
    test(`--cascade=${cascade} is ${policy}; a grace period of 0 is sent as 0`, async () => {
      const { deletes } = await send([ok(going)], [], { request: { gracePeriodSeconds: 0, cascade } });
      assert.deepEqual(deletes.map((d) => d.body), [{ kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, propagationPolicy: policy, preconditions: { uid: 'uid-web-a' } }]);
    });
  }

  test('is the same each time it is sent', async () => {
    const { deletes } = await send([no(refused), no(refused), ok(going)]);
    assert.equal(deletes.length, 3);
    assert.equal(new Set(deletes.map((d) => JSON.stringify(d.body))).size, 1);
  });
});

interface Case {
  readonly says: string;
  readonly deletes: readonly Answer<KubeObject | ApiStatus>[];
  readonly gets?: readonly Answer<KubeObject>[];
  readonly is: string;
  /** How many DELETEs and GETs it took. */
  readonly sent?: number;
  readonly read?: number;
}

const cases: readonly Case[] = [
  { says: 'a pod that is marked', deletes: [ok(going)], is: 'accepted', sent: 1, read: 0 },
  { says: 'a pod that was removed at once comes as it was before', deletes: [ok(web)], is: 'accepted gone' },
  { says: 'a pod that was removed at once with grace 0', deletes: [ok(removedPod)], is: 'accepted gone' },
  { says: 'a pod with grace 0 that a finalizer holds is not gone', deletes: [ok(held)], is: 'accepted' },
  { says: 'a Namespace is not gone while its own finalizers are there', deletes: [ok(terminatingNamespace)], is: 'accepted' },
  { says: 'a Status says that an object of another kind is gone', deletes: [ok<ApiStatus>({ kind: 'Status', status: 'Success' })], is: 'accepted gone' },
  { says: '404: gone before', deletes: [no(gone)], is: 'already-gone', sent: 1, read: 0 },
  { says: "a gateway's 404 page proves nothing", deletes: [no(status(404, 'NotFound', 'the server could not find the requested resource'))], is: 'failed 404', sent: 1 },

  { says: 'lost answer, and the pod is marked: it worked', deletes: [no(lost)], gets: [ok(going)], is: 'accepted', sent: 1, read: 1 },
  { says: 'lost answer, and the pod is gone: it worked', deletes: [no(lost)], gets: [no(gone)], is: 'accepted gone', sent: 1 },
  { says: 'lost answer, and the pod is as before: sent again', deletes: [no(lost), ok(going)], gets: [ok(web)], is: 'accepted', sent: 2, read: 1 },
  { says: 'lost answer, and another has the name', deletes: [no(lost)], gets: [ok(other)], is: 'replaced ours', sent: 1 },
  { says: 'lost answer, nobody answers the read, then 404: it was ours', deletes: [no(lost), no(gone)], gets: [no(refused)], is: 'accepted gone', sent: 2 },
  { says: 'lost answer, then the second is refused for its uid: it was ours', deletes: [no(lost), no(conflict)], gets: [ok(web), ok(other)], is: 'replaced ours', sent: 2 },
  { says: "lost answer, and a gateway's 404 page: sent again", deletes: [no(lost), ok(going)], gets: [no(status(404, 'NotFound'))], is: 'accepted', sent: 2 },
  { says: 'time-out after it was sent: decided by a read', deletes: [no(timedOut(true))], gets: [ok(going)], is: 'accepted', sent: 1, read: 1 },
  { says: 'time-out before it was sent: sent again without a read', deletes: [no(timedOut(false)), ok(going)], is: 'accepted', sent: 2, read: 0 },
  { says: 'refused connections: sent again without a read', deletes: [no(refused), no(refused), ok(going)], is: 'accepted', sent: 3, read: 0 },

  { says: '409 for the uid: replaced, and it was not us', deletes: [no(conflict)], gets: [ok(other)], is: 'replaced', sent: 1, read: 1 },
  { says: '409 for the uid, and the other is gone too', deletes: [no(conflict)], gets: [no(gone)], is: 'already-gone', sent: 1 },
  { says: '409 for another reason: sent again', deletes: [no(status(409, 'Conflict', 'the object has been modified')), ok(going)], gets: [ok(web)], is: 'accepted', sent: 2 },
  { says: '409 on a pod that somebody else has marked: sent again, so that the grace period holds', deletes: [no(status(409, 'Conflict', 'the object has been modified')), ok(going)], gets: [ok(going)], is: 'accepted', sent: 2 },

  { says: '429 is sent again', deletes: [no(status(429, 'TooManyRequests')), ok(going)], is: 'accepted', sent: 2, read: 0 },
  { says: '500 may have worked', deletes: [no(status(500, 'ServerTimeout'))], gets: [ok(going)], is: 'accepted', sent: 1, read: 1 },
  { says: '503 did not, and is sent again', deletes: [no(status(503, 'ServiceUnavailable')), ok(going)], gets: [ok(web)], is: 'accepted', sent: 2 },
  { says: '502 of a load balancer may have worked', deletes: [no(page(502))], gets: [ok(going)], is: 'accepted', sent: 1 },
  { says: 'a 200 that is no Kubernetes is no success', deletes: [no(page(200))], gets: [ok(web)], is: 'failed 200', sent: 1 },
  { says: 'a redirect is a failure', deletes: [no(page(302))], is: 'failed 302', sent: 1, read: 0 },

  ...[400, 403, 404, 409, 422, 429, 500, 503].map((code): Case => ({ says: `a webhook that denies with ${code} is not asked again`, deletes: [no(denial(code))], is: `failed ${code}`, sent: 1, read: 0 })),
  { says: 'a policy that denies is not asked again', deletes: [no(status(422, 'Invalid', "pods \"web-a\" is forbidden: ValidatingAdmissionPolicy 'keep' with binding 'keep' denied request: no"))], is: 'failed 422', sent: 1, read: 0 },
  { says: 'a denial after a lost answer: the read decides', deletes: [no(lost), no(denial(403))], gets: [ok(web), ok(going)], is: 'accepted', sent: 2, read: 2 },
  { says: '403 is final', deletes: [no(status(403, 'Forbidden', 'pods "web-a" is forbidden: User "jane" cannot delete'))], is: 'failed 403', sent: 1, read: 0 },
  { says: '401 is final', deletes: [no(status(401, 'Unauthorized'))], is: 'failed 401', sent: 1, read: 0 },
  { says: '422 is final', deletes: [no(status(422, 'Invalid'))], is: 'failed 422', sent: 1, read: 0 },
  { says: 'a credential that cannot be made is final', deletes: [no({ kind: 'credentials', message: 'exec plugin failed' })], is: 'failed credentials', sent: 1, read: 0 },
  { says: 'a certificate that is not trusted is final', deletes: [no({ kind: 'unreachable', cause: 'tls', message: 'self-signed', sent: false })], is: 'failed unreachable', sent: 1, read: 0 },
];

describe('the answer', () => {
  for (const c of cases) {
    test(c.says, async () => {
      const sent = await send(c.deletes, c.gets);
      assert.equal(short(sent), c.is);
      if (c.sent !== undefined) assert.equal(sent.deletes.length, c.sent, 'DELETEs');
      if (c.read !== undefined) assert.equal(sent.gets, c.read, 'GETs');
    });
  }

  test('a shorter grace period for what is Terminating already: a lost answer is told from the old mark', async () => {
    const shorter: DeletionRequest = { gracePeriodSeconds: 0, cascade: 'background' };
    assert.equal(short(await send([no(lost), ok(removedPod)], [ok(going)], { request: shorter })), 'accepted gone');
    const lowered = pod('web-a', { metadata: marked(1, 0) });
    assert.equal(short(await send([no(lost)], [ok(lowered)], { request: { ...shorter, gracePeriodSeconds: 1 } })), 'accepted');
  });

  test('the object is handed on, with the warnings of the server', async () => {
    const { result } = await send([ok(going, ['deleting is deprecated'])]);
    assert.deepEqual(result, { kind: 'accepted', object: going, gone: false, warnings: ['deleting is deprecated'] });
  });
});

describe('the limits', () => {
  test('it gives up when the time is over, with the last problem', async () => {
    const sent = await send([no(refused)], [], { limitMs: 10_000 });
    assert.equal(short(sent), 'failed unreachable');
    assert.ok(sent.took <= 10_000 && sent.took >= 7000, `${sent.took} ms`);
    assert.ok(sent.deletes.length <= 12, `${sent.deletes.length} DELETEs in 10 s`);
  });

  test('it waits longer each time, two seconds at most', async () => {
    const { deletes } = await send([no(refused)], [], { limitMs: 20_000 });
    const pauses = deletes.slice(1).map((d, i) => d.at - (deletes[i]?.at ?? 0));
    assert.deepEqual(pauses, pauses.toSorted((a, b) => a - b));
    assert.ok((pauses.at(-1) ?? 0) <= 2050 && (pauses[0] ?? 0) >= 150, pauses.join(' '));
  });

  test('it sends nothing more after an interrupt', async () => {
    const sent = await send([no(refused)], [], { abortAfter: 2 });
    assert.equal(sent.deletes.length, 2);
    assert.match(short(sent), /^failed/u);
  });

  test('without time left it is sent once', async () => {
    const sent = await send([no(refused)], [], { limitMs: 0 });
    assert.equal(sent.deletes.length, 1);
  });
});
