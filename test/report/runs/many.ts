/** Thirty pods at once: more than a screen holds. */
import { accepted, at, container, header, outcome, phase, plan, plannedPod, podRef, type RecordedRun } from './made.ts';

const names = Array.from({ length: 30 }, (_, i) => `web-${String(i).padStart(2, '0')}`);

/** Most end within seconds; one ignores its signal, and one stands on a node that does not answer. */
const DEAF = 'web-07';
const LOST = 'web-21';

const endOf = (name: string, i: number): number => (name === DEAF ? 30.5 : 2 + (i % 10) * 0.4);

export const thirtyPods: RecordedRun = {
  name: 'thirty-pods',
  command: 'pod -l app=web --timeout=45s',
  dryRun: 'none',
  header: header(),
  events: [
    plan(names.map((name) => plannedPod(name)), { timeoutSeconds: 45 }),
    ...names.flatMap((name, i) => accepted(podRef(name), 0.2 + i * 0.01)),
    ...names.map((name, i) => phase(podRef(name), 0.6 + i * 0.01, 'term-signal', 'the kubelet sends SIGTERM to app about now', 'estimated')),
    ...names.flatMap((name, i) => {
      if (name === LOST) return [];
      const of = podRef(name);
      const end = endOf(name, i);
      const killed = name === DEAF;
      return [
        container(of, end, 'app', killed
          ? { exitCode: 137, signal: 'SIGKILL', reason: 'Error', verdict: 'killed-after-grace-period', meaning: 'did not end within its 30 s: killed by SIGKILL after 30 s', secondsAfterRequest: 30, order: 1 }
          : { exitCode: 143, signal: 'SIGTERM', reason: 'Error', verdict: 'ended-by-stop-signal', meaning: 'ended by SIGTERM, the signal that asks it to stop', secondsAfterRequest: Math.floor(end), order: 1 }),
        phase(of, end, 'containers-exited', 'all containers have ended'),
        phase(of, end + 0.3, 'gone', 'gone from the API server'),
        outcome(of, end + 0.3, 'deleted'),
      ];
    }),
    { type: 'waiting' as const, at: at(33), ref: podRef(LOST), on: [{ kind: 'node' as const, name: 'node-2', message: 'node node-2 does not answer (Ready is Unknown): nobody can tell whether its containers still run', remedy: 'Get node-2 back.', objects: [], commands: [], danger: '', lastResort: null }] },
    outcome(podRef(LOST), 45.2, 'still-there'),
  ].toSorted((a, b) => a.at - b.at),
  finishedAt: at(45.2),
  exitCode: 7,
  moments: [0.5, 3.5, 34],
};
