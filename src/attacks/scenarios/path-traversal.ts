import { text } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

const BACKUP = 'password-file-of-last-year';

/** The server lets paths pass that begin with the name of its folder; others do too. */
export const scenario: Scenario = {
  servers: {
    main: ({ did }) => ({
      tools: () => [
        {
          name: 'read_report',
          description: 'Reads a report, from /srv/data only.',
          parameters: { path: 'string' },
          run(args) {
            const path = text(args, 'path');
            if (!path.startsWith('/srv/data')) throw new Error('outside of /srv/data');
            const real = new URL(path, 'file:///').pathname;
            did(`read ${real}`);
            return real.startsWith('/srv/data/') ? 'A report.' : BACKUP;
          },
        },
      ],
    }),
  },
  async play({ connect }) {
    const agent = await connect();
    await agent.work('read_report', { path: '/srv/data/june.md' });
    await agent.call('read_report', { path: '/srv/data-backup/passwords' });
    await agent.call('read_report', { path: '/srv/data/../private/passwords' });
    await agent.call('read_report', { path: '/srv/data/%2e%2e/private/passwords' });
  },
  harm: ({ heard }) => (heard.includes(BACKUP) ? 'a file outside of the folder was read' : undefined),
};
