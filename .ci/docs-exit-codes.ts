// The block `exit-codes`: the whole promise, with codes that flags of later versions will give.
import { exitCodes } from '../src/options/exit-codes.ts';
import { table } from './docs-blocks.ts';

export const renderExitCodes = (): string =>
  table(['code', 'outcomes', 'requested a deletion'], exitCodes.map((row) => [row.codes.join(', '), row.outcomes, row.requested]));
