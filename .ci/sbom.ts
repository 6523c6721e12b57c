// The bill of materials of a release, from the lock file: CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { bunVersion, platforms } from './platforms.ts';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
}

interface Component {
  readonly type: 'library' | 'application' | 'platform';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  /** `required`: inside what is published; `excluded`: used to build and test it. */
  readonly scope?: 'required' | 'excluded';
  readonly licenses?: readonly ({ readonly license: { readonly id: string } } | { readonly expression: string })[];
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
  readonly purl: string;
}

const purlOf = (name: string, version: string): string => `pkg:npm/${name.replace('@', '%40')}@${version}`;

const hashesOf = (integrity: string | undefined): Pick<Component, 'hashes'> =>
  integrity?.startsWith('sha512-') === true ? { hashes: [{ alg: 'SHA-512', content: Buffer.from(integrity.slice(7), 'base64').toString('hex') }] } : {};

const licensesOf = (license: string | undefined): Pick<Component, 'licenses'> =>
  license === undefined ? {} : { licenses: [/[ (]/u.test(license) ? { expression: license } : { license: { id: license } }] };

/** `inside`: names of the packages that the bundle holds. */
export const billOfMaterials = async (root: URL, version: string, inside: ReadonlySet<string>): Promise<object> => {
  const { packages } = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };
  const components = new Map<string, Component>();
  for (const [path, { version: of, integrity, license, link }] of Object.entries(packages)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)$/u.exec(path)?.[1];
    if (name === undefined || of === undefined || link === true) continue;
    const purl = purlOf(name, of);
    components.set(purl, { type: 'library', 'bom-ref': purl, name, version: of, scope: inside.has(name) ? 'required' : 'excluded', ...licensesOf(license), ...hashesOf(integrity), purl });
  }
  for (const { package: name, integrity } of platforms) {
    const purl = purlOf(name, bunVersion);
    components.set(purl, { type: 'platform', 'bom-ref': purl, name, version: bunVersion, scope: 'required', ...licensesOf('MIT'), ...hashesOf(integrity), purl });
  }
  const sorted = [...components.values()].toSorted((a, b) => (a.purl < b.purl ? -1 : 1));
  const purl = purlOf('kubectl-safe-delete', version);
  const digest = createHash('sha256').update(JSON.stringify([version, sorted])).digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    // Made of the contents: the same contents are the same document.
    serialNumber: `urn:uuid:${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`,
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': purl, name: 'kubectl-safe-delete', version, ...licensesOf('Apache-2.0'), purl } },
    components: sorted,
    dependencies: [{ ref: purl, dependsOn: sorted.filter(({ scope }) => scope === 'required').map((component) => component['bom-ref']) }],
  };
};
