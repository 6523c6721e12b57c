import { isMirror } from '../model/pod.ts';
import { defineCheck } from './check.ts';

export const mirrorPod = defineCheck({
  id: 'mirror-pod',
  needs: [],
  whenTerminating: true,
  find: (pod) =>
    isMirror(pod)
      ? [
          {
            check: 'mirror-pod',
            code: 'static-pod',
            data: { node: pod.spec?.nodeName ?? '', source: pod.metadata.annotations?.['kubernetes.io/config.source'] ?? null },
            objects: [],
          },
        ]
      : [],
});
