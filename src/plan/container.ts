/** Whether --exit-code-from can be answered by this plan: one pod that has the container. Pure. */
import { isPodKind } from '../model/pod.ts';
import type { Pod } from '../model/wire.ts';
import type { Plan } from './plan.ts';

export interface ContainerProblem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** null: it can. Init, sidecar and ephemeral containers count as well. */
export const containerProblem = (plan: Plan, container: string): ContainerProblem | null => {
  const [target, ...others] = plan.targets;
  if (target === undefined) return null;
  const count = plan.targets.length + plan.missing.length;
  if (others.length > 0 || count > 1) return { code: 'several-targets', message: `--exit-code-from takes one pod, and the command names ${count} objects`, remedy: 'name one pod, or read the codes in the report of -o json' };
  const { ref, object } = target.target;
  if (!isPodKind(ref)) return { code: 'not-a-pod', message: `--exit-code-from takes a pod, and ${ref.kind} ${ref.name} has no containers`, remedy: null };
  const { spec } = object as Pod;
  const names = [...(spec?.containers ?? []), ...(spec?.initContainers ?? []), ...(spec?.ephemeralContainers ?? [])].map((c) => c.name);
  return names.includes(container) ? null : { code: 'unknown-container', message: `pod ${ref.name} has no container "${container}"`, remedy: `it is one of ${names.join(', ')}` };
};
