import { type Finding, finding, named } from './doctor-finding.ts';
import type { LookedFile, Surroundings } from './doctor-surroundings.ts';
import { shellWord } from './shown-name.ts';

const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;
const OTHERS_READ = 0o044;
const STICKY = 0o1000;

/** Who can read what is kept, and who can edit the rules. */
export function fileFindings({ account, files, data }: Surroundings): readonly Finding[] {
  if (account.uid === undefined) {
    return [
      finding(
        'note',
        'Who may read and write the files cannot be told on this system.',
        `let nobody but the gateway's own account reach ${data}`,
      ),
    ];
  }
  return [
    ...rootFindings(account.uid),
    ...ownerFindings(files, account.uid, account.name),
    ...keptFindings(files),
    ...ruleFindings(files, account.name),
  ];
}

function rootFindings(uid: number): readonly Finding[] {
  if (uid !== 0) return [];
  return [
    finding(
      'warning',
      'This is root, who may read and write everything.',
      'run the gateway, and toolgate doctor, on an account of its own',
    ),
  ];
}

function ownerFindings(files: readonly LookedFile[], uid: number, name: string): readonly Finding[] {
  const foreign = files.filter((file) => isOfFolder(file) && file.uid !== uid);
  const [first] = foreign;
  if (first === undefined) return [];
  const paths = named(foreign.map(({ path }) => path));
  const sentence = `${paths} belongs to account number ${first.uid}, and this is ${name} (${uid}).`;
  return [
    finding(
      'warning',
      sentence,
      "run toolgate doctor on the gateway's own account, and let everything in the data folder belong to it",
    ),
  ];
}

function keptFindings(files: readonly LookedFile[]): readonly Finding[] {
  const folder = files.find(({ role }) => role === 'data folder');
  if (folder === undefined) return [];
  const open = files.filter((file) => file.role === 'kept' && (file.mode & OTHERS) !== 0);
  const isOpen = (folder.mode & OTHERS) !== 0;
  const ofFolder = isOpen
    ? finding(
        'problem',
        `The data folder ${folder.path} is open to other accounts (mode ${modeText(folder)}).`,
        `chmod 700 ${shown(folder.path)}`,
      )
    : finding('ok', `The data folder ${folder.path} is private.`);
  if (open.length === 0) return [ofFolder];
  // Behind a private folder nobody gets at them.
  const sentence = `${named(open.map((file) => `${file.path} (mode ${modeText(file)})`))} would be open to other accounts but for the folder.`;
  const level = isOpen ? 'problem' : 'note';
  return [
    ofFolder,
    finding(
      level,
      isOpen ? sentence.replace('would be', 'is').replace(' but for the folder', '') : sentence,
      `chmod 600 ${named(open.map(({ path }) => shown(path)))}`,
    ),
  ];
}

function ruleFindings(files: readonly LookedFile[], account: string): readonly Finding[] {
  const rules = files.filter(isRule);
  const loose = files.filter(
    (file) => (isRule(file) || file.role === 'folder') && (file.mode & OTHERS_WRITE) !== 0 && !isSticky(file),
  );
  const byOthers = loose.map((file) =>
    finding(
      'problem',
      `${file.path} can be written by other accounts (mode ${modeText(file)}): they could change the rules.`,
      `chmod go-w ${shown(file.path)}`,
    ),
  );
  const readable = rules.filter((file) => file.role === 'configuration' && (file.mode & OTHERS_READ) !== 0);
  const toOthers = readable.map((file) =>
    finding(
      'warning',
      `${file.path} can be read by other accounts (mode ${modeText(file)}), with the tokens and passphrase hashes in it.`,
      `chmod 600 ${shown(file.path)}`,
    ),
  );
  return [...byOthers, ...toOthers, ...ownRules(rules, account)];
}

function ownRules(rules: readonly LookedFile[], account: string): readonly Finding[] {
  const writable = rules.filter(({ isWritable }) => isWritable);
  if (rules.length === 0) return [];
  if (writable.length === 0)
    return [finding('ok', `This account (${account}) cannot write the configuration and the policies.`)];
  const sentence = `This account (${account}) can write ${named(writable.map(({ path }) => path))}: an agent with a shell on it can edit its own rules.`;
  return [
    finding(
      'warning',
      sentence,
      'run agents on an account of their own, or the gateway on another host; a notice of policy.changed tells of every change',
    ),
  ];
}

function isRule({ role }: LookedFile): boolean {
  return role === 'configuration' || role === 'policy';
}

function isOfFolder({ role }: LookedFile): boolean {
  return role === 'data folder' || role === 'kept';
}

/** In such a folder everybody replaces only what is their own. */
function isSticky({ role, mode }: LookedFile): boolean {
  return role === 'folder' && (mode & STICKY) !== 0;
}

function modeText({ mode }: LookedFile): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function shown(path: string): string {
  return shellWord(path) ?? JSON.stringify(path);
}
