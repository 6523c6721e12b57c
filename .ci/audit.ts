/**
 * Asks the registry for advisories about the packages of package-lock.json. High and critical ones fail. A registry that does not answer
 * is said and counted as skipped: whether somebody else's service is up decides nothing.
 */
import { spawnSync } from 'node:child_process';

interface Audit {
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
  readonly vulnerabilities?: Readonly<Record<string, { readonly severity: string; readonly range: string }>>;
}

const ran = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', timeout: 90_000, shell: process.platform === 'win32' });
const answer = ((): Audit => {
  try {
    return JSON.parse(ran.stdout) as Audit;
  } catch {
    return {};
  }
})();
const counts = answer.metadata?.vulnerabilities;
if (counts === undefined) {
  console.log('the registry gives no advisories: not audited');
  // As the summary of node's test runner, which .ci/run counts.
  console.log('ℹ skipped 1');
} else {
  for (const [name, { severity, range }] of Object.entries(answer.vulnerabilities ?? {})) console.log(`${severity}: ${name} ${range}`);
  const grave = (counts['high'] ?? 0) + (counts['critical'] ?? 0);
  console.log(`${counts['total'] ?? 0} advisories, ${grave} of them high or critical`);
  process.exitCode = grave === 0 ? 0 : 1;
}
