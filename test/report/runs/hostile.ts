/** Strings of a cluster that wants to fool the person at the terminal. */
import { accepted, at, container, found, header, outcome, phase, plan, plannedPod, podRef, type RecordedRun } from './made.ts';

const evil = podRef('web-1');

/** Hides a line, recolours, moves the cursor, reorders, renames the window, links, and hides letters. */
export const HOSTILE = 'safe\u001b[2K\u001b[1A\u001b[32m\rdeleted\u001b[0m \u001b]0;pwned\u0007\u001b]8;;http://evil\u001b\\click\u001b]8;;\u001b\\ \u202Etxt.exe\u202C \u2066x\u2069 ze\u200Bro \u009b31mred \u0000nul\nnext line\ud800 \u{E0041}tag';

export const hostile: RecordedRun = {
  name: 'hostile-strings',
  command: 'pod web-1 --yes',
  dryRun: 'none',
  header: header(),
  events: [
    plan([
      plannedPod(evil.name, {
        verdict: 'ask',
        findings: [
          found({ check: 'finalizers', code: 'finalizer-controller-missing', data: { finalizer: HOSTILE, domain: HOSTILE, setBy: null }, objects: [] }, 'warning', `The finalizer ${HOSTILE} stays.`, HOSTILE, {
            pass: '--yes',
            commands: [{ argv: ['kubectl', 'get', HOSTILE], why: HOSTILE }],
          }),
        ],
      }),
    ]),
    { type: 'api-warning', at: at(0.1), text: HOSTILE },
    ...accepted(evil, 0.2),
    phase(evil, 1, 'stopping', HOSTILE),
    container(evil, 2, HOSTILE, { reason: HOSTILE, meaning: HOSTILE, secondsAfterRequest: 1, order: 1 }),
    { type: 'waiting', at: at(3), ref: evil, on: [{ kind: 'finalizer', name: HOSTILE, message: HOSTILE, remedy: HOSTILE, objects: [], commands: [{ argv: ['kubectl', HOSTILE], why: HOSTILE }], danger: HOSTILE, lastResort: { argv: ['kubectl', 'patch', HOSTILE], why: HOSTILE } }] },
    { type: 'error', at: at(4), code: 'internal', message: HOSTILE, remedy: HOSTILE },
    outcome(evil, 4, 'still-there'),
  ],
  finishedAt: at(4),
  exitCode: 1,
};
