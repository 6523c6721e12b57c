/** Parts of recorded runs: objects, findings and events as the engine gives them. */
import type { ContainerEnd, Event, Outcome, Phase, Evidence } from '../../../src/events/event.ts';
import type { CheckId, Finding } from '../../../src/findings/finding.ts';
import type { Ref } from '../../../src/model/ref.ts';
import type { Pod } from '../../../src/model/wire.ts';
import type { CheckResult, Plan, PlannedFinding, PlannedTarget, Verdict } from '../../../src/plan/plan.ts';
import type { RunHeader } from '../../../src/report/wire.ts';

/** When every recorded run starts: 2026-11-21T12:00:00Z. */
export const START = Date.UTC(2026, 10, 21, 12);

/** Seconds after the start, as milliseconds since 1970. */
export const at = (seconds: number): number => START + Math.round(seconds * 1000);

export interface RecordedRun {
  /** The golden file's name. */
  readonly name: string;
  /** What was typed after `kubectl safe-delete`. */
  readonly command: string;
  readonly dryRun: 'none' | 'client' | 'server';
  readonly header: RunHeader;
  readonly events: readonly Event[];
  readonly finishedAt: number;
  readonly exitCode: number;
  /** Seconds after the start at which the golden file shows the live view. */
  readonly moments?: readonly number[];
}

export const header = (changed: Partial<RunHeader> = {}, options: Partial<RunHeader['options']> = {}): RunHeader => ({
  toolVersion: '0.1.0',
  startedAt: START,
  dryRun: false,
  ignoreNotFound: false,
  context: { name: 'prod-eu', cluster: 'prod-eu', server: 'https://api.prod-eu.example.com:6443', user: 'alice', namespace: 'shop' },
  options: { gracePeriodSeconds: null, cascade: 'background', evict: false, wait: true, timeoutSeconds: null, until: 'gone', ...options },
  ...changed,
});

let serial = 0;
const uid = (name: string): string => {
  const hex = Array.from(name).reduce((sum, c) => (sum * 31 + (c.codePointAt(0) ?? 0)) % 0xffffff, 7).toString(16).padStart(6, '0');
  return `00000000-0000-4000-8000-000000${hex}`;
};

export const ref = (kind: string, name: string, group = ''): Ref & { readonly uid: string } => ({
  group,
  version: 'v1',
  kind,
  resource: `${kind.toLowerCase()}s`,
  namespace: kind === 'Node' || kind === 'PersistentVolume' ? null : 'shop',
  name,
  uid: uid(`${kind}/${name}`),
});

export const podRef = (name: string): Ref & { readonly uid: string } => ref('Pod', name);

/** A second pod of the same name: another uid. */
export const successor = (of: Ref): Ref & { readonly uid: string } => ({ ...of, uid: uid(`successor ${of.name} ${serial++}`) });

const podObject = (name: string, grace: number, preStop: boolean, parts: Pick<Pod, 'spec' | 'status'> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', uid: podRef(name).uid },
  spec: {
    nodeName: 'node-1',
    terminationGracePeriodSeconds: grace,
    containers: [{ name: 'app', image: 'app:1', ...(preStop ? { lifecycle: { preStop: { sleep: { seconds: 5 } } } } : {}) }],
    ...parts.spec,
  },
  ...(parts.status === undefined ? {} : { status: parts.status }),
});

const ALL_CHECKS: readonly CheckId[] = ['owner-controller', 'stateful-set', 'persistent-volume-claims', 'finalizers', 'node-readiness', 'terminating', 'mirror-pod'];

export const found = (
  finding: Finding,
  severity: PlannedFinding['severity'],
  message: string,
  remedy: string,
  more: Partial<Pick<PlannedFinding, 'irreversible' | 'commands' | 'pass' | 'originalSeverity' | 'changedBy'>> = {},
): PlannedFinding => ({
  check: finding.check,
  code: finding.code,
  finding,
  severity,
  originalSeverity: severity,
  changedBy: null,
  irreversible: false,
  message,
  remedy,
  commands: [],
  pass: null,
  ...more,
});

