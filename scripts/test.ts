// Runs the whole suite and holds the run to its word: every test file was run, and nothing in it was skipped.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly unknown[] }[];
}

const folder = mkdtempSync(join(tmpdir(), 'toolgate-tests-'));
const file = join(folder, 'report.json');
const given = process.argv.slice(2);
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
// Hundreds of gateways are started from their sources: what the first has compiled the others need not.
const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') };
const ended = spawnSync('vitest', ['run', ...reporters, ...given], { stdio: 'inherit', env });

let report: Report;
try {
  report = JSON.parse(readFileSync(file, 'utf8')) as Report;
} catch {
  console.error('the suite ended without a report');
  process.exit(1);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const faults: string[] = [];
if (given.length === 0) {
  const ran = new Set(
    report.testResults.filter((suite) => suite.assertionResults.length > 0).map((suite) => relative('.', suite.name)),
  );
  const missing = globSync(['src/**/*.test.ts', 'test/**/*.test.ts'], { exclude: ['test/servers/**'] }).filter(
    (suite) => !ran.has(suite),
  );
  for (const suite of missing) faults.push(`${suite} did not run a single test`);
}
const skipped = report.numPendingTests + report.numTodoTests;
if (skipped > 0) faults.push(`${skipped} tests were skipped`);
for (const fault of faults) console.error(fault);
console.log(`${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped`);
process.exitCode = ended.status === 0 && faults.length === 0 ? 0 : 1;
