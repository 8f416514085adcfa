import { join, resolve } from 'node:path';
import type { Viewer } from '../gateway/approvals/approval-desk.ts';
import { quoted } from '../policy/problem.ts';
import { Secret } from '../settings/secret.ts';
import { stampOf } from '../settings/stamp.ts';
import { dataFolder } from './data-folder.ts';
import { type Options, UsageFault } from './options.ts';
import { shellWord, shownName } from './shown-name.ts';
import { DeskFault, type DeskOptions, type OpenDesk, type World } from './world.ts';

/** Options of every command about approvals: where they are, and who speaks. */
export const DESK_OPTIONS = { data: 'text', config: 'text', url: 'text', as: 'text' } as const;

/** `a look` at a data folder needs nobody in particular. */
export type Need = 'a look' | 'a person';

export interface Seat {
  readonly desk: OpenDesk;
  readonly viewer: Viewer;
}

/** Opens the desk, finds out who sits at it, and closes it afterwards. */
export async function atDesk(
  options: Options,
  world: World,
  need: Need,
  use: (seat: Seat) => Promise<number>,
): Promise<number> {
  const place = placeOf(options, world);
  await demandWay(place, options, world, need);
  const desk = await world.openDesk(place);
  try {
    const person = await personAt(desk, place, options, world, need);
    return await use({ desk, viewer: { person, channel: 'command line' } });
  } finally {
    await desk.close();
  }
}

function placeOf(options: Options, world: World): DeskOptions {
  const { texts } = options;
  const isLocal = texts.has('data') || texts.has('config');
  if (texts.has('url') && isLocal) {
    throw new UsageFault(
      'either --url, a running gateway, or --data and --config, a data folder of this machine; not both',
    );
  }
  const address = texts.get('url') ?? (isLocal ? undefined : world.env['TOOLGATE_URL']);
  if (address !== undefined && address !== '') {
    const token = world.env['TOOLGATE_TOKEN'];
    const isToken = token !== undefined && token !== '' && !texts.has('as');
    const name = texts.has('url') ? '--url' : 'TOOLGATE_URL';
    return { kind: 'remote', url: gatewayUrl(name, address), token: isToken ? new Secret(token) : undefined };
  }
  const config = texts.get('config');
  return {
    kind: 'local',
    data: dataFolder(options, world),
    config: config === undefined ? undefined : resolve(world.cwd, config),
  };
}

/** What is wrong is told without the address, which may hold secrets. */
function gatewayUrl(name: string, address: string): URL {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new UsageFault(`${name} must be the address of a gateway, such as https://gateway.example.com`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageFault(`${name} must hold no user name and no password: the token is read from TOOLGATE_TOKEN`);
  }
  if (url.search !== '' || url.hash !== '') throw new UsageFault(`${name} must end with its path: no "?" and no "#"`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new UsageFault(
      `${name} must be https: by http a token would travel in the clear; only this machine itself may be http`,
    );
  }
  const [, before] = /^(.*?)\/mcp(?:\/[^/]*)?\/?$/.exec(url.pathname) ?? [];
  if (before !== undefined) {
    throw new UsageFault(
      `${name} must be the address of the gateway itself, not the one at which agents call servers: write ${url.origin}${before}`,
    );
  }
  return url;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Before anything is opened or asked: who cannot come to be known is told at once. */
async function demandWay(place: DeskOptions, options: Options, world: World, need: Need): Promise<void> {
  if (world.prompt.isTerminal) return;
  if (options.texts.has('as')) {
    throw new UsageFault(
      '--as asks for the passphrase at a terminal, and this is none; elsewhere TOOLGATE_TOKEN holds a token',
    );
  }
  if (tokenIn(world) !== undefined || (place.kind === 'local' && need === 'a look')) return;
  throw new DeskFault(
    `a person's own token or passphrase is needed${place.kind === 'local' ? ': to read the data folder is not enough' : ''}. ${await remedy(place, world)}`,
  );
}

function tokenIn(world: World): string | undefined {
  const token = world.env['TOOLGATE_TOKEN'];
  return token === '' ? undefined : token;
}

async function remedy(place: DeskOptions, { prompt }: World): Promise<string> {
  const way = prompt.isTerminal
    ? 'Try again: a token is asked for where TOOLGATE_TOKEN holds none, and with --as NAME the passphrase of NAME'
    : 'Put your token into TOOLGATE_TOKEN, or run this at a terminal, where it is asked for (with --as NAME the passphrase of NAME)';
  return `${way}. ${await whereNamed(place)}`;
}

/** Where one looks who may answer. */
async function whereNamed(place: DeskOptions): Promise<string> {
  if (place.kind === 'remote') return `Who may answer stands under "people" in the gateway's configuration`;
  const file = place.config ?? join(place.data, 'toolgate.jsonc');
  const isThere = place.config !== undefined || !(await stampOf(file)).startsWith('none');
  if (isThere) return `Who may answer stands under "people" in ${file}`;
  return `Who may answer stands under "people" in the configuration, and there is none in ${place.data}: name it with --config, or ask the running gateway with --url`;
}

async function personAt(
  desk: OpenDesk,
  place: DeskOptions,
  options: Options,
  world: World,
  need: Need,
): Promise<Viewer['person']> {
  const name = options.texts.get('as');
  const isAnybody = place.kind === 'local' && need === 'a look';
  const secret = await secretOf(name, world, isAnybody);
  if (secret === undefined) return undefined;
  const person = await desk.identify(secret, name);
  if (person !== undefined || (isAnybody && name === undefined)) return person;
  const what = name === undefined ? await notYours(desk, secret) : `this is not the passphrase of ${quoted(name)}`;
  throw new DeskFault(`${what}: nothing was answered. ${await remedy(place, world)}`);
}

async function notYours(desk: OpenDesk, secret: Secret): Promise<string> {
  const grant = await desk.grantOf?.(secret);
  return grant === undefined
    ? 'this token is no person’s'
    : `this token is no person’s but that of the grant ${shownName(grant)}, and a grant answers nothing`;
}

async function secretOf(name: string | undefined, world: World, isAnybody: boolean): Promise<Secret | undefined> {
  const token = tokenIn(world);
  if (name === undefined && token !== undefined) return new Secret(token);
  if (name === undefined && isAnybody) return undefined;
  const question = name === undefined ? 'Your token: ' : `Passphrase of ${quoted(name)}: `;
  const line = await world.prompt.hidden(question);
  // A token holds no space; a passphrase may.
  const typed = name === undefined ? line?.trim() : line;
  if (typed === undefined || typed === '') throw new DeskFault('nothing was typed, so nothing was answered');
  return new Secret(typed);
}

/** The options that lead another command to the same place; undefined where they cannot be typed as they are shown. */
export function sameWay(options: Options): readonly string[] | undefined {
  const words: string[] = [];
  for (const name of Object.keys(DESK_OPTIONS)) {
    const value = options.texts.get(name);
    if (value === undefined) continue;
    const word = shellWord(value);
    if (word === undefined) return undefined;
    words.push(`--${name}`, word);
  }
  return words;
}
