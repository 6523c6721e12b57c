import type { GoingData } from '../codes/persistent-volume-claims.ts';
import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

type Lost = 'Delete' | 'unknown';

const SHOWN = 5;

const volumeOf = (volume: string | null): string => (volume === null ? 'its volume' : `volume ${volume}`);
const fate = (reclaim: Lost): string =>
  reclaim === 'Delete' ? 'reclaim policy Delete: the data is destroyed' : 'reclaim policy not readable, so it counts as Delete: the data would be destroyed';
/** Where it lies, after the words for the data. */
const at = (place: string | null): string => (place === null ? '' : ` ${place}`);
const listed = (all: readonly string[]): string => `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ''}`;

const keep = (volume: string): Command => ({ argv: ['kubectl', 'patch', 'pv', volume, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'], why: 'keep the volume and its data' });
const copyOrKeep = (volume: string | null): string => (volume === null ? 'Copy the data first.' : `Copy the data first, or set the reclaim policy of ${volume} to Retain.`);

/** Claims with their volumes and what becomes of the data; what is alike is said once. */
const goingClaims = (claims: readonly GoingData[]): string => {
  const [first] = claims;
  const alike = first !== undefined && claims.every((c) => c.reclaim === first.reclaim);
  const one = (c: GoingData): string => `${c.name} (volume ${c.volume}${alike ? '' : `, ${c.reclaim === 'unknown' ? 'policy not readable' : c.reclaim}`})`;
  return listed(claims.map(one));
};
const theirFate = (claims: readonly GoingData[]): string => {
  if (claims.every((c) => c.reclaim === 'Delete')) return 'reclaim policy Delete: their data is destroyed';
  return claims.every((c) => c.reclaim === 'unknown') ? 'reclaim policies not readable, so they count as Delete: their data would be destroyed' : 'their data is destroyed where the policy is Delete, and would be where it cannot be read';
};
const keepAll = (claims: readonly GoingData[]): readonly Command[] => claims.slice(0, SHOWN).map((c) => keep(c.volume));
const count = (claims: readonly unknown[]): string => (claims.length === 1 ? '1 claim' : `${claims.length} claims`);

export const persistentVolumeClaims: CheckWords<'persistent-volume-claims'> = {
  id: 'persistent-volume-claims',
  looksAt: 'claims and volumes touched, reclaim and retention policy, access mode, last user of a Terminating claim',
  codes: {
    'claim-goes-with-pod': {
      severity: 'blocker',
      means: 'The claim belongs to the pod (a scale-down with whenScaled=Delete): it is deleted with it, and its data too.',
      message: (data, target) => `Claim ${data.claim.name} goes with pod ${target.name}, and with it ${volumeOf(data.volume)} (${fate(data.reclaim)}).`,
      remedy: (data) => copyOrKeep(data.volume),
      commands: (data) => (data.volume === null ? [] : [keep(data.volume)]),
    },
    'last-user-of-terminating-claim': {
      severity: 'blocker',
      means: 'The claim is being deleted already and nothing but this deletion holds it: when the pod goes, the claim and its data go.',
      message: (data, target) => `Claim ${data.claim.name} is Terminating, and no other pod that stays holds it: it goes with ${target.name}, and with it ${volumeOf(data.volume)} (${fate(data.reclaim)}).`,
      remedy: (data) => copyOrKeep(data.volume),
      commands: (data) => (data.volume === null ? [] : [keep(data.volume)]),
    },
    'claims-go-with-owner': {
      severity: 'blocker',
      means: 'Claims that the command does not name belong to the target, by itself or through others: the garbage collector deletes them after it, and their data goes.',
      message: (data, target) => `${count(data.claims)} that nobody named ${data.claims.length === 1 ? 'goes' : 'go'} with ${target.name}: ${goingClaims(data.claims)}; ${theirFate(data.claims)}.`,
      remedy: () => 'Copy the data first, set the reclaim policy of the volumes to Retain, or name the claims in the command.',
      commands: (data) => keepAll(data.claims),
    },
    'claim-data-lost': {
      severity: 'warning',
      irreversible: true,
      means: 'The claim has a volume with reclaim policy Delete, or one that cannot be read: the data goes with it.',
      message: (data, target) => `With claim ${target.name} goes volume ${data.volume} (${fate(data.reclaim)}).`,
      remedy: (data) => copyOrKeep(data.volume),
      commands: (data) => [keep(data.volume)],
    },
    'claims-of-set-go': {
      severity: 'warning',
      irreversible: true,
      means: "The set's claims belong to it (persistentVolumeClaimRetentionPolicy.whenDeleted is Delete): they go with it, and their data goes.",
      message: (data, target) => `${count(data.claims)} of ${target.name} ${data.claims.length === 1 ? 'goes' : 'go'} with it, as its retention policy says: ${goingClaims(data.claims)}; ${theirFate(data.claims)}.`,
      remedy: () => 'Copy the data first, set the reclaim policy of the volumes to Retain, or set whenDeleted of the set to Retain.',
      commands: (data, target) => [
        ...(target.group === 'apps'
          ? [{ argv: ['kubectl', 'patch', 'statefulset', target.name, ...(target.namespace === null ? [] : ['-n', target.namespace]), '-p', '{"spec":{"persistentVolumeClaimRetentionPolicy":{"whenDeleted":"Retain"}}}'], why: 'keep the claims when the set goes' }]
          : []),
        ...keepAll(data.claims),
      ],
    },
    'volume-data-lost': {
      severity: 'warning',
      irreversible: true,
      means: 'The volume has or had a claim, and its reclaim policy is Delete or not known: its data goes.',
      message: (data, target) =>
        data.claim === null
          ? `Volume ${target.name} is ${data.phase}; ${fate(data.reclaim)}${at(data.place)}.`
          : `Volume ${target.name} is bound to claim ${data.claim}: it stays Terminating until that claim is deleted, and then goes (${fate(data.reclaim)}${at(data.place)}).`,
      remedy: (_data, target) => copyOrKeep(target.name),
      commands: (_data, target) => [keep(target.name)],
    },
    'volume-of-bound-claim': {
      severity: 'warning',
      means: 'The volume is bound to a claim that stays; the data stays too (reclaim policy Retain), but the claim loses its volume.',
      message: (data, target) =>
        data.held
          ? `Claim ${data.claim} is bound to volume ${target.name}: the volume stays Terminating, which nothing undoes, until that claim is deleted. The data stays${at(data.place)}.`
          : `Claim ${data.claim} is bound to volume ${target.name}, which no finalizer protects: the claim becomes Lost, and pods that use it cannot start again. The data stays${at(data.place)}.`,
      remedy: (data) => `Delete claim ${data.claim} first, if nobody needs it any more.`,
    },
    'volume-retained': {
      severity: 'note',
      means: 'The claim goes, its volume and data stay (reclaim policy Retain).',
      message: (data) => `Claim ${data.claim.name} goes; volume ${data.volume} and its data stay${at(data.place)} (reclaim policy Retain).`,
      remedy: (data) => `Volume ${data.volume} stays Released until someone binds or deletes it.`,
    },
    'volumes-retained': {
      severity: 'note',
      means: 'Claims go with the target; their volumes and data stay (reclaim policy Retain).',
      message: (data, target) => `${count(data.claims)} ${data.claims.length === 1 ? 'goes' : 'go'} with ${target.name}; volumes and data stay (reclaim policy Retain): ${goingClaims(data.claims)}.`,
      remedy: () => 'The volumes stay Released until someone binds or deletes them.',
    },
    'volume-data-stays': {
      severity: 'note',
      means: 'Only the PersistentVolume object goes: no claim is bound to it, and its data stays where it is.',
      message: (data, target) => `Volume ${target.name} is ${data.phase}: only the object goes, and what lies in its storage stays${at(data.place)} (reclaim policy ${data.reclaim}).`,
      remedy: () => 'Keep its description if somebody may need that storage again.',
    },
    'claim-without-data': {
      severity: 'note',
      means: 'The claim has no volume, or its volume does not exist any more: there is no data to lose.',
      message: (data, target) => (data.state === 'lost' ? `Claim ${target.name} names ${volumeOf(data.volume)}, which does not exist any more.` : `Claim ${target.name} is not bound to a volume: it has no data.`),
      remedy: () => 'Nothing to do.',
    },
    'claims-stay': {
      severity: 'note',
      means: 'The claims of the pod or set and their data stay.',
      message: (data, target) =>
        `Data stays: ${listed(data.claims.map((c) => `claim ${c.name}${c.accessModes.length === 0 ? '' : ` (${c.accessModes.join(', ')})`}`))}.${
          target.kind === 'Pod' && data.claims.some((c) => c.accessModes.includes('ReadWriteOncePod')) ? ' A replacement stays Pending until this pod is gone (ReadWriteOncePod).' : ''
        }`,
      remedy: () => 'Nothing to do: a claim is deleted on its own only.',
    },
    'ephemeral-volume': {
      severity: 'note',
      means: 'A generic ephemeral volume lives and dies with its pod.',
      message: (data) => `Ephemeral claim ${data.claim.name} goes with the pod, as it is meant to (reclaim policy ${data.reclaim}).`,
      remedy: () => 'Copy what you need from it first.',
    },
    'claim-missing': {
      severity: 'note',
      means: 'The pod names a claim that does not exist.',
      message: (data) => `Claim ${data.claim} does not exist: a replacement stays Pending until it does.`,
      remedy: (data) => `Create claim ${data.claim} if the pod is to run again.`,
    },
  },
};
