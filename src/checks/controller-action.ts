import type { FindingOf } from '../findings/finding.ts';
import { defineCheck } from './check.ts';
import { actFor, isKnown } from './controller-actions.ts';

type Found = FindingOf<'controller-action'>;
const check = 'controller-action' as const;

const codes = { removes: 'controller-removes', stops: 'controller-stops', leaves: 'controller-leaves' } as const;

export const controllerAction = defineCheck({
  id: check,
  kinds: isKnown,
  needs: ['snapshotContent'],
  find: (_object, { snapshotContent }, { cascade }, target): readonly Found[] => {
    const act = actFor(target, cascade === 'orphan', snapshotContent.policy);
    return act === null ? [] : [{ check, code: codes[act.does], data: { by: act.by, what: act.what }, objects: [] }];
  },
});
