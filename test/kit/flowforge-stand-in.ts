// A stand-in for the Flowforge MCP server and the engine behind it, runs kept in memory. See README.md.
import { type FlowforgeTool, requestLine } from './flowforge-requests.ts';
import { type Obj, textResult } from './json-rpc.ts';
import { serveStdio } from './serve-stdio.ts';
import { missingArgument } from './tool-server.ts';
import { callRecorder, readTools } from './upstream-tools.ts';

const { serverInfo, tools } = readTools<FlowforgeTool>('flowforge.tools.json');
const record = callRecorder(process.argv.slice(2));
const runs = new Map([
  ['run-1', 'failed'],
  ['run-2', 'completed'],
]);

/** Acts on the request as it would arrive, not on the tool that was meant. */
function engine(request: string): Obj | undefined {
  const route = /^(\w+) \/api\/v1\/runs(?:\/([^/?]+)(?:\/([\w-]+))?)?(?:\?.*)?$/.exec(request);
  if (!route) return { success: true };
  const [, method, id, verb] = route;
  if (id === undefined) return { runs: [...runs].map(([run_id, status]) => ({ run_id, status })) };
  if (!runs.has(id)) return undefined;
  switch (`${method} ${verb ?? ''}`) {
    case 'POST replay': {
      const run_id = `run-${runs.size + 1}`;
      runs.set(run_id, 'pending');
      return { run_id, status: 'pending', replay_of: id };
    }
    case 'POST retry':
      runs.set(id, 'pending');
      return { success: true, run_id: id };
    case 'POST cancel':
      runs.set(id, 'cancelled');
      return { success: true, run_id: id };
    default:
      return { run_id: id, status: runs.get(id) };
  }
}

serveStdio({
  serverInfo,
  tools: tools.map(({ rest: _rest, restWithout: _without, unescaped: _unescaped, ...definition }) => definition),
  call(name, args) {
    const tool = tools.find((candidate) => candidate.name === name);
    const missing = tool && missingArgument(tool, args);
    if (!tool || missing !== undefined) {
      record({ tool: name, arguments: args });
      return textResult(tool ? `Error: ${missing}: Required` : `Error: Tool ${name} not found`, 'failed');
    }
    const request = requestLine(tool, args);
    record({ tool: name, arguments: args, request });
    const answer = engine(request);
    return answer
      ? textResult(JSON.stringify({ request, ...answer }))
      : textResult(`Error: Run not found (${request})`, 'failed');
  },
});
