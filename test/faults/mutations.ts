/**
 * npm run mutations: takes out the most dangerous lines of the product one by one, in a copy, and shows which test notices. Exit 1 when
 * one is missed, or when a line that is named here is not there any more.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Mutation {
  /** What is taken out. */
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  /** The test that has to fail: a test file, or random runs of the model. */
  readonly noticedBy: string | { readonly seed: number; readonly runs: number };
}

const root = fileURLToPath(new URL('../..', import.meta.url));

const mutations: readonly Mutation[] = [
  { what: 'the uid precondition of a DELETE', file: 'src/facts/ask-server.ts', from: '  preconditions: { uid },\n', to: '', noticedBy: 'test/deletion/delete.test.ts' },
  { what: 'the options in the body', file: 'src/cluster/transport.ts', from: "accept: JSON_TYPE, body: text, purpose: 'request' }", to: "accept: JSON_TYPE, body: null, purpose: 'request' }", noticedBy: 'test/transport/verbs.test.ts' },
  { what: 'the compare of uids while following', file: 'src/termination/follow-target.ts', from: 'if (object.metadata.uid !== this.uid) {', to: 'if (object.metadata.uid === "") {', noticedBy: 'test/run/following.test.ts' },
  { what: 'the compare of uids after a lost answer', file: 'src/deletion/delete.ts', from: 'now.value.metadata.uid !== ref.uid', to: 'now.value.metadata.uid === ""', noticedBy: 'test/deletion/delete.test.ts' },
  { what: 'the gate of consent', file: 'src/plan/consent.ts', from: "if (needed === 'none') return", to: 'if (flags !== null) return', noticedBy: 'test/plan/consent.test.ts' },
  { what: '--yes is not enough for what is irreversible', file: 'src/plan/consent.ts', from: "if (needed === 'yes' && flags.yes)", to: 'if (flags.yes)', noticedBy: 'test/plan/consent.test.ts' },
  { what: 'a mistyped --confirm stops', file: 'src/plan/consent.ts', from: 'flags.confirm !== null && flags.confirm !== plan.confirmWord', to: 'flags.confirm === ""', noticedBy: 'test/plan/consent.test.ts' },
  { what: 'the refusal of a blocked plan', file: 'src/plan/consent.ts', from: "if (plan.verdict === 'refuse') {", to: 'if (plan.targets.length < 0) {', noticedBy: 'test/plan/consent.test.ts' },
  { what: 'the gate of a dry run', file: 'src/run/run.ts', from: "if (input.options.dryRun !== 'none') {", to: "if (input.options.checkTimeoutMs < 0) {", noticedBy: { seed: 1, runs: 60 } },
  { what: 'dryRun All in what is only asked', file: 'src/facts/ask-server.ts', from: "...(options.dryRun ? { dryRun: ['All'] as const } : {}),", to: '', noticedBy: { seed: 1, runs: 60 } },
  { what: '404 counts only when it names the object', file: 'src/facts/absence.ts', from: " && (problem.details?.name ?? '') !== ''", to: '', noticedBy: 'test/deletion/delete.test.ts' },
  { what: 'a lost answer to a DELETE is looked into', file: 'src/deletion/delete.ts', from: 'if (uidConflict || uncertain) {', to: 'if (uidConflict) {', noticedBy: 'test/deletion/delete.test.ts' },
  { what: 'what was refused by admission is not tried again', file: 'src/deletion/delete.ts', from: 'const isPassing = (problem: Problem): boolean => {\n  if (isDenial(problem)) return false;', to: 'const isPassing = (problem: Problem): boolean => {', noticedBy: 'test/deletion/delete.test.ts' },
  { what: 'what happened after a watch was lost is read', file: 'src/termination/watch-objects.ts', from: 'if (gap) void lookAgain(reader, scope, limits, tell);', to: '', noticedBy: 'test/termination/watch-objects.test.ts' },
  { what: 'a lasting refusal to read is told', file: 'src/termination/watch-objects.ts', from: "if (problem !== null) tell({ type: 'unobservable', problem });", to: '', noticedBy: 'test/termination/watch-objects.test.ts' },
  { what: '--timeout ends the wait', file: 'src/run/delete.ts', from: "clock.sleep(limitMs, until)", to: 'clock.sleep(limitMs * 3, until)', noticedBy: { seed: 1, runs: 400 } },
  { what: 'the whole run stops for one blocked target', file: 'src/plan/decide.ts', from: 'flags.skipBlocked && unblocked.length > 0 ? unblocked : all', to: 'unblocked.length > 0 ? unblocked : all', noticedBy: 'test/run/consent.test.ts' },
  { what: 'old facts are read again', file: 'src/run/run.ts', from: 'const FACTS_HOLD_MS = 10_000;', to: 'const FACTS_HOLD_MS = 10_000_000;', noticedBy: 'test/run/consent.test.ts' },
  { what: 'a code that was not reported stays unknown', file: 'src/termination/container-ends.ts', from: 'if (ended !== undefined && !isPlaceholder(ended))', to: 'if (ended !== undefined)', noticedBy: 'test/termination/container-ends.test.ts' },
  { what: "the server's certificate is verified", file: 'src/cluster/dial.ts', from: 'rejectUnauthorized: !ask.insecure,', to: 'rejectUnauthorized: false,', noticedBy: 'test/transport/faults.test.ts' },
  { what: 'control characters are stripped', file: 'src/report/printable.ts', from: 'export const printable = (', to: 'export const printable = (text: string): string => text;\nexport const unused = (', noticedBy: 'test/report/printable.test.ts' },
  { what: 'whole runs through a hostile cluster notice it too', file: 'src/report/printable.ts', from: 'export const printable = (', to: 'export const printable = (text: string): string => text;\nexport const unused = (', noticedBy: 'test/safety/hostile-cluster.test.ts' },
  { what: 'a machine format shows controls as escapes', file: 'src/report/printable.ts', from: 'JSON.stringify(value, null, indent).replace(RISKY, (c) =>', to: 'JSON.stringify(value, null, indent).replace(/\\u0001/gu, (c) =>', noticedBy: 'test/safety/hostile-cluster.test.ts' },
  { what: 'names of saved files are plain', file: 'src/save/names.ts', from: "text.replaceAll(/[^A-Za-z0-9._-]/gu, '_').replace(/^\\./u, '_')", to: 'text', noticedBy: 'test/safety/hostile-cluster.test.ts' },
  { what: 'completion offers plain names only', file: 'src/completion/complete.ts', from: "text !== '' && printable(text) === text", to: "text !== ''", noticedBy: 'test/safety/hostile-cluster.test.ts' },
  { what: 'half a pair of a server ends no run', file: 'src/cluster/paths.ts', from: ".replaceAll(/\\p{Cs}/gu, '\\ufffd')", to: '', noticedBy: 'test/safety/hostile-cluster.test.ts' },
  { what: 'the password of a URL is not shown', file: 'src/model/shown-url.ts', from: ':xxxxx', to: '${userinfo.slice(colon)}', noticedBy: 'test/safety/secrets.test.ts' },
  { what: 'nor that of a server', file: 'src/connection/server-url.ts', from: "server.replace(/^([a-zA-Z][a-zA-Z0-9+.-]*:\\/\\/|)[^/?#]*@/u, '$1')", to: 'server', noticedBy: 'test/safety/secrets.test.ts' },
  { what: 'what is saved is for its owner', file: 'src/save/save.ts', from: 'const FILE_MODE = 0o600;', to: 'const FILE_MODE = 0o644;', noticedBy: 'test/safety/secrets.test.ts' },
  { what: 'a bomb in a kubeconfig is a sentence', file: 'src/connection/kubeconfig-text.ts', from: 'if (error instanceof ReferenceError) return', to: 'if (error === null) return', noticedBy: 'test/fuzz/hostile.test.ts' },
  { what: 'lists in lists end somewhere', file: 'src/targets/manifests.ts', from: 'if (depth >= DEEPEST_LIST) return null;', to: '', noticedBy: 'test/fuzz/hostile.test.ts' },
  { what: 'a result that could not be written is no success', file: 'src/bin.ts', from: 'unwritten !== null && code === 0 ? 1 : code', to: 'code', noticedBy: 'test/safety/streams.test.ts' },
  { what: 'a name is no path', file: 'src/targets/words.ts', from: "if (name === '.' || name === '..') return", to: "if (name === '') return", noticedBy: 'test/safety/hostile-cluster.test.ts' },
];

