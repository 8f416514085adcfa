import { text } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

/** The gate shows the server one strong credential, whoever calls: a guest borrows the rights of the administrator. */
export const scenario: Scenario = {
  reached: 'http',
  servers: {
    main: ({ did }) => ({
      tools: () => [
        { name: 'read_report', description: 'Reads the report.', run: () => 'All is well.' },
        {
          name: 'delete_account',
          description: 'Deletes an account.',
          parameters: { account: 'string' },
          run(args, { authorization = 'nobody' }) {
            const isGate = authorization.startsWith('Bearer credential-of-the-gate-for-');
            did(`deleted account ${text(args, 'account')} for ${isGate ? 'the gate' : authorization}`);
            return 'Deleted.';
          },
        },
      ],
    }),
  },
  async play({ connect, tell }) {
    const owner = await connect({ as: 'owner' });
    await owner.work('delete_account', { account: 'test' });
    tell('attacker', 'has the token of a guest, who may read reports');
    const guest = await connect();
    await guest.work('read_report');
    await guest.call('delete_account', { account: 'accounting' });
  },
  harm: ({ record }) =>
    record.includes('did: deleted account accounting for the gate')
      ? 'a guest deleted an account with the credential of the gate'
      : undefined,
};
