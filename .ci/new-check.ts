// Begins a check: npm run new-check -- my-check
//
// Writes its codes, words, find and cases, and registers it, before `scope`. It compiles, its cases pass, and it speaks of a kind that no
// cluster has, until you tell it of which.
import { access, readFile, writeFile } from 'node:fs/promises';

const camel = (id: string): string => id.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());
const pascal = (id: string): string => camel(id).replace(/^./u, (letter) => letter.toUpperCase());

/** The files of a check. `widget-found` is its first code: rename it to what it means. */
const filesOf = (id: string): Readonly<Record<string, string>> => {
  const [name, type, code] = [camel(id), pascal(id), `${id}-found`];
  return {
    [`src/findings/codes/${id}.ts`]: `export interface ${type}Codes {
  /** What the message needs to know. */
  '${code}': { readonly label: string };
}
`,
    [`src/findings/words/${id}.ts`]: `import type { CheckWords } from '../words.ts';

export const ${name}: CheckWords<'${id}'> = {
  id: '${id}',
  looksAt: 'what it looks at, in one line without a full stop',
  codes: {
    '${code}': {
      severity: 'note',
      means: 'What is so when this is found, for somebody who has never seen it.',
      message: (data, target) => \`\${target.name} has the label \${data.label}.\`,
      remedy: () => 'What to do about it.',
    },
  },
};
`,
    [`src/checks/${id}.ts`]: `import { defineCheck } from './check.ts';

const label = 'example.com/${id}';

export const ${name} = defineCheck({
  id: '${id}',
  kinds: ['example.com/Widget'],
  // The facts that find reads (src/facts/): a failed read makes the check unknown.
  needs: [],
  find: (object) => (object.metadata.labels?.[label] === undefined ? [] : [{ check: '${id}', code: '${code}', data: { label }, objects: [] }]),
});
`,
    [`test/checks/cases/${id}.ts`]: `import { object } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const kinds = [{ group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' }];

export const cases: CheckCases = {
  check: '${id}',
  found: [{ says: 'a label that is there is found', object: object('example.com/v1', 'Widget', 'w', { metadata: { labels: { 'example.com/${id}': 'yes' } } }), kinds, codes: ['${code}'] }],
  clear: [{ says: 'without the label nothing is found', object: object('example.com/v1', 'Widget', 'w'), kinds, codes: [] }],
  unknown: [],
};
`,
  };
};

interface Place {
  readonly file: string;
  /** The imports among which the new one is put, in order. */
  readonly imports: RegExp;
  readonly importLine: string;
  readonly entry: string;
  /** The entry that it is put before. */
  readonly before: RegExp;
}

const placesOf = (id: string): readonly Place[] => {
  const [name, type] = [camel(id), pascal(id)];
  const entry = name === id ? `  ${name},` : `  '${id}': ${name},`;
  return [
    { file: 'src/findings/finding.ts', imports: /^import type \{ \w+ \} from '\.\/codes\/.*$/gmu, importLine: `import type { ${type}Codes } from './codes/${id}.ts';`, entry: `  ${name === id ? id : `'${id}'`}: ${type}Codes;`, before: /^ {2}scope: ScopeCodes;$/mu },
    { file: 'src/findings/catalogue.ts', imports: /^import \{ \w+ \} from '\.\/words\/.*$/gmu, importLine: `import { ${name} } from './words/${id}.ts';`, entry, before: /^ {2}scope,$/mu },
    { file: 'src/checks/checks.ts', imports: /^import \{ \w+ \} from '\.\/(?!\.).*$/gmu, importLine: `import { ${name} } from './${id}.ts';`, entry: `  ${name},`, before: /^ {2}scope,$/mu },
    { file: 'test/checks/cases/all.ts', imports: /^import \{ cases as \w+ \} from '\.\/.*$/gmu, importLine: `import { cases as ${name} } from './${id}.ts';`, entry, before: /^ {2}scope,$/mu },
  ];
};

const fromOf = (line: string): string => /from '(.*)'/u.exec(line)?.[1] ?? '';

const registered = (text: string, { file, imports, importLine, entry, before }: Place): string => {
  const lines = [...text.matchAll(imports)].map(([line]) => line);
  const next = lines.find((line) => fromOf(line) > fromOf(importLine));
  const last = lines.at(-1);
  if (last === undefined || !before.test(text)) throw new Error(`${file} is not written as it used to be: register the check by hand, as the others are`);
  const withImport = next === undefined ? text.replace(last, `${last}\n${importLine}`) : text.replace(next, `${importLine}\n${next}`);
  return withImport.replace(before, (line) => `${entry}\n${line}`);
};

/** Writes the files of the check into a working copy. Throws, before it writes anything, when the id cannot be used. */
export const newCheck = async (id: string, root: URL): Promise<readonly string[]> => {
  if (!/^[a-z]+(?:-[a-z]+)*$/u.test(id)) throw new Error(`"${id}" is no id: lower-case words with dashes`);
  const files = filesOf(id);
  for (const file of Object.keys(files)) {
    const there = await access(new URL(file, root)).then(() => true, () => false);
    if (there) throw new Error(`${file} is there already`);
  }
  const places = placesOf(id);
  const changed = await Promise.all(places.map(async (place) => registered(await readFile(new URL(place.file, root), 'utf8'), place)));
  for (const [file, text] of Object.entries(files)) await writeFile(new URL(file, root), text);
  for (const [at, { file }] of places.entries()) await writeFile(new URL(file, root), changed[at] ?? '');
  return [...Object.keys(files), ...places.map(({ file }) => file)];
};

if (import.meta.main) {
  try {
    for (const file of await newCheck(process.argv[2] ?? '', new URL('../', import.meta.url))) console.log(file);
    console.log('Now: its codes, words and find; cases that find each code, and neighbours that stay quiet; a scenario; npm run docs.');
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
