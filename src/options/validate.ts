/**
 * Rules about what cannot be given together or has no such value: the first one broken is the usage error. kubectl's rules keep kubectl's words
 * (kubectl pkg/cmd/delete/delete.go Complete and Validate, delete_flags.go parseCascadingFlag, cli-runtime resource/builder.go).
 */
import { parseBool, parseRequestTimeout } from './go-values.ts';
import { nearest } from './nearest.ts';
import type { ColorMode, OutputFormat } from './options.ts';
import type { Values } from './values.ts';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

export const machineFormats: readonly Exclude<OutputFormat, 'human'>[] = ['json', 'ndjson', 'yaml', 'name'];
export const colorModes: readonly ColorMode[] = ['auto', 'always', 'never'];
export const dryRunValues = ['none', 'client', 'server', 'true', 'false'] as const;
export const cascadeValues = ['background', 'foreground', 'orphan'] as const;

/** The ids that a command line can name; findings/catalogue.ts has them. */
export interface Ids {
  /** Checks and codes that can block, and so be allowed. */
  readonly allowable: ReadonlySet<string>;
  /** Every check and code. */
  readonly known: ReadonlySet<string>;
  readonly checks: ReadonlySet<string>;
}

type Rule = (values: Values, ids: Ids) => Problem | null;

const conflict = (message: string, remedy: string): Problem => ({ code: 'conflicting-flags', message, remedy });
const invalid = (message: string, remedy: string | null): Problem => ({ code: 'invalid-value', message, remedy });

const output: Rule = (values) => {
  const asked = values.text('output') ?? '';
  if (asked === '' || machineFormats.some((format) => format === asked)) return null;
  const meant = nearest(asked, machineFormats);
  return invalid(`unexpected -o output mode: ${asked}; it is one of ${machineFormats.join(', ')}`, meant === null ? null : `did you mean -o ${meant}?`);
};

const dryRun: Rule = (values) => {
  const asked = values.text('dry-run');
  if (asked === null || dryRunValues.some((value) => value === asked)) return null;
  return invalid(`Invalid dry-run value (${asked}). Must be "none", "server", or "client".`, null);
};

const cascade: Rule = (values) => {
  const asked = values.text('cascade');
  if (asked === null || cascadeValues.some((value) => value === asked) || parseBool(asked).ok) return null;
  return invalid(`invalid cascade value (${asked}). Must be "background", "foreground", or "orphan"`, null);
};

/** builder.go FilenameOptions.validate, SelectAllParam; delete.go Validate would say the same in other words, later. */
const selection: Rule = (values) => {
  const [files, kustomize] = [values.list('filename').length > 0, (values.text('kustomize') ?? '') !== ''];
  if (files && kustomize) return conflict('only one of -f or -k can be specified', 'leave out one of them');
  if (kustomize && values.truth('recursive') === true) return conflict("the -k flag can't be used with -f or -R", 'leave out -R: a kustomization names its own files');
  const selectors = ['selector', 'field-selector'].filter((name) => (values.text(name) ?? '').trim() !== '');
  if (values.truth('all') !== true || selectors.length === 0) return null;
  return conflict(`cannot set --all and --${selectors[0] ?? ''} at the same time`, 'leave out --all to delete what the selector matches');
};

const color: Rule = (values) => {
  const asked = values.text('color');
  if (asked === null || colorModes.some((mode) => mode === asked)) return null;
  return invalid(`invalid color value (${asked}); it must be "auto", "always" or "never"`, null);
};

const grace: Rule = (values) => {
  const period = values.number('grace-period') ?? -1;
  const now = values.truth('now') === true;
  if (now && period !== -1) return conflict('--now and --grace-period cannot be specified together', '--now is the same as --grace-period=1; leave out one of them');
  if (values.truth('force') !== true || !(now || period > 0)) return null;
  return conflict(
    '--force and --grace-period greater than 0 cannot be specified together',
    now ? '--now is the same as --grace-period=1; leave out --now or --force' : 'leave out --force to keep the grace period',
  );
};

const times: Rule = (values) => {
  const timeout = values.number('timeout');
  if (timeout !== null && timeout < 0) return invalid('--timeout must not be negative', 'write --timeout=0 for no limit');
  const checks = values.number('check-timeout');
  if (checks !== null && checks <= 0) return invalid('--check-timeout must be greater than 0', null);
  const request = values.text('request-timeout') ?? '';
  if (request === '') return null;
  const milliseconds = parseRequestTimeout(request);
  if (!milliseconds.ok) return invalid(milliseconds.error, 'write for example --request-timeout=30s');
  return milliseconds.value < 0 ? invalid('--request-timeout must not be negative', 'write --request-timeout=0 for no limit') : null;
};

const asking: Rule = (values) => {
  if (values.truth('interactive') !== true) return null;
  const against = [
    values.truth('yes') === true ? '--yes' : null,
    values.text('confirm') === null ? null : '--confirm',
    values.text('confirm-plan') === null ? null : '--confirm-plan',
    values.truth('no-input') === true ? '--no-input' : null,
  ].find((name) => name !== null);
  if (against === undefined) return null;
  return conflict(`--interactive and ${against} cannot be specified together`, `--interactive asks, ${against} ${against === '--no-input' ? 'never asks' : 'answers'}; leave out one of them`);
};

const confirmed: Rule = (values) =>
  values.text('confirm') === '' ? invalid('--confirm needs a name or a number, and got nothing', "write the target's name, or with several targets their number") : null;

