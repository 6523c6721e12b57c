/**
 * `npm run demo`: a cluster in this process, workloads on it, and the plugin's real output on each of them. Nothing has to be installed.
 * `npm run demo -- --keep` leaves the cluster running and prints the KUBECONFIG to play with.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbedded } from '../embedded/embedded.ts';
import { namespace, workloads } from './workloads.ts';

interface Step {
  readonly says: string;
  readonly args: readonly string[];
  readonly code: number;
}

const binDirectory = new URL('../../bin/', import.meta.url).pathname;
const executable = join(binDirectory, 'kubectl-safe_delete');

const kubectl = (process.env['PATH'] ?? '').split(delimiter).find((folder) => {
  try {
    accessSync(join(folder, 'kubectl'), constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

const plural: Readonly<Record<string, string>> = { Namespace: 'api/v1/namespaces', Pod: `api/v1/namespaces/${namespace}/pods`, Deployment: `apis/apps/v1/namespaces/${namespace}/deployments`, StatefulSet: `apis/apps/v1/namespaces/${namespace}/statefulsets` };

const keep = process.argv.includes('--keep');
const cluster = await startEmbedded();
interface Kubeconfig {
  readonly users: readonly { readonly user: { readonly token?: string } }[];
}
const kubeconfig = JSON.parse(await readFile(cluster.kubeconfig, 'utf8')) as Kubeconfig;
const token = kubeconfig.users[0]?.user.token ?? '';

const api = async (method: string, path: string, body?: object): Promise<unknown> =>
  await new Promise((resolve, reject) => {
    const call = request(`${cluster.server}/${path}`, { method, ca: cluster.caPem, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve(JSON.parse(text));
        else reject(new Error(`${method} ${path}: ${text}`));
      });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string }; readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }[];
}

const pods = async (): Promise<Listed['items']> => ((await api('GET', `api/v1/namespaces/${namespace}/pods`)) as Listed).items;

/** Everything runs: 2 of web, 3 of db, and the two bare pods. */
const allReady = async (): Promise<void> => {
  for (;;) {
    const ready = (await pods()).filter((p) => (p.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True'));
    if (ready.length === 7) return;
    await sleep(100);
  }
};

const plugin = async (args: readonly string[]): Promise<number> =>
  await new Promise((resolve, reject) => {
    const [command, all] = kubectl === undefined ? [process.execPath, [executable, ...args]] : ['kubectl', ['safe-delete', ...args]];
    const child = spawn(command, all, { stdio: 'inherit', env: { ...process.env, KUBECONFIG: cluster.kubeconfig, PATH: `${binDirectory}${delimiter}${process.env['PATH'] ?? ''}` } });
    child.once('error', reject);
    child.once('close', (code) => {
      resolve(code ?? 1);
    });
  });

const show = async (step: Step): Promise<void> => {
  console.log(`\n${'─'.repeat(72)}\n${step.says}\n\n$ kubectl safe-delete ${step.args.join(' ')}`);
  const code = await plugin(step.args);
  console.log(`[exit code ${code}]`);
  if (code !== step.code) {
    console.error(`expected exit code ${step.code}`);
    process.exitCode = 1;
  }
};

for (const workload of workloads) {
  const kind = (workload as { readonly kind: string }).kind;
  await api('POST', plural[kind] ?? '', workload);
}
await allReady();

console.log(`An embedded cluster runs in this process, with a Deployment, a StatefulSet and two bare pods in namespace ${namespace}.`);
console.log(kubectl === undefined ? 'There is no kubectl here: the executable itself is called, as kubectl would.' : 'The plugin is called through the kubectl on this machine.');

const web = (await pods()).find((p) => p.metadata.name.startsWith('web-'))?.metadata.name ?? 'web';
const inNamespace = ['-n', namespace];

await show({ says: 'An ordinary deletion: the Deployment replaces the pod, so there is nothing to ask.', args: ['pod', web, ...inNamespace], code: 0 });
await show({ says: 'What would happen? A dry run is the same path, stopped at the plan.', args: ['pod', 'report', ...inNamespace, '--dry-run'], code: 3 });
await show({ says: 'Nothing recreates this one, so it needs consent (--yes). Its containers end in three ways.', args: ['pod', 'report', ...inNamespace, '--yes'], code: 0 });
await show({ says: 'Refused: forcing a StatefulSet\'s pod away can give two writers with one identity.', args: ['pod', 'db-2', ...inNamespace, '--force', '--grace-period=0'], code: 2 });
await show({ says: 'Stuck: a finalizer holds the pod, and the time limit passes.', args: ['pod', 'stuck', ...inNamespace, '--yes', '--timeout=4s'], code: 4 });

console.log(`\n${'─'.repeat(72)}`);
if (keep) {
  console.log(`The cluster runs until you press Ctrl-C. In another terminal:\n\n  export KUBECONFIG=${cluster.kubeconfig} PATH=${binDirectory}:$PATH\n  kubectl safe-delete pod db-1 -n ${namespace}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
} else {
  console.log('That was the demo. `npm run demo -- --keep` leaves the cluster running to play with.');
}
await cluster.stop();
