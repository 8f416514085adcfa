import { text } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

const TASK = '3f2a9c1e-5b7d-4e8f-9a0b-1c2d3e4f5a6b';

/** A server that puts ids into the paths of its REST backend as they are, and an agent that may delete tasks, not credentials. */
export const scenario: Scenario = {
  servers: {
    main: ({ did }) => ({
      tools: () => [
        {
          name: 'delete_task',
          description: 'Deletes a task.',
          parameters: { task_id: 'string' },
          run(args) {
            // As fetch reads it: the dots are resolved before anything is sent.
            const { pathname } = new URL(`http://backend/api/v1/tasks/${text(args, 'task_id')}`);
            did(`DELETE ${pathname}`);
            return 'Deleted.';
          },
        },
      ],
    }),
  },
  async play({ connect }) {
    const agent = await connect();
    await agent.work('delete_task', { task_id: TASK });
    await agent.call('delete_task', { task_id: '../credentials/prod_key' });
  },
  harm: ({ record }) =>
    record.includes('did: DELETE /api/v1/credentials/prod_key')
      ? 'a credential was deleted by the tool that deletes tasks'
      : undefined,
};