export interface PodSketch {
  readonly findings?: readonly PlannedFinding[];
  readonly unknown?: readonly CheckResult[];
  readonly verdict?: Verdict;
  readonly grace?: number;
  readonly preStop?: boolean;
  readonly object?: Pick<Pod, 'spec' | 'status'>;
}

/** A pod in a plan; checks without a finding have passed. */
export const plannedPod = (name: string, sketch: PodSketch = {}): PlannedTarget => {
  const findings = sketch.findings ?? [];
  const unknown = sketch.unknown ?? [];
  const grace = sketch.grace ?? 30;
  return {
    target: { ref: podRef(name), object: podObject(name, grace, sketch.preStop ?? false, sketch.object) },
    findings,
    checks: ALL_CHECKS.map(
      (id) =>
        unknown.find((c) => c.id === id) ?? { id, status: findings.some((f) => f.check === id) ? 'found' : 'passed', reason: null, missingRights: [] },
    ),
    verdict: sketch.verdict ?? 'proceed',
    owners: [],
    recreatedBy: null,
    gracePeriodSeconds: grace,
  };
};

const ORDER: readonly Verdict[] = ['proceed', 'ask', 'confirm', 'refuse'];

export const plan = (targets: readonly PlannedTarget[], more: Partial<Plan> = {}): Event => {
  const verdict = ORDER.findLast((v) => targets.some((t) => t.verdict === v)) ?? 'proceed';
  return {
    type: 'plan',
    at: at(0),
    serverVersion: 'v1.36.3',
    plan: {
      targets,
      missing: [],
      verdict,
      confirmWord: targets.length === 1 ? (targets[0]?.target.ref.name ?? '') : String(targets.length),
      digest: verdict === 'refuse' ? null : '5f1c8a7be0d9436e',
      timeoutSeconds: 90,
      ...more,
    },
  };
};

export const phase = (of: Ref, seconds: number, name: Phase, message: string, evidence: Evidence = 'observed', container?: string): Event => ({
  type: 'phase', at: at(seconds), ref: of, phase: name, evidence, message, ...(container === undefined ? {} : { container }),
});

/** A container that runs, in a pod's status. */
export const runs = (name: string): NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number] => ({
  name, ready: true, restartCount: 0, image: `${name}:1`, imageID: `${name}:1`, containerID: `containerd://${name}`, state: { running: { startedAt: '2026-11-21T11:00:00Z' } },
});

export const outcome = (of: Ref, seconds: number, name: Outcome): Event => ({ type: 'outcome', at: at(seconds), ref: of, outcome: name, error: null });

export const requested = (of: Ref, seconds: number): Event => ({ type: 'requested', at: at(seconds), ref: of });

/** The DELETE, and what the server answers to it. */
export const accepted = (of: Ref, seconds: number, grace = 30): readonly Event[] => [
  requested(of, seconds),
  { type: 'deadline', at: at(seconds + 0.1), ref: of, deadline: new Date(at(seconds + grace)).toISOString(), gracePeriodSeconds: grace },
  phase(of, seconds + 0.1, 'accepted', grace === 0 ? 'marked for deletion without a grace period' : `marked for deletion; ${grace} s of grace, until ${new Date(at(seconds + grace)).toISOString().replace('.000', '')}`),
];

export const container = (of: Ref, seconds: number, name: string, end: Partial<ContainerEnd>): Event => ({
  type: 'container',
  at: at(seconds),
  ref: of,
  container: {
    name,
    type: 'app',
    exitCode: 0,
    signal: null,
    stopSignal: 'SIGTERM',
    reason: 'Completed',
    verdict: 'exited-cleanly',
    meaning: 'exited cleanly',
    endedBefore: false,
    startedAt: new Date(at(-3600)).toISOString(),
    finishedAt: null,
    logEndedAt: null,
    secondsAfterRequest: null,
    order: null,
    ...end,
  },
});
