import { typeSlashName } from '../../model/ref.ts';
import { gentlerCommands } from '../gentler.ts';
import type { CheckWords } from '../words.ts';

export const lastReplica: CheckWords<'last-replica'> = {
  id: 'last-replica',
  looksAt: 'the last Ready pods of a workload that stays (silent where `service-endpoints` speaks)',
  codes: {
    'last-ready-pods': {
      severity: 'warning',
      means: 'The run deletes every Ready pod that the workload has: nothing of it runs until a replacement is Ready.',
      message: (data, target) =>
        data.readyNow === 1
          ? `${target.name} is the only Ready pod of ${typeSlashName(data.workload)}${data.replicas === null ? '' : ` (${data.replicas} wanted)`}: nothing of it works until a replacement is Ready.`
          : `This run deletes all ${data.readyNow} Ready pods of ${typeSlashName(data.workload)}, ${target.name} among them: nothing of it works until a replacement is Ready.`,
      remedy: (data) => (data.readyNow === 1 ? 'Have another pod of it Ready first.' : 'Delete fewer at a time, the next when the replacements are Ready.'),
      commands: (data) => gentlerCommands(data.gentler),
    },
  },
};
