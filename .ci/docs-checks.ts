// The blocks `checks` (one line a check) and `codes` (one line a finding).
import { checksCatalogue } from '../src/findings/catalogue.ts';
import type { Severity } from '../src/findings/finding.ts';
import { table } from './docs-blocks.ts';

interface CodeShown {
  readonly severity: Severity;
  readonly irreversible?: true;
  readonly means: string;
}

const severities: readonly Severity[] = ['blocker', 'warning', 'note'];

const checks = Object.values(checksCatalogue).map((words) => ({
  id: words.id,
  looksAt: words.looksAt,
  codes: Object.entries(words.codes) as readonly (readonly [string, CodeShown])[],
}));

const codesOf = (codes: readonly (readonly [string, CodeShown])[], severity: Severity): string =>
  codes
    .filter(([, words]) => words.severity === severity)
    .map(([code, words]) => `\`${code}\`${words.irreversible === true ? ' (irreversible)' : ''}`)
    .join(', ');

export const renderChecks = (): string =>
  table(['check', 'looks at', ...severities], checks.map(({ id, looksAt, codes }) => [`\`${id}\``, looksAt, ...severities.map((severity) => codesOf(codes, severity))]));

export const renderCodes = (): string =>
  table(
    ['check', 'code', 'severity', 'means'],
    checks.flatMap(({ id, codes }) =>
      codes.map(([code, { severity, irreversible, means }]) => [`\`${id}\``, `\`${code}\``, irreversible === true ? `${severity}, irreversible` : severity, means]),
    ),
  );