const run = (directory: string, { noticedBy }: Mutation): boolean => {
  const args = typeof noticedBy === 'string' ? ['--test', '--test-timeout=60000', noticedBy] : ['test/faults/cli.ts', '--seed', String(noticedBy.seed), '--runs', String(noticedBy.runs)];
  return spawnSync(process.execPath, args, { cwd: directory, timeout: 240_000, stdio: 'ignore' }).status === 0;
};

const title = ({ noticedBy }: Mutation): string => (typeof noticedBy === 'string' ? noticedBy : `npm run faults -- --seed ${noticedBy.seed} --runs ${noticedBy.runs}`);

const copy = mkdtempSync(join(tmpdir(), 'mutations-'));
const only = process.argv[2];
let missed = 0;
try {
  for (const part of ['src', 'test', 'schema', 'package.json', 'tsconfig.json', 'docs', 'README.md', 'CHANGELOG.md', 'bin', 'krew-manifest.yaml', '.ci']) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const chosen = mutations.filter((m) => only === undefined || m.what.includes(only));
  const sound = new Map<string, boolean>();
  for (const mutation of chosen) {
    if (!sound.has(title(mutation))) sound.set(title(mutation), run(copy, mutation));
    const file = join(copy, mutation.file);
    const text = readFileSync(file, 'utf8');
    const verdict = ((): string => {
      if (text.split(mutation.from).length !== 2) return 'MISSED: the line is not there (any more)';
      if (sound.get(title(mutation)) !== true) return 'MISSED: the test fails without it too';
      writeFileSync(file, text.replace(mutation.from, () => mutation.to));
      const passed = run(copy, mutation);
      writeFileSync(file, text);
      return passed ? 'MISSED' : 'noticed';
    })();
    if (verdict !== 'noticed') missed += 1;
    console.log(`${verdict.padEnd(8)} ${mutation.what} (${mutation.file}) by ${title(mutation)}`);
  }
  console.log(`${chosen.length - missed} of ${chosen.length} noticed`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exitCode = missed === 0 ? 0 : 1;
