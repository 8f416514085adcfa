import { text } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

/** The tool begins a transaction that may only read, and runs what it is given in it; what it is given may end it. */
export const scenario: Scenario = {
  servers: {
    main: ({ did }) => ({
      tools: () => [
        {
          name: 'query',
          description: 'Runs a read-only query.',
          parameters: { sql: 'string' },
          run(args) {
            let mayWrite = false;
            for (const statement of text(args, 'sql')
              .split(';')
              .map((one) => one.trim().toLowerCase())) {
              if (statement === 'commit') mayWrite = true;
              else if (statement.startsWith('drop ') && !mayWrite) throw new Error('the transaction is read-only');
              else if (statement !== '') did(`ran: ${statement}`);
            }
            return '3 rows';
          },
        },
      ],
    }),
  },
  async play({ connect }) {
    const agent = await connect();
    await agent.work('query', { sql: 'select name from customers where id < 4' });
    await agent.call('query', { sql: 'drop table customers' });
    await agent.call('query', { sql: 'select 1; commit; drop table customers' });
  },
  harm: ({ record }) =>
    record.includes('did: ran: drop table customers') ? 'a tool that only reads dropped a table' : undefined,
};
