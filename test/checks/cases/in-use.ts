import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'in-use', found: [], clear: [], unknown: [] };
