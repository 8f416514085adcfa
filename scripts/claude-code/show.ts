// Shows approvals in Claude Code, against a stand-in of its model on the loopback: `npx node scripts/claude-code/show.ts [SCENE...]`.
// Not part of the tests: it installs Claude Code from npm, outside of the project, and needs tmux. README.md beside it tells more.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installedClaude } from './claude.ts';
import { PRINTED, type Scene } from './scenes.ts';
import { type Stage, setStage } from './stage.ts';
import { AT_A_TERMINAL } from './terminal-scenes.ts';

const CUT_OFF = 'TOOLGATE_CUT_OFF';
/** Runs what follows in a network of its own, where there is nothing but the loopback. */
const APART = ['unshare', '-rn'] as const;
const SCENES: readonly Scene[] = [...PRINTED, ...AT_A_TERMINAL];
const wanted = process.argv.slice(2);
const chosen = SCENES.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.startsWith(part)));
const claude = installedClaude();

if (chosen.length === 0) {
  console.error(`no such scene; there are: ${SCENES.map(({ name }) => name).join(' ')}`);
  process.exitCode = 2;
} else if (process.env[CUT_OFF] !== undefined) {
  process.exitCode = await playAll();
} else if (mayCutOff()) {
  const again = 'ip link set lo up && exec "$0" "$@"';
  const [command, ...apart] = APART;
  const args = [...apart, 'sh', '-c', again, process.execPath, fileURLToPath(import.meta.url), ...wanted];
  const env = { ...process.env, [CUT_OFF]: 'yes', TOOLGATE_CLAUDE: claude };
  process.exitCode = spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;
} else {
  console.error(`the network cannot be cut off here (${APART.join(' ')} failed); ${CUT_OFF}=no runs all the same`);
  process.exitCode = 2;
}

async function playAll(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-claude-code-'));
  let failed = 0;
  for (const scene of chosen) failed += (await play(scene, join(folder, scene.name))) === 'failed' ? 1 : 0;
  const went = `${chosen.length - failed} of ${chosen.length} scenes went as they should`;
  console.log(`\n${went}; all that was said is in ${folder}`);
  return failed === 0 ? 0 : 1;
}

function mayCutOff(): boolean {
  const [command, ...apart] = APART;
  return spawnSync(command, [...apart, 'ip', 'link', 'set', 'lo', 'up']).status === 0;
}

async function play(scene: Scene, folder: string): Promise<'went well' | 'failed'> {
  console.log(`\n=== ${scene.name}: ${scene.says}`);
  let stage: Stage | undefined;
  try {
    stage = await setStage({ ...scene.set, claude, folder });
    await scene.play(stage, tell);
    return 'went well';
  } catch (fault) {
    console.log(`FAILED: ${fault instanceof Error ? fault.message : String(fault)}`);
    if (stage !== undefined) tell('the log', await stage.log());
    return 'failed';
  } finally {
    await stage?.stop();
  }
}

function tell(heading: string, seen: string): void {
  // The welcome at the top of the terminal tells nothing.
  const told = seen.replace(/^.*?ctrl\+o to expand\)\n/s, '');
  const lines = told.split('\n').filter((line) => !/^[\s─]*$/.test(line));
  console.log(`--- ${heading}\n${lines.map((line) => `  | ${line}`).join('\n')}`);
}
