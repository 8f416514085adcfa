import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Obj } from '../../test/kit/json-rpc.ts';

/** The version that was looked at last; any other is worth a look of its own. */
const VERSION = '2.1.330';
const KEY = 'sk-ant-of-no-worth-00000000000000000000';

/** A Claude Code that has a home of its own and reaches the stand-in of the model, nothing else. */
export interface Claude {
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Options that give it these MCP servers and no others, and let it call their tools unasked. */
  options(servers: Obj): readonly string[];
}

interface Place {
  readonly folder: string;
  readonly modelApi: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** Where Claude Code is: as told in `TOOLGATE_CLAUDE`, or installed from npm into the user's cache, outside of the project. */
export function installedClaude(): string {
  const told = process.env['TOOLGATE_CLAUDE'];
  if (told !== undefined) return told;
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const folder = join(cache, `toolgate-claude-code-${VERSION}`);
  const command = join(folder, 'node_modules', '.bin', 'claude');
  if (existsSync(command)) return command;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const wanted = `@anthropic-ai/claude-code@${VERSION}`;
  execFileSync('npm', ['install', '--save-exact', '--no-audit', '--no-fund', wanted], {
    cwd: folder,
    stdio: 'inherit',
  });
  return command;
}

export function settleClaude(command: string, place: Place): Claude {
  const home = join(place.folder, 'home');
  const cwd = join(place.folder, 'work');
  mkdirSync(home, { recursive: true });
  mkdirSync(cwd, { recursive: true });
  // What a person is asked at the first start: theme, trust in the folder, the key.
  const answered = {
    hasCompletedOnboarding: true,
    theme: 'dark',
    customApiKeyResponses: { approved: [KEY.slice(-20)], rejected: [] },
    projects: { [cwd]: { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true } },
  };
  writeFileSync(join(home, '.claude.json'), JSON.stringify(answered));
  return {
    command,
    cwd,
    env: {
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      LANG: 'C.UTF-8',
      ANTHROPIC_BASE_URL: place.modelApi,
      ANTHROPIC_API_KEY: KEY,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_DISABLE_OFFICIAL_MARKETPLACE_AUTOINSTALL: '1',
      DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1',
      DISABLE_AUTOUPDATER: '1',
      DISABLE_BUG_COMMAND: '1',
      ENABLE_TOOL_SEARCH: 'false',
      ...place.more,
    },
    options(servers) {
      const file = join(place.folder, 'mcp.json');
      writeFileSync(file, JSON.stringify({ mcpServers: servers }));
      const allowed = Object.keys(servers).map((name) => `mcp__${name}`);
      return ['--strict-mcp-config', '--mcp-config', file, '--allowedTools', allowed.join(',')];
    },
  };
}
