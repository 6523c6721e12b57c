// Records the discovery documents of a server, in both of their forms: node test/discovery/record.ts KUBECONFIG
// Writes test/discovery/recorded.json. The committed one is of Kubernetes 1.36.3 with the definitions of test/targets/grammar-objects.ts and
// an APIService `v1.stale.safe-delete.test` whose server does not exist.
import { writeFile } from 'node:fs/promises';
import { connect } from '../../src/connection/connect.ts';
import { coreVersions, discoveryAccept, listedGroups } from '../../src/discovery/documents.ts';
import { discoveryPath } from '../../src/discovery/resources.ts';
import { flagsWith, worldWith } from '../connection/world.ts';

const [kubeconfig] = process.argv.slice(2);
if (kubeconfig === undefined) throw new Error('usage: node test/discovery/record.ts KUBECONFIG');
const connected = await connect(flagsWith({ kubeconfig }), worldWith());
if (!connected.ok) throw new Error(connected.error.message);
const { port } = connected.value;

const read = async (path: string, accept?: string): Promise<unknown> => {
  const answer = await port.raw(path, accept === undefined ? {} : { accept });
  return answer.ok ? answer.value : null;
};

const [core, apis] = [await read('/api'), await read('/apis')];
const paths = [...coreVersions(core).map((v) => discoveryPath('', v)), ...listedGroups(apis).flatMap((g) => g.versions.map((v) => discoveryPath(g.name, v)))];
const lists: Record<string, unknown> = { '/api': core, '/apis': apis };
for (const path of paths) lists[path] = await read(path);
const aggregated = { '/api': await read('/api', discoveryAccept), '/apis': await read('/apis', discoveryAccept) };
port.close();
// One line a document: a change shows which.
const text = (documents: Readonly<Record<string, unknown>>): string => `{\n${Object.entries(documents).map(([path, document]) => `    ${JSON.stringify(path)}: ${JSON.stringify(document)}`).join(',\n')}\n  }`;
await writeFile(new URL('recorded.json', import.meta.url), `{\n  "aggregated": ${text(aggregated)},\n  "lists": ${text(lists)}\n}\n`);