/** An id that no check or code has. */
export const unknownId = (where: string, id: string, candidates: ReadonlySet<string>): Problem => {
  const meant = nearest(id, candidates);
  return {
    code: 'unknown-check',
    message: `${where}: no check or code is named "${id}"`,
    remedy: meant === null ? `it is one of ${[...candidates].toSorted().join(', ')}` : `did you mean ${meant}?`,
  };
};

/** An id that there is, and that nothing in the run can be blocked by. */
export const neverBlocks = (id: string): Problem => ({
  code: 'unknown-check',
  message: `--allow: "${id}" cannot be allowed: it never blocks, or it is the API server that refuses`,
  remedy: 'warnings take --yes',
});

/** Whether an id that there is can block depends on the site's policy too, whose file is not read here (policy/allow.ts). */
const allowed: Rule = (values, ids) => {
  const wrong = values.list('allow').find((id) => !ids.known.has(id) && !/^policy\/[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/u.test(id));
  return wrong === undefined ? null : unknownId('--allow', wrong, ids.allowable);
};

const ruled: Rule = (values) => (values.text('policy') === '' ? invalid('--policy needs a file, and got nothing', 'leave it out, or name the file') : null);

const skipped: Rule = (values, ids) => {
  const wrong = values.list('skip').find((id) => !ids.checks.has(id));
  if (wrong === undefined) return null;
  return ids.known.has(wrong)
    ? { code: 'unknown-check', message: `--skip: "${wrong}" is a code; whole checks are skipped`, remedy: 'name the check that it belongs to (kubectl safe-delete explain CODE)' }
    : unknownId('--skip', wrong, ids.checks);
};

const planned: Rule = (values) => {
  const digest = values.text('confirm-plan');
  if (digest === null) return null;
  return /^[0-9a-f]{64}$/u.test(digest) ? null : invalid('--confirm-plan takes the planDigest of a dry run: 64 hexadecimal digits', 'read it with --dry-run -o json');
};

const containerCode: Rule = (values) => {
  const container = values.text('exit-code-from');
  if (container === null) return null;
  if (container === '') return invalid('--exit-code-from needs the name of a container, and got nothing', null);
  if (values.truth('require-clean-exit') === true) return conflict('--exit-code-from and --require-clean-exit cannot be specified together', 'leave out one of them');
  return values.truth('wait') === false ? conflict('--exit-code-from and --wait=false cannot be specified together', 'a code is known only at the end; leave out one of them') : null;
};

const together = (a: string, b: string, why: string): Problem => conflict(`${a} and ${b} cannot be specified together`, `${why}; leave out one of them`);

/** What following alone cannot go with: flags that delete or consent. */
const attached: Rule = (values) => {
  if (values.truth('attach') !== true) return null;
  const bools = ['yes', 'interactive', 'now', 'force', 'evict', 'one-at-a-time', 'skip-blocked'];
  const texts = ['confirm', 'confirm-plan', 'cascade', 'save', 'dry-run'];
  const against = [...bools.filter((name) => values.truth(name) === true), ...texts.filter((name) => !['none', 'false', null].includes(values.text(name)))]
    .concat((values.number('grace-period') ?? -1) >= 0 ? ['grace-period'] : [], values.list('allow').length > 0 ? ['allow'] : [])[0];
  return against === undefined ? null : together('--attach', `--${against}`, '--attach follows what is Terminating already and deletes nothing');
};

const gentle: Rule = (values) => {
  const evict = values.truth('evict') === true;
  const oneByOne = values.truth('one-at-a-time') === true;
  const forced = values.truth('force') === true;
  if (evict && forced) return together('--evict', '--force', '--force does not wait for what --evict asks');
  if (oneByOne && forced) return together('--one-at-a-time', '--force', '--force waits for nothing, --one-at-a-time for every replacement');
  const waits = values.truth('wait') !== false;
  if (oneByOne && !waits) return together('--one-at-a-time', '--wait=false', 'the next pod goes when the last one is back');
  if (values.truth('logs') === true && !waits) return together('--logs', '--wait=false', 'logs are streamed while it waits');
  return values.text('until') === 'ready' && !waits ? together('--until=ready', '--wait=false', '--until says what to wait for') : null;
};

const untilValues: Rule = (values) => {
  const asked = values.text('until');
  return asked === null || asked === 'gone' || asked === 'ready' ? null : invalid(`invalid until value (${asked}); it must be "gone" or "ready"`, null);
};

const saved: Rule = (values) => {
  if (values.text('save') === '') return invalid('--save needs a folder, and got nothing', null);
  return values.truth('save-secrets') === true && values.text('save') === null ? conflict('--save-secrets needs --save', 'name the folder with --save DIR') : null;
};

/** What --report takes. */
export const reportPattern = /^(?:junit|markdown)=./u;

const reported: Rule = (values) => {
  const wrong = values.list('report').find((text) => !reportPattern.test(text));
  return wrong === undefined ? null : invalid(`--report ${wrong}: it takes junit=FILE or markdown=FILE`, 'write for example --report junit=safe-delete.xml');
};

const rules: readonly Rule[] = [output, grace, dryRun, cascade, times, selection, color, confirmed, planned, asking, allowed, ruled, skipped, containerCode, attached, gentle, untilValues, saved, reported];

/** The first broken rule, or null. */
export const firstProblem = (values: Values, ids: Ids): Problem | null => {
  for (const rule of rules) {
    const problem = rule(values, ids);
    if (problem !== null) return problem;
  }
  return null;
};
