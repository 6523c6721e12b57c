import type { CheckWords } from '../words.ts';

const volumeOf = (volume: string | null): string => (volume === null ? 'its volume' : `volume ${volume}`);
const fate = (reclaim: 'Delete' | 'unknown'): string =>
  reclaim === 'Delete' ? 'reclaim policy Delete: the data is destroyed' : 'reclaim policy not readable, so it counts as Delete: the data would be destroyed';

export const persistentVolumeClaims: CheckWords<'persistent-volume-claims'> = {
  id: 'persistent-volume-claims',
  looksAt: 'claims and volumes touched, reclaim and retention policy, access mode, last user of a Terminating claim',
  codes: {
    'claim-goes-with-pod': {
      severity: 'blocker',
      means: 'The claim belongs to the pod (a scale-down with whenScaled=Delete): it is deleted with it, and its data too.',
      message: (data, target) => `Claim ${data.claim.name} goes with pod ${target.name}, and with it ${volumeOf(data.volume)} (${fate(data.reclaim)}).`,
      remedy: (data) => (data.volume === null ? 'Copy the data first.' : `Copy the data first, or set the reclaim policy of ${data.volume} to Retain.`),
      commands: (data) =>
        data.volume === null ? [] : [{ argv: ['kubectl', 'patch', 'pv', data.volume, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'], why: 'keep the volume and its data' }],
    },
    'last-user-of-terminating-claim': {
      severity: 'blocker',
      means: 'The claim is being deleted already and nothing but this deletion holds it: when the pod goes, the claim and its data go.',
      message: (data, target) => `Claim ${data.claim.name} is Terminating, and no other pod that stays holds it: it goes with ${target.name}, and with it ${volumeOf(data.volume)} (${fate(data.reclaim)}).`,
      remedy: (data) => (data.volume === null ? 'Copy the data first.' : `Copy the data first, or set the reclaim policy of ${data.volume} to Retain.`),
      commands: (data) =>
        data.volume === null ? [] : [{ argv: ['kubectl', 'patch', 'pv', data.volume, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'], why: 'keep the volume and its data' }],
    },
    'volume-retained': {
      severity: 'note',
      means: 'The claim goes, its volume and data stay (reclaim policy Retain).',
      message: (data) => `Claim ${data.claim.name} goes; volume ${data.volume} and its data stay (reclaim policy Retain).`,
      remedy: (data) => `Volume ${data.volume} stays Released until someone binds or deletes it.`,
    },
    'claims-stay': {
      severity: 'note',
      means: "The pod's claims and their data stay.",
      message: (data) =>
        `Data stays: ${data.claims.map((c) => `claim ${c.name}${c.accessModes.length === 0 ? '' : ` (${c.accessModes.join(', ')})`}`).join(', ')}.${
          data.claims.some((c) => c.accessModes.includes('ReadWriteOncePod')) ? ' A replacement stays Pending until this pod is gone (ReadWriteOncePod).' : ''
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
