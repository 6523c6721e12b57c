/** What a full disk, a reader that goes away, closed streams and signals do to the process itself: a code that is defined, no stack trace, a clean terminal. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { EmbeddedCluster } from '../embedded/embedded.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { inProcess } from '../embedded/in-process.ts';
import { ignoresTerm, Manifests, onTerm } from '../scenario/manifests.ts';
import { programOnPath } from '../scenario/on-this-machine.ts';

const built = process.env['SAFE_DELETE_BIN'];
const program = built === undefined ? `'${process.execPath}' '${fileURLToPath(new URL('../../src/bin.ts', import.meta.url))}'` : `'${built}'`;
const skip = existsSync('/dev/full') ? false : 'no /dev/full here';
const skipTerminal = programOnPath('script') === null ? 'no script(1) here' : false;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const quiet = ({ stdout, stderr }: Ended): void => {
  assert.doesNotMatch(`${stdout}${stderr}`, /\n\s+at .*:\d+|internal error|EPIPE|Unhandled/u);
};

describe('the process', { concurrency: 1 }, () => {
  let cluster: EmbeddedCluster;
  const home = mkdtempSync(join(tmpdir(), 'streams-'));
  let made = 0;

  const pod = async (stubborn = false): Promise<string> => {
    made += 1;
    const name = `p${made}`;
    const manifest = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' }).pod(name, { grace: stubborn ? 20 : 1, containers: [{ command: stubborn ? ignoresTerm : onTerm(0) }] });
    const answer = await inProcess(cluster)('POST', '/api/v1/namespaces/default/pods', manifest);
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
    await new Promise((resolve) => {
      setTimeout(resolve, 300);
    });
    return name;
  };
  const started = async (command: string, onOutput: (text: string) => void = () => undefined): Promise<Ended> =>
    await new Promise((resolve) => {
      const child = spawn('bash', ['-c', command], { env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: cluster.kubeconfig, TERM: 'xterm' }, stdio: ['ignore', 'pipe', 'pipe'] });
      let [stdout, stderr] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        stdout += text;
        onOutput(stdout);
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr += text;
      });
      child.once('close', (code) => {
        resolve({ code, stdout, stderr });
      });
    });
  const isThere = async (name: string): Promise<boolean> => (await inProcess(cluster)('GET', `/api/v1/namespaces/default/pods/${name}`)).status === 200;

  before(async () => {
    cluster = await startEmbedded();
    await inProcess(cluster)('POST', '/api/v1/namespaces/default/serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } });
  });
  after(async () => {
    await cluster.stop();
    rmSync(home, { recursive: true, force: true });
  });

  for (const output of ['', '-o json', '-o ndjson', '-o yaml', '-o name']) {
    test(`does not end with 0 when the disk is full under its result ${output === '' ? 'for people' : output}, and says so`, { skip }, async () => {
      const name = await pod();
      const ended = await started(`${program} pod ${name} -y ${output} >/dev/full`);
      quiet(ended);
      assert.equal(ended.code, 1, ended.stderr);
      assert.match(ended.stderr, /standard output could not be written: no space left on device/u);
      assert.equal(await isThere(name), false, 'the deletion itself went on');
    });
  }

  test('deletes nothing when the disk is full under --report or --save', { skip }, async () => {
    const name = await pod();
    for (const flags of ['--report junit=/dev/full/x', '--save /dev/full', '--save /proc/nowhere', '--report markdown=/proc/nowhere/x']) {
      const ended = await started(`${program} pod ${name} -y ${flags}`);
      quiet(ended);
      assert.equal(ended.code, 1, `${flags}: ${ended.stderr}`);
      assert.equal(await isThere(name), true, flags);
    }
  });

  test('keeps its code with a full disk, or nothing at all, behind a stream that holds no result', { skip }, async () => {
    for (const where of ['2>/dev/full', '2>&-', '>&- 2>&-', '>&-', '<&-']) {
      const name = await pod();
      const ended = await started(`${program} pod ${name} -y -o json ${where}`);
      quiet(ended);
      assert.equal(ended.code, 0, where);
      assert.equal(await isThere(name), false, where);
    }
  });

  test('ends with 141 for a reader that goes away', async () => {
    const name = await pod();
    const ended = await started(`${program} pod ${name} -y -o ndjson | head -1; exit \${PIPESTATUS[0]}`);
    quiet(ended);
    assert.equal(ended.code, 141, ended.stderr);
  });

  for (const [signal, code] of [['INT', 130], ['TERM', 143], ['HUP', 129]] as const) {
    test(`leaves a terminal clean after SIG${signal} in the middle of its live view, and after a second one`, { skip: skipTerminal }, async () => {
      for (const times of [1, 2]) {
        const name = await pod(true);
        const pidFile = join(home, `pid-${signal}-${times}`);
        let sent = false;
        const ended = await started(`script -qefc "stty cols 80 rows 24; echo \\$\\$ > ${pidFile}; exec ${program} pod ${name} -y" /dev/null`, (text) => {
          if (sent || !text.includes('\u001b[?25l')) return;
          sent = true;
          for (let n = 0; n < times; n += 1) process.kill(Number(readFileSync(pidFile, 'utf8')), `SIG${signal}`);
        });
        quiet(ended);
        assert.ok(sent, ended.stdout);
        assert.equal(ended.code, code, ended.stdout);
        assert.ok(ended.stdout.lastIndexOf('\u001b[?25h') > ended.stdout.lastIndexOf('\u001b[?25l'), 'the cursor is shown again');
        await inProcess(cluster)('DELETE', `/api/v1/namespaces/default/pods/${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 });
      }
    });
  }
});
