/** JSON as pages show it: what fits on a line is on one line. */
const WIDTH = 110;

export const oneLine = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${oneLine(child)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
};

export const compactJson = (value: unknown, indent = '', before = 0): string => {
  const short = oneLine(value);
  if (typeof value !== 'object' || value === null || indent.length + before + short.length <= WIDTH) return short;
  const deeper = `${indent}  `;
  const isList = Array.isArray(value);
  const lines = isList
    ? value.map((child) => `${deeper}${compactJson(child, deeper)}`)
    : Object.entries(value).map(([key, child]) => `${deeper}${JSON.stringify(key)}: ${compactJson(child, deeper, key.length + 4)}`);
  return `${isList ? '[' : '{'}\n${lines.join(',\n')}\n${indent}${isList ? ']' : '}'}`;
};

type Shape = readonly string[] | { readonly [field: string]: Shape | true };

/** The named fields of an object, or of each in a list; null, empty lists and empty objects are left out. */
export const pick = (value: unknown, shape: Shape): unknown => {
  if (Array.isArray(value)) return value.map((child: unknown) => pick(child, shape));
  if (typeof value !== 'object' || value === null) return value;
  const of = value as Readonly<Record<string, unknown>>;
  const fields: readonly (readonly [string, Shape | true])[] = isNames(shape) ? shape.map((name) => [name, true] as const) : Object.entries(shape);
  return Object.fromEntries(
    fields.flatMap(([name, inner]) => {
      const child = of[name];
      if (child === undefined || child === null || (Array.isArray(child) && child.length === 0)) return [];
      return [[name, inner === true ? child : pick(child, inner)]];
    }),
  );
};

const isNames = (shape: Shape): shape is readonly string[] => Array.isArray(shape);
