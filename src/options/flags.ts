/** Every flag of the command line, as data, in the order in which help and docs show them. */
import { connectionFlagList } from './connection-flag-list.ts';
import { bool, type Flag, type FlagGroup, valued } from './flag.ts';
import { kubectlLaterFlagList, ownLaterFlagList } from './later-flag-list.ts';

export type { Flag, FlagGroup, FlagKind } from './flag.ts';

const consent = { group: 'consent' } as const;
const deletion = { group: 'deletion' } as const;
const selection = { group: 'selection' } as const;
const output = { group: 'output' } as const;

const ownFlagList: readonly Flag[] = [
  valued('selector', 'string', 'SELECTOR', 'delete what has these labels: a=b, a!=b, a in (b,c), a, !a, joined by commas', { ...selection, shorthand: 'l', conflicts: ['all'] }),
  valued('field-selector', 'string', 'SELECTOR', 'delete what has these fields: a=b, a!=b, joined by commas; the kind decides which fields', { ...selection, conflicts: ['all'] }),
  bool('all', 'delete every object of the types', { ...selection, conflicts: ['selector', 'field-selector'] }),
  bool('all-namespaces', 'look in every namespace; only with a selector or --all', { ...selection, shorthand: 'A' }),
  valued('filename', 'slice', 'FILE', 'delete what these files, folders, patterns or URLs hold; -: standard input; can be repeated', { ...selection, shorthand: 'f', conflicts: ['kustomize'] }),
  valued('kustomize', 'string', 'DIR', 'delete what this kustomization builds; needs kubectl in PATH', { ...selection, shorthand: 'k', conflicts: ['filename', 'recursive'] }),
  bool('recursive', 'with -f: folders below the folder too', { ...selection, shorthand: 'R', conflicts: ['kustomize'] }),

  valued('dry-run', 'optional', 'none|client|server', 'make every check, show the plan, delete nothing; bare: server', {
    ...consent, bare: 'server', shownDefault: 'none',
  }),
  bool('yes', 'accept warnings; never a blocker, never what is irreversible', { ...consent, shorthand: 'y', conflicts: ['interactive'] }),
  valued('confirm', 'string', 'NAME|NUMBER', "accept what is irreversible: the target's name, or with several targets their number; implies --yes", {
    ...consent, conflicts: ['interactive'],
  }),
  valued('confirm-plan', 'string', 'DIGEST', 'delete exactly the plan that --dry-run -o json showed for the same command line, or nothing (exit 5)', {
    ...consent, conflicts: ['interactive'],
  }),
  bool('interactive', 'ask even if there is nothing to warn about', { ...consent, shorthand: 'i', conflicts: ['yes', 'confirm', 'confirm-plan', 'no-input'] }),
  bool('no-input', 'never ask; what needs consent exits 3', { ...consent, conflicts: ['interactive'] }),
  valued('allow', 'slice', 'ID[,ID]', 'turn the blockers of this check or code into warnings, which still need consent; can be repeated', consent),
  bool('strict', 'warnings, and checks that could not be made, block (until allowed)', consent),
  valued('skip', 'slice', 'ID[,ID]', 'do not run a check; the report says so, and skipping one that can block is a warning; can be repeated', consent),
  valued('policy', 'string', 'FILE', "a site's rules; else KUBECTL_SAFE_DELETE_POLICY, else kubectl-safe-delete/policy.yaml in the user's config folder", consent),
  bool('skip-blocked', 'delete the targets that nothing stands in the way of, leave the others', consent),

  valued('grace-period', 'int', 'SECONDS', "seconds a pod gets to stop; negative: each pod's own; 0 without --force is 1, and with --force only 0", {
    ...deletion, shownDefault: '-1', conflicts: ['now'],
  }),
  bool('now', 'the same as --grace-period=1', { ...deletion, conflicts: ['grace-period', 'force'] }),
  bool('force', 'remove the object without waiting for its processes to end; its grace period is 0', { ...deletion, conflicts: ['now', 'evict', 'one-at-a-time'] }),
  bool('evict', 'pods go through the Eviction API, so that the server enforces budgets; asked again until --timeout, never turned into a DELETE', { ...deletion, conflicts: ['force'] }),
  bool('one-at-a-time', 'several pods: the next goes when the replacement of the last is Ready; stops at the first failure; --timeout counts for each pod', { ...deletion, conflicts: ['force'] }),
  valued('save', 'string', 'DIR', 'first save every target and what goes with it to this new or empty folder, as YAML to apply, with logs and events', deletion),
  bool('save-secrets', 'with --save: Secrets too', deletion),
  valued('cascade', 'optional', 'STRATEGY', 'background, foreground or orphan: what happens to the dependents', { ...deletion, bare: 'background', shownDefault: 'background' }),
  bool('wait', 'wait until the objects are gone; --wait=false: return when the deletion is accepted', { ...deletion, shownDefault: 'true' }),
  valued('timeout', 'duration', 'DURATION', 'how long to wait, from the first DELETE; 0: no limit; default: longest grace period + 60s, or 10m', deletion),
  valued('until', 'string', 'gone|ready', 'what to wait for; ready: also until what replaces a pod is Ready, exit 10 if it is not within --timeout (default then at least 10m)', { ...deletion, shownDefault: 'gone' }),
  bool('attach', 'follow and explain what is Terminating already; deletes nothing; with --wait=false: the reasons once', deletion),
  bool('ignore-not-found', 'a name that does not exist is not an error', deletion),
  valued('check-timeout', 'duration', 'DURATION', 'longest time for all checks together; what is not answered by then is unknown', { ...deletion, shownDefault: '30s' }),

  valued('exit-code-from', 'string', 'CONTAINER', "one pod: exit with that container's code", { ...output, conflicts: ['require-clean-exit'] }),
  bool('require-clean-exit', 'exit 8 unless every container that ran at the request ended with 0 or by its stop signal', { ...output, conflicts: ['exit-code-from'] }),
  valued('output', 'string', 'json|ndjson|yaml|name', 'a report for programs, on stdout; never asks', { ...output, shorthand: 'o' }),
  valued('report', 'array', 'junit=FILE|markdown=FILE', 'also write findings and outcomes for CI to show, for every exit code; can be repeated', output),
  bool('warnings-as-errors', 'exit 1 if the API server sent warnings', output),
  valued('color', 'string', 'auto|always|never', 'colours', { ...output, shownDefault: 'auto' }),
  bool('logs', 'stream what the containers write while they stop', output),
  bool('plain', 'a line per change, no live area', output),
  valued('v', 'level', 'LEVEL', 'log more to stderr; from 6: each request', { ...output, shorthand: 'v', shownDefault: '0' }),
  bool('version', 'print the version', { group: 'general' }),
  bool('help', 'print this help', { group: 'general', shorthand: 'h' }),
];

/** The flags of this version. */
export const flags: readonly Flag[] = [...ownFlagList, ...connectionFlagList];

/** What the grammar knows: the flags of this version and those that are refused by name. */
export const knownFlags: readonly Flag[] = [...flags, ...kubectlLaterFlagList, ...ownLaterFlagList];

/** Refused only when set to something else than kubectl's default. */
export const harmlessAtDefault: ReadonlySet<string> = new Set(kubectlLaterFlagList.map((flag) => flag.name));

/** The groups that have flags in this version, with their headings, in the order of help and docs. */
export const flagGroups: readonly { readonly group: FlagGroup; readonly title: string }[] = [
  { group: 'selection', title: 'What to delete, as in kubectl' },
  { group: 'consent', title: 'Checks and consent' },
  { group: 'deletion', title: 'Deletion' },
  { group: 'output', title: 'Output' },
  { group: 'connection', title: 'Cluster and user, as in kubectl' },
  { group: 'general', title: 'General' },
];
