/** What most runs start from. */
import { healthyNode, pod } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import { kubelet } from './running.ts';
import type { Scene } from './running.ts';

export const web = webPod('web-a');
export const webB = webPod('web-b');
export const lone = pod('lone');

/** A pod of a Deployment: nothing asks. */
export const quiet = { pods: [web], others: webWorkload } as const;
/** A pod that nothing recreates: it asks. */
export const bare = { pods: [lone], others: healthyNode() } as const;

/** Each of these pods ends two seconds after it was asked to. */
export const ends =
  (...names: readonly string[]) =>
  (scene: Scene): void => {
    for (const name of names) kubelet(scene, name, 2000);
  };

export const uidOf = (body: { readonly preconditions: { readonly uid: string } } | null): string | undefined => body?.preconditions.uid;
