/** A Terminating namespace: its conditions as a list of what is left and why (docs/reference/termination.md 4.4). */
import type { LeftOfKind } from '../facts/left-in-namespace.ts';
import { typeSlashName } from '../model/ref.ts';
import { count, kubectl } from './case.ts';
import type { Cause } from './case.ts';
import { onControllerManager } from './controller-manager.ts';
import { heldFirst, heldText, leftText } from './left.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

const danger =
  'Emptying spec.finalizers through the /finalize subresource makes the namespace vanish and leaves all of this in etcd, out of sight, with everything outside that finalizers would have cleaned up.';

const onBrokenApis: Cause = ({ views }) =>
  views.leftInNamespace.brokenApis.map((api) =>
    waitingFor({
      kind: 'api-service',
      name: api.ref.name,
      message: `API ${api.ref.name} does not answer (${api.reason}${api.message === '' ? '' : `: ${api.message}`}): nobody can tell whether the namespace holds objects of it`,
      remedy: `Bring ${api.service === null ? 'its backend' : `Service ${api.service}`} back; delete the APIService only if its product is gone for good.`,
      objects: [api.ref],
      commands: [kubectl('describe', api.ref, 'why it is not available')],
      danger: `${danger} No namespace of the cluster can be deleted while this lasts.`,
    }),
  );

const onLeft = (left: LeftOfKind): WaitingOn => {
  const objects = heldFirst(left.objects ?? []);
  const [first] = objects;
  const common = { kind: 'namespace-content', danger } as const;
  if (first === undefined) {
    return waitingFor({ ...common, name: left.resource, message: `${count(left.count, 'object')} of ${left.resource} ${left.count === 1 ? 'was' : 'were'} left${left.objects === null ? ', which could not be listed' : ' when it was last counted'}`, remedy: 'Wait: the namespace controller looks again.' });
  }
  const held = first.terminating && first.finalizers.length > 0;
  return waitingFor({
    ...common,
    name: typeSlashName(first.ref),
    message: `${objects.length} ${left.resource} left${heldText(objects)}: ${leftText(objects)}`,
    remedy: held ? `Ask why ${typeSlashName(first.ref)} does not go; the namespace follows by itself.` : 'Wait for them to end.',
    objects: objects.map((o) => o.ref),
    commands: [kubectl('safe-delete', first.ref, 'why it is still there; deletes nothing', '--attach', '--wait=false')],
  });
};

/** The message of the API server for a webhook that it could not call (apiserver pkg/util/webhook/error.go). */
const onFailures: Cause = ({ views }) =>
  views.leftInNamespace.failures.flatMap((message) => {
    const webhook = /failed calling webhook "([^"]+)"/u.exec(message)?.[1];
    if (webhook === undefined) return [];
    return [
      waitingFor({
        kind: 'webhook',
        name: webhook,
        message: `webhook ${webhook} does not answer, and refuses what the namespace controller would delete: ${message}`,
        remedy: 'Bring its backend back; if that was in this namespace, delete its webhook configuration first: without its backend it can only refuse.',
        commands: [{ argv: ['kubectl', 'get', 'validatingwebhookconfigurations,mutatingwebhookconfigurations', '-o', 'wide'], why: 'which configuration has it' }],
        danger,
      }),
    ];
  });

const rank = (l: LeftOfKind): number => ((l.objects ?? []).some((o) => o.terminating && o.finalizers.length > 0) ? 0 : 1);

export const onNamespace: Cause = (of) => {
  const { left, failures, brokenApis } = of.views.leftInNamespace;
  const reasons = [...onControllerManager(of, 'its namespace controller, which empties the namespace, does not run'), ...onFailures(of), ...onBrokenApis(of), ...left.toSorted((a, b) => rank(a) - rank(b)).map(onLeft)];
  if (reasons.length > 0) return reasons;
  const said = failures[0];
  return [
    waitingFor({
      kind: 'namespace-content',
      name: of.target.ref.name,
      message: said === undefined || brokenApis.length > 0 ? 'the namespace controller deletes what is in it' : said,
      remedy: 'Wait; what is left is told as soon as the namespace controller says so.',
      danger,
    }),
  ];
};
