import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'node-object', found: [], clear: [], unknown: [] };
