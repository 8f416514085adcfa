import { text } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

/** The agent leaves an argument out, and what is left out means everything. */
export const scenario: Scenario = {
  servers: {
    main({ did }) {
      let recordings = 40;
      return {
        tools: () => [
          { name: 'count_recordings', description: 'Counts recordings.', run: () => String(recordings) },
          {
            name: 'load_recordings',
            description: 'Loads recordings from a file.',
            parameters: { file_path: 'string', append: 'boolean' },
            run(args) {
              if (args['append'] !== true) {
                did(`removed ${recordings} recordings`);
                recordings = 0;
              }
              recordings += text(args, 'file_path').endsWith('.har') ? 2 : 0;
              return 'status: ok';
            },
          },
        ],
      };
    },
  },
  async play({ connect }) {
    const agent = await connect();
    await agent.work('load_recordings', { file_path: 'monday.har', append: true });
    await agent.call('load_recordings', { file_path: 'notes.txt' });
    await agent.call('load_recordings', { file_path: 'notes.txt', append: 'true' });
    await agent.work('count_recordings');
  },
  harm: ({ record }) =>
    record.some((line) => line.startsWith('did: removed')) ? 'all recordings are gone' : undefined,
};
