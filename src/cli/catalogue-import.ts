import { resolve } from 'node:path';
import { quoted } from '../policy/problem.ts';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { readDocument } from '../settings/read-document.ts';
import { type Proposal, propose } from '../settings/registry/propose.ts';
import { isLoopbackHost, whyNoWay } from '../settings/registry/public-address.ts';
import { type Answer, readAnswer } from '../settings/registry/read-answer.ts';
import { readRegistryServer } from '../settings/registry/read-registry-server.ts';
import { visible } from '../settings/visible.ts';
import type { Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { fragmentText, importedJson, importedText } from './catalogue-import-text.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { numberOption, onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { CATALOGUE_IMPORT_HELP } from './usage-catalogue.ts';
import type { World } from './world.ts';
import { writeNew } from './write-new.ts';

export const catalogueImport: Command = {
  name: 'catalogue import',
  options: {
    name: 'text',
    package: 'text',
    version: 'text',
    set: 'texts',
    loopback: 'flag',
    out: 'text',
    json: 'flag',
  },
  help: CATALOGUE_IMPORT_HELP,
  async run(options, world) {
    const from = onlyWord(options, 'FILE or URL');
    const given = givenIn(options);
    const loopback = options.flags.has('loopback') ? 'meant' : 'not meant';
    const read = await readFrom(from, world);
    if (read.kind === 'fault') return refuse(world, from, [read.reason]);
    const answer = readAnswer(read.value, options.texts.get('version'));
    const gone = whyGone(answer);
    if (answer.kind === 'fault' || gone !== undefined) return refuse(world, from, [gone ?? 'cannot be read']);
    const server = readRegistryServer(answer.server);
    if (!('packages' in server)) {
      return refuse(
        world,
        from,
        server.map(({ pointer, message }) => `${pointer} ${message}`.trim()),
      );
    }
    const catalogue = loadCatalogue();
    const known = { packages: catalogue.packages(), servers: catalogue.names() };
    const way = options.texts.has('package') ? numberOption(options, 'package', 1, 1, 1000) : undefined;
    const proposal = propose(server, { name: options.texts.get('name'), way, given, loopback }, known);
    if (proposal.kind === 'no proposal') return refuse(world, from, proposal.faults);
    const told = { server, proposal: { ...proposal, warnings: [...statusWarnings(answer), ...proposal.warnings] } };
    await writeOut(told.proposal, options, world);
    const isJson = options.flags.has('json');
    world.stdout.write(isJson ? prettyJson(importedJson(told)) : importedText(told, options.texts.get('out')));
    return GOOD;
  },
};

function givenIn(options: Options): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const text of options.lists.get('set') ?? []) {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageFault(`--set takes NAME=VALUE, not ${quoted(text)}`);
    const name = text.slice(0, at);
    if (given.has(name)) throw new UsageFault(`--set ${quoted(name)} stands twice`);
    given.set(name, text.slice(at + 1));
  }
  return given;
}

type Read = { readonly kind: 'value'; readonly value: Json } | { readonly kind: 'fault'; readonly reason: string };

async function readFrom(from: string, world: World): Promise<Read> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(from)) {
    const read = await readDocument(resolve(world.cwd, from));
    if (read.kind === 'document') return { kind: 'value', value: read.document.value };
    const { line, column, message } = read.problem;
    return { kind: 'fault', reason: line === 0 ? message : `${line}:${column} ${message}` };
  }
  const url = URL.parse(from);
  if (url === null) throw new UsageFault(`${quoted(from)} is no URL`);
  // Who types the address of this machine means this machine.
  const why = whyNoWay(url, isLoopbackHost(url.hostname) ? 'meant' : 'not meant');
  if (why !== undefined) throw new UsageFault(`the URL ${why}`);
  if (url.username !== '' || url.password !== '') throw new UsageFault('the URL must not hold a user name or password');
  const fetched = await world.fetchDocument(url);
  if (fetched.kind === 'fault') return fetched;
  const value = readJson(fetched.text, STRICT);
  return value.kind === 'value' ? value : { kind: 'fault', reason: `is no JSON: ${value.reason}` };
}

function whyGone(answer: Answer): string | undefined {
  if (answer.kind === 'fault') return answer.reason;
  if (answer.status !== 'deleted') return undefined;
  return `the registry has deleted this version${because(answer.statusMessage)}; it is not to be run`;
}

function statusWarnings(answer: Extract<Answer, { kind: 'server' }>): readonly string[] {
  const { status, statusMessage, isOld } = answer;
  return [
    ...(status === undefined || status === 'active' ? [] : [`the registry says: ${status}${because(statusMessage)}`]),
    ...(isOld ? ['the registry knows of a later version; this one was asked for, and no other is taken'] : []),
  ];
}

function because(message: string | undefined): string {
  return message === undefined ? '' : ` (${quoted(message)})`;
}

async function writeOut(proposal: Proposal, options: Options, world: World): Promise<void> {
  const out = options.texts.get('out');
  if (out === undefined) return;
  const files = [{ name: `${proposal.name}.jsonc`, text: fragmentText(proposal) }];
  for (const place of await writeNew(out, files, 'keep', world)) world.stderr.write(`wrote ${visible(place)}\n`);
}

function refuse(world: World, from: string, reasons: readonly string[]): number {
  for (const reason of reasons) world.stderr.write(`toolgate catalogue import: ${visible(`${from}: ${reason}`)}\n`);
  return NO;
}
