// When pods are gone, as the API server tells a watch of the bench's own: the moment that a deletion tool cannot beat.
import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import type { RealCluster } from '../cluster/cluster.ts';
import { adminToken } from '../cluster/pki.ts';

export interface GoneWatch {
  /** performance.now() when DELETED arrived for the pod; undefined when it has not. */
  readonly goneAt: (name: string) => number | undefined;
  readonly close: () => void;
}

interface WatchEvent {
  readonly type: string;
  readonly object: { readonly metadata: { readonly name: string } };
}

/** Watches the pods of a namespace; resolves when the watch stands. */
export const watchGone = async (cluster: RealCluster, namespace: string): Promise<GoneWatch> => {
  const gone = new Map<string, number>();
  const request = get(`${cluster.server}/api/v1/namespaces/${namespace}/pods?watch=1`, { ca: readFileSync(cluster.caFile), headers: { authorization: `Bearer ${adminToken}`, 'user-agent': 'bench' } });
  await new Promise<void>((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('error', () => undefined);
      response.on('data', (chunk: string) => {
        const at = performance.now();
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const event = JSON.parse(line) as WatchEvent;
          if (event.type === 'DELETED') gone.set(event.object.metadata.name, at);
        }
      });
      if (response.statusCode === 200) resolve();
      else reject(new Error(`the watch of ${namespace} was answered with ${String(response.statusCode)}`));
    });
  });
  request.on('error', () => undefined);
  return { goneAt: (name) => gone.get(name), close: () => request.destroy() };
};
