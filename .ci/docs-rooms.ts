// The block `rooms`: the picture of the rooms, from their imports. What follows from other arrows is left out.
import { all, apart, isRoomFile, numberOf, numbers, portFiles, roomOf } from '../test/house/import-graph.ts';

const nodeOf = (file: string): string => (portFiles.has(file) ? 'port' : isRoomFile(file) ? roomOf(file) : file === 'src/main.ts' ? 'main' : '');

const imports = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of all) {
    const [a, b] = [nodeOf(from), nodeOf(to)];
    if (a === '' || b === '' || a === b || !to.startsWith('src/')) continue;
    if (a === 'port' && apart.has(b)) continue;
    const known = graph.get(a);
    if (known === undefined) graph.set(a, new Set([b]));
    else known.add(b);
  }
  return graph;
};

export const renderRooms = (): string => {
  const graph = imports();
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean => {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...(graph.get(from) ?? [])].some((next) => reaches(next, to, seen));
  };
  const levels = [...new Set(Object.values(numbers))].toSorted((a, b) => b - a);
  const rooms = levels.map((level) => ({ level, names: Object.keys(numbers).filter((room) => numbers[room] === level && all.some((i) => roomOf(i.from) === room)).toSorted() }));
  const edges = [...graph].flatMap(([from, targets]) =>
    [...targets].filter((to) => ![...targets].some((other) => other !== to && reaches(other, to))).map((to) => `  ${from} --> ${to}`),
  );
  const port = [...portFiles].map((file) => numberOf(file))[0];
  return [
    '```mermaid',
    'flowchart TB',
    '  main',
    ...rooms.flatMap(({ level, names }) => [`  subgraph ${level === 0 ? 'zero' : `level${level}`}["${level}"]`, ...names.map((name) => `    ${name}`), '  end']),
    `  subgraph apart`,
    ...[...apart].toSorted().map((name) => `    ${name}`),
    '  end',
    `  port["cluster/port.ts (${port})"]`,
    ...edges.toSorted(),
    '```',
  ].join('\n');
};
