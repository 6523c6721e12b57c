import { notForMirrors, defineCheck } from './check.ts';

export const daemonSet = defineCheck({
  id: 'daemon-set',
  needs: ['owners'],
  // A node that cannot be read is taken to be there, as it mostly is: this is a note.
  uses: ['node'],
  notApplicable: (pod) =>
    notForMirrors(pod) ?? ((pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && r.kind === 'DaemonSet' && r.apiVersion.startsWith('apps/')) ? null : 'no DaemonSet owns it'),
  find: (_pod, { owners: { recreation }, node }) =>
    recreation.kind === 'recreated' && node.name !== null && node.state !== 'gone'
      ? [{ check: 'daemon-set', code: 'comes-straight-back', data: { set: recreation.owner.ref, node: node.name }, objects: [recreation.owner.ref] }]
      : [],
});
