import type { CheckCases } from '../case.ts';

export const cases: CheckCases = { check: 'exposure', found: [], clear: [], unknown: [] };
