/** What --attach follows, for people: no plan, because nothing is going to be done. */
import { typeSlashName } from '../../model/ref.ts';
import type { Plan, PlannedTarget } from '../../plan/plan.ts';
import type { RunHeader } from '../wire.ts';
import { indented, leading, line, span, type Line } from './line.ts';
import { contextText, periodText } from './words.ts';

/** More targets than this are counted, not listed. */
const LISTED = 10;

const targetLines = ({ target: { ref, object }, gracePeriodSeconds }: PlannedTarget, header: RunHeader): readonly Line[] => {
  const { deletionTimestamp } = object.metadata;
  const elsewhere = ref.namespace !== null && ref.namespace !== header.context.namespace ? ` in namespace ${ref.namespace}` : '';
  const name = span(`${typeSlashName(ref)}${elsewhere}`, 'bold');
  if (deletionTimestamp === undefined) return [line(name, ': not Terminating')];
  const grace = gracePeriodSeconds === null || gracePeriodSeconds === 0 ? `since ${deletionTimestamp}` : `its grace period of ${periodText(gracePeriodSeconds)} ends at ${deletionTimestamp}`;
  return [line(name, `: Terminating, ${grace}`)];
};

/** The lines before the first change. */
export const attachedLines = (plan: Plan, header: RunHeader): readonly Line[] => {
  if (plan.targets.length === 0) return [];
  const wait = header.options.wait ? (plan.timeoutSeconds === 0 ? 'without a limit' : `for up to ${periodText(plan.timeoutSeconds)}`) : 'once';
  const more = plan.targets.length - LISTED;
  return [
    line(contextText(header.context)),
    ...plan.targets.slice(0, LISTED).flatMap((t) => targetLines(t, header)),
    ...(more > 0 ? [indented(span(`and ${more} more`, 'dim'))] : []),
    ...plan.missing.map((m) => line(span(typeSlashName(m.ref), 'bold'), ': not found')),
    leading(span('follows', 'dim'), `${wait}; nothing is deleted`),
  ];
};
