#!/usr/bin/env node
// Only dynamic imports: an older Node must get as far as the sentence that names the remedy.
const NEEDED = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < NEEDED) {
  process.stderr.write(
    `toolgate needs Node ${NEEDED} or newer and this is ${process.version}: get it from https://nodejs.org\n`,
  );
  process.exitCode = 2;
} else {
  await main(process.argv.slice(2));
}

async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', (error: Error) => ended(error, argv[0]));
  process.stderr.on('error', () => {});
  const { makeWorld } = await import('./compose.ts');
  const { run } = await import('./cli/run.ts');
  try {
    process.exitCode = await run(argv, makeWorld());
  } catch (fault) {
    process.stderr.write(`toolgate: ${fault instanceof Error ? fault.message : String(fault)}\n`);
    process.exitCode = 1;
  }
}

/** Whoever read our output has left: `| head` is no fault. The two long-running commands see to their own end. */
function ended(error: Error, command: string | undefined): void {
  if (!('code' in error) || error.code !== 'EPIPE') throw error;
  if (command !== 'serve' && command !== 'wrap') process.exit();
}

export {};
