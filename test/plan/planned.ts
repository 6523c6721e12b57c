/** Plans made from findings, without a cluster. */
import type { CheckOutcome } from '../../src/checks/checks.ts';
import type { Unread } from '../../src/facts/want.ts';
import type { CheckId, Finding } from '../../src/findings/finding.ts';
import { decide } from '../../src/plan/decide.ts';
import type { JudgedTarget, PlanFlags } from '../../src/plan/decide.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { KubeObject } from '../../src/model/wire.ts';
import { pod, target } from '../model/objects.ts';

const set = { group: 'apps', version: 'v1', kind: 'StatefulSet', resource: 'statefulsets', namespace: 'shop', name: 'db', uid: 'uid-db' };

/** One finding of each kind of weight. */
export const note: Finding = { check: 'owner-controller', code: 'recreated', data: { owner: set, top: set, sameName: true, meant: 'scale', replicas: 3 }, objects: [set] };
export const warning: Finding = { check: 'owner-controller', code: 'bare-pod', data: { phase: 'Running' }, objects: [] };
export const blocker: Finding = { check: 'stateful-set', code: 'forced-identity', data: { set, by: 'force', node: 'node-1', nodeReady: true }, objects: [set] };
/** Of all targets together, told at the first. */
export const wholeRun: Finding = { check: 'scope', code: 'all-in-all-namespaces', data: { count: 2, namespaces: 2 }, objects: [] };
/** Refused by the server itself. */
export const final: Finding = { check: 'admission', code: 'denied', data: { by: 'guard', message: 'no', httpStatus: 403 }, objects: [] };

export const plainFlags: PlanFlags = { allow: [], strict: false, skipBlocked: false, force: false, interactive: false, gracePeriodSeconds: null, cascade: 'background' };

export const outcome = (id: CheckId, findings: readonly Finding[], more: Partial<CheckOutcome> = {}): CheckOutcome => ({ id, notApplicable: null, skipped: false, findings, unread: [], ...more });

export const unread = (id: CheckId, why = 'no right', denied = true): CheckOutcome => {
  const failed: Unread = { verb: 'get', group: '', resource: 'nodes', namespace: null, why, denied };
  return outcome(id, [], { unread: [failed] });
};

export const judged = (of: KubeObject | string, findings: readonly Finding[] = [], more: readonly CheckOutcome[] = []): JudgedTarget => ({
  target: target(typeof of === 'string' ? pod(of) : of),
  outcomes: [...findings.map((f) => outcome(f.check, [f])), ...more],
  owners: [],
  recreatedBy: null,
  ephemeral: false,
});

export const planOf = (targets: readonly JudgedTarget[], flags: Partial<PlanFlags> = {}, timeoutSeconds: number | null = null): Plan => decide(targets, [], { ...plainFlags, ...flags }, timeoutSeconds);
