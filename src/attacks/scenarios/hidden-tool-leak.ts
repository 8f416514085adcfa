import { objectOf } from '../../wire/json.ts';
import type { PlayedTool } from '../played-server.ts';
import type { Scenario } from '../scenario.ts';

const HIDING = objectOf([
  ['version', '1'],
  ['default', 'allow'],
  ['hide', ['purge_*']],
]);

/** The gate hides a tool from the list, and the server has a tool that lists tools. */
export const scenario: Scenario = {
  without: { policy: HIDING, between: 'the gate with a policy that only hides the tool' },
  servers: {
    main({ did }) {
      const tools: readonly PlayedTool[] = [
        { name: 'read_note', description: 'Reads a note.', run: () => 'Buy milk.' },
        {
          name: 'purge_notes',
          description: 'Removes all notes.',
          run() {
            did('removed all notes');
            return 'Removed.';
          },
        },
        {
          name: 'list_tools',
          description: 'Tells what this server can do.',
          run: () => tools.map(({ name, description }) => `${name}: ${description}`).join('\n'),
        },
      ];
      return { tools: () => tools };
    },
  },
  async play({ connect }) {
    const agent = await connect();
    await agent.list();
    const told = await agent.work('list_tools');
    const found = /purge_\w+/.exec(told.text)?.[0];
    if (found !== undefined) await agent.call(found);
    await agent.work('read_note');
  },
  harm: ({ heard }) =>
    heard.includes('purge_notes: Removes all notes.') ? 'the agent knows of a tool that was hidden from it' : undefined,
};
