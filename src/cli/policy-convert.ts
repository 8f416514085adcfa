import { extname, resolve } from 'node:path';
import { quoted } from '../policy/problem.ts';
import { convertFile } from '../settings/convert/convert-file.ts';
import { policyJson, writePolicy } from '../settings/convert/write-policy.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';

const HELP = `Usage: toolgate policy convert FILE [--out FILE]

Turns a policy of Intercept (YAML) into one of Toolgate that lets nothing more pass. What has no equal is an error with
its place, and then nothing is written; what comes out stricter is told, as FILE:LINE:COLUMN note: TEXT.
Exit code 0: converted. 1: not.

  --out FILE           a new file to write to, .json, .yaml or .yml (default: JSON to the standard output)
`;

export const policyConvert: Command = {
  name: 'policy convert',
  options: { out: 'text' },
  help: HELP,
  async run(options, world) {
    const file = onlyWord(options, 'FILE');
    const out = options.texts.get('out');
    const format = out === undefined ? 'json' : formatOf(out);
    const converted = await convertFile(resolve(world.cwd, file));
    if (converted.kind === 'problems') {
      tellProblems(world, file, converted.problems);
      return NO;
    }
    if (out === undefined) world.stdout.write(policyJson(converted.document));
    else {
      const failure = await writePolicy(resolve(world.cwd, out), format, converted.document);
      if (failure !== undefined) {
        tellProblems(world, out, [{ file: out, line: 0, column: 0, pointer: '', message: failure }]);
        return NO;
      }
    }
    tellProblems(
      world,
      file,
      converted.notes.map((note) => ({ ...note, pointer: '', message: `note: ${note.message}` })),
    );
    return GOOD;
  },
};

function formatOf(out: string): 'json' | 'yaml' {
  switch (extname(out).toLowerCase()) {
    case '.json':
      return 'json';
    case '.yaml':
    case '.yml':
      return 'yaml';
    default:
      throw new UsageFault(`--out ${quoted(out)} must end in .json, .yaml or .yml`);
  }
}
