/**
 * Flags that this version does not have yet, and flags of kubectl that it never will: they are read by kubectl's grammar, so that no
 * word is mistaken for another, and then refused. Neither the help nor the documentation lists them.
 */
import { bool, type Flag, type FlagKind, valued } from './flag.ts';

const refused = (name: string, kind: FlagKind, absent: Flag['absent']): Flag =>
  kind === 'bool' ? bool(name, '', { absent, group: 'selection' }) : valued(name, kind, '', '', { absent, group: 'selection' });
const never = (name: string, kind: FlagKind, why: string): Flag => refused(name, kind, { coming: false, why });

/** kubectl's own: harmless at their default, so a script that spells the default out still runs. */
export const kubectlLaterFlagList = [
  never('raw', 'string', 'a raw URI names no object, so nothing could be checked or watched; use kubectl delete --raw'),
  never('match-server-version', 'bool', 'it does not depend on one version of the API server'),
  never('kuberc', 'string', "kubectl's preferences apply to kubectl's own commands only"),
  never('profile', 'string', 'it profiles kubectl itself'),
  never('profile-output', 'string', 'it profiles kubectl itself'),
  never('vmodule', 'string', 'use -v to log the requests'),
  never('log-flush-frequency', 'duration', 'log lines are written at once'),
] as const;

/** Flags of its own that a later version brings: none. */
export const ownLaterFlagList: readonly Flag[] = [];
