/** One case: one whole small cluster, and every code that all checks together give for it. */
import { checks, factsNeeded, runChecks } from '../../src/checks/checks.ts';
import type { Given, Selection } from '../../src/facts/fact.ts';
import type { Site } from '../../src/facts/site.ts';
import { gather } from '../../src/facts/gather.ts';
import type { Problem } from '../../src/cluster/port.ts';
import type { CheckId, Code, Finding } from '../../src/findings/finding.ts';
import type { Target } from '../../src/model/target.ts';
import type { KubeObject, Pod } from '../../src/model/wire.ts';
import { fakeReader } from '../facts/fake-reader.ts';
import type { CustomKind, FakeReader, Trouble } from '../facts/fake-reader.ts';
import { NOW, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';

export interface Case {
  /** What must be true, as a sentence. */
  readonly says: string;
  /** The target that is judged, where it is a pod. */
  readonly pod?: Pod;
  /** The target that is judged, of any kind; `pod` or this. */
  readonly object?: KubeObject;
  /** Other targets of the same run. */
  readonly also?: readonly KubeObject[];
  /** What else the cluster has. */
  readonly objects?: readonly KubeObject[];
  readonly kinds?: readonly CustomKind[];
  readonly troubles?: readonly Trouble[];
  readonly denied?: readonly string[];
  readonly grantedBy?: string;
  readonly dryRun?: Problem;
  /** Who the caller is to the cluster. */
  readonly self?: { readonly user: string; readonly groups: readonly string[] };
  /** --dry-run=client: only reads. */
  readonly readsOnly?: true;
  readonly force?: boolean;
  readonly cascade?: Given['cascade'];
  readonly evict?: true;
  /** What chose the targets, where they are not named. */
  readonly selection?: Partial<Selection>;
  readonly grace?: number;
  /** The rules of a policy in force. */
  readonly site?: Site;
  /** All codes for `pod`, of all checks, in any order: what is not here must not be found. */
  readonly codes: readonly Code[];
  /** All checks that could not be made for `pod`. */
  readonly unknown?: readonly CheckId[];
  /** Parts of the data of the finding of this check, where the code alone says too little. */
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Every code of the check is in `found`; `clear` holds its quiet neighbours. */
export interface CheckCases {
  readonly check: CheckId;
  readonly found: readonly Case[];
  readonly clear: readonly Case[];
  readonly unknown: readonly Case[];
}

export interface Judged {
  readonly findings: readonly Finding[];
  readonly unknown: readonly CheckId[];
  readonly notApplicable: readonly CheckId[];
  readonly requests: readonly string[];
}

const byName: Selection = { all: false, allNamespaces: false, labelSelector: null, fieldSelector: null, manifests: false, namespaceGiven: false };

/** Reads the facts for all targets through the reader and runs every check on the first one. */
export const judge = async (targets: readonly [Target, ...Target[]], reader: FakeReader, flags: Pick<Case, 'force' | 'grace' | 'readsOnly' | 'site' | 'cascade' | 'evict' | 'selection'> = {}): Promise<Judged> => {
  const clock = drivenClock(NOW);
  const given: Given = { targets, now: NOW, force: flags.force ?? false, gracePeriodSeconds: flags.grace ?? null, cascade: flags.cascade ?? 'background', evict: flags.evict ?? false, selection: { ...byName, ...flags.selection }, mayProbe: flags.readsOnly !== true, site: flags.site ?? null };
  const seen = await driveUntil(clock, gather(reader, factsNeeded(checks), given, { clock, timeoutMs: 30_000, signal: new AbortController().signal }), 60_000);
  if (clock.pending() > 0) throw new Error('gather left a timer behind');
  const outcomes = runChecks(targets[0], given, seen);
  return {
    findings: outcomes.flatMap((o) => o.findings),
    unknown: outcomes.filter((o) => o.unread.length > 0 || (o.unanswered ?? []).length > 0).map((o) => o.id),
    notApplicable: outcomes.filter((o) => o.notApplicable !== null).map((o) => o.id),
    requests: reader.requests,
  };
};

/** The object that the case judges. */
export const judgedObject = (c: Case): KubeObject => {
  const of = c.pod ?? c.object;
  if (of === undefined) throw new Error(`no target: ${c.says}`);
  return of;
};

export const judgeCase = async (c: Case): Promise<Judged> => {
  const of = judgedObject(c);
  const also = c.also ?? [];
  const asTarget = (o: KubeObject): Target => target(o, c.kinds);
  return await judge([asTarget(of), ...also.map(asTarget)], fakeReader([of, ...also, ...(c.objects ?? [])], c), c);
};
