import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'guards', found: [], clear: [], unknown: [] };
