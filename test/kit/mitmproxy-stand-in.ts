// A stand-in for the Mitmproxy MCP server: its tools and its manners, without a proxy. See README.md.
import { type Obj, textResult } from './json-rpc.ts';
import { serveStdio } from './serve-stdio.ts';
import { missingArgument } from './tool-server.ts';
import { callRecorder, readTools } from './upstream-tools.ts';

const { serverInfo, tools } = readTools('mitmproxy.tools.json');
const record = callRecorder(process.argv.slice(2));
const flows = new Map([
  ['flow-1', 'GET https://shop.example/cart'],
  ['flow-2', 'POST https://shop.example/orders'],
]);

/** Failures are sentences in a successful result: that is how the original answers. */
function act(name: string, args: Obj): string {
  switch (name) {
    case 'list_tools':
      return tools.map((tool) => `${tool.name} ${JSON.stringify(tool['inputSchema'])}`).join('\n');
    case 'get_traffic_summary':
    case 'search_traffic':
      return [...flows].map(([id, line]) => `${id} ${line}`).join('\n');
    case 'inspect_flow':
      return flows.get(String(args['flow_id'])) ?? 'Flow not found';
    case 'replay_flow': {
      const line = flows.get(String(args['flow_id']));
      if (line === undefined) return 'Flow not found';
      flows.set(`flow-${flows.size + 1}`, line);
      return 'Replayed: status 200';
    }
    case 'clear_traffic':
      flows.clear();
      return 'Traffic cleared';
    case 'load_traffic_file':
      // Clears before it looks at the file, as the original does.
      if (args['append'] !== true) flows.clear();
      return '{"status": "ok", "flows": 0}';
    default:
      return `${name} done`;
  }
}

serveStdio({
  serverInfo,
  tools,
  call(name, args) {
    record({ tool: name, arguments: args });
    const tool = tools.find((candidate) => candidate.name === name);
    if (!tool) return textResult(`Unknown tool: ${name}`, 'failed');
    const missing = missingArgument(tool, args) ?? Object.keys(args).find((key) => args[key] === null);
    if (missing !== undefined)
      return textResult(`Error executing tool ${name}: ${missing}: input is not valid`, 'failed');
    const text = act(name, args);
    return { ...textResult(text), structuredContent: { result: text } };
  },
});
