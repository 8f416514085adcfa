import { type Approval, isOver } from '../../src/gateway/approvals/approval.ts';
import type { ApprovalChanges } from '../../src/gateway/approvals/approval-ports.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import type { ChangeNote, CommitNote, Note, Probe } from './law-12-ledger.ts';
import {
  digestOf,
  LOCAL_USER,
  mayAnswer,
  mayLocalAnswer,
  neededBy,
  quorumFor,
  type Ruled,
  type Rules,
  ruled,
} from './law-12-rules.ts';
import { MAX_OF_GRANT, MAX_OF_NAME, TIMEOUT_MS, TOOLS } from './law-12-scene.ts';

/** What the model knows of a question. */
interface Known {
  row: Approval;
  /** What the rule said that asked, and the limit that would have, too. */
  readonly asks: string;
  readonly beyond: string | undefined;
  readonly definition: number;
  readonly approvals: Rules['approvals'];
  /** Which message asked first, and which joined. */
  readonly askedBy: Set<Probe>;
  approvedAt: number;
  /** The message that used it, and those that went on with its call. */
  usedBy: Probe | undefined;
  isGivenBack: boolean;
}

/** As it is now. */
interface Situation {
  readonly rules: Rules;
  readonly removed: ReadonlySet<string>;
  readonly definitions: ReadonlyMap<string, number>;
  ownerOf(grant: string): string;
}

interface Judged {
  readonly owner: string;
  readonly rules: Rules | undefined;
  readonly definitions: readonly number[];
}

/** Whether a limit stands in the way that did not when it was asked. */
function isBeyond(says: Ruled, { asks, beyond }: Known): boolean {
  return says.effect === 'ask' && says.beyond !== undefined && says.beyond !== beyond && says.beyond !== asks;
}

/** A message that may be sent once. */
interface Leave {
  readonly approval: string | undefined;
  readonly args: string;
  readonly tool: string;
  readonly params: string | undefined;
  /** With the approval, or the freedom, of the round before. */
  readonly goesOn: boolean;
}

/** Whoever looked for an approval was told the tick. */
const NEVER: number = Number.POSITIVE_INFINITY;

const text = (value: unknown): string => canonicalJson(value as JsonObject);

/**
 * The model of law 12: it goes through what happened, in order, and says what must not have. It shares nothing with the gateway but the words
 * in which a question is kept.
 */
export class Judge {
  readonly faults: string[] = [];
  readonly known = new Map<string, Known>();
  /** How often what happened: a proof that tries nothing proves nothing. */
  readonly seen = new Map<string, number>();
  readonly #judged = new Map<Probe, Judged>();
  readonly #leaves = new Map<Probe, Leave>();
  readonly #sent = new Map<Probe, Leave>();
  /** By the message whose answer carried the state: the one that brought it back first. */
  readonly #continued = new Map<Probe, Probe>();
  /** Messages whose state is taken, and that are judged like any other. */
  readonly #anew = new Set<Probe>();
  readonly #spent = new Set<string>();
  readonly #minted = new Map<string, Probe>();
  /** Of which nothing went out. */
  readonly #unsent = new Set<Probe>();
  readonly #asleepSince = new Map<Probe, number>();
  readonly #gone = new Set<Probe>();
  /** What the limit has counted, by grant and server; and which passes count there. */
  readonly #counted = new Map<string, number>();
  readonly #counting = new Map<string, string>();
  /** The last tick of any transaction. */
  tick: number = Number.NEGATIVE_INFINITY;
  #at = 0;

  take(notes: readonly Note[]): void {
    for (; this.#at < notes.length; this.#at += 1) {
      const note = notes[this.#at];
      if (note !== undefined) this.#take(note);
    }
  }

  /** The store holds what was written, and nothing else. */
  compare(rows: readonly Approval[]): void {
    const kept = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { row }] of this.known) {
      const found = kept.get(id);
      if (found === undefined || text(bare(found)) !== text(bare(row))) this.fault(`${id} is kept as something else`);
    }
    if (kept.size !== this.known.size) this.fault('the store holds questions that nobody asked');
  }

  /** What the rules say of a call now, with what the limit has counted. */
  ruled(rules: Rules, grant: string, server: string, tool: string, n: unknown): Ruled {
    return ruled(rules, tool, n, this.#counted.get(`${grant} ${server}`) ?? 0);
  }

  /** Whether a call that was approved as it stands would be sent now: nothing of it has changed. */
  isGood(id: string, situation: Situation): boolean {
    const { rules, removed, definitions } = situation;
    const known = this.known.get(id);
    if (known === undefined || known.row.edit !== undefined) return false;
    const { grant, server, name, params } = known.row.subject;
    const says = this.ruled(rules, grant, server, name, objAt(JSON.parse(params), 'arguments')['n']);
    const areKnown = known.row.answers.every(({ by }) => !removed.has(by));
    const isDefined = definitions.get(`${server} ${name}`) === known.definition;
    const isAsked = says.effect === 'ask' && says.asks === known.asks && !isBeyond(says, known);
    const isSame = rules.approvals === known.approvals && situation.ownerOf(grant) === known.row.subject.owner;
    return areKnown && isDefined && isAsked && isSame;
  }

  fault(told: string): void {
    this.faults.push(`note ${this.#at}: ${told}`);
  }

  #demand(isSo: boolean, told: string): void {
    if (!isSo) this.fault(told);
  }

  #count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  #take(note: Note): void {
    switch (note.what) {
      case 'judged':
        return this.#judge(note.probe, note);
      case 'commit':
        if (!note.isUndone) this.#commit(note);
        return;
      case 'change':
        if (!note.isUndone) this.#change(note);
        return;
      case 'refund': {
        const counter = this.#counting.get(note.pass);
        this.#counting.delete(note.pass);
        if (counter !== undefined) this.#counted.set(counter, (this.#counted.get(counter) ?? 0) - 1);
        return;
      }
      case 'sent':
        return this.#send(note.probe, note.seat, note.params);
      case 'minted':
        this.#minted.set(note.state, note.probe);
        return;
      case 'unsent':
        this.#unsent.add(note.probe);
        return;
      case 'gone':
        this.#gone.add(note.probe);
        this.#count('gone');
        return;
      case 'asleep':
        this.#asleepSince.set(note.probe, this.#at);
        return;
      case 'awake':
        this.#asleepSince.delete(note.probe);
        return;
      case 'answered':
        return this.#answered(note.probe);
      case 'killed':
        this.#count('killed');
        return;
      case 'trouble':
        return this.fault(`something failed that nobody had fail: ${note.told}`);
    }
  }

  #moment({ tick, least }: Pick<CommitNote, 'tick' | 'least'>): void {
    if (tick === undefined) return;
    this.#demand(tick >= this.tick, `time ran backwards from ${this.tick} to ${tick}`);
    this.#demand(tick >= least, `time is behind: ${tick} instead of ${least}`);
    this.tick = Math.max(this.tick, tick);
  }

  // ------------------------------------------------------------ passes

  /** Reading a state takes it, whatever comes of the message. */
  #judge(probe: Probe, judged: Judged): void {
    this.#judged.set(probe, judged);
    const { parent, isLaterRound } = probe;
    if (isLaterRound && parent !== undefined && !this.#continued.has(parent)) this.#continued.set(parent, probe);
  }

  #commit(note: CommitNote): void {
    this.#moment(note);
    const { body, probe, pass, ruling } = note;
    if (probe === undefined) return this.fault('a pass of nobody');
    const judged = this.#judged.get(probe);
    if (judged === undefined) return this.fault('a pass that nobody judged');
    if (judged.rules === undefined) {
      this.#demand(body['decision'] === 'deny', 'a grant without a policy passes');
      return;
    }
    const { rules } = judged;
    const { grant, server } = probe;
    const [tool, args] = [String(body['tool']), objAt(body, 'args')];
    this.#demand(body['policy'] === digestOf(rules), 'the record names another policy than the one that judged');
    this.#demand(body['grant'] === grant && body['server'] === server, 'the record names somebody else');
    const isLaterRound = this.#isLaterRound(probe);
    // What continues a call was counted with it.
    const says = this.ruled(isLaterRound ? { ...rules, limit: undefined } : rules, grant, server, tool, args['n']);
    const definition = judged.definitions[(TOOLS as readonly string[]).indexOf(tool)] ?? 0;
    const used = ruling?.approvals.find(({ state }) => state === 'used');
    const id = body['approval'];
    if (ruling !== undefined) this.#pass(note, probe, { rules, says, definition, owner: judged.owner });
    if (body['decision'] !== 'allow') {
      this.#demand(used === undefined, 'a call that does not pass used an approval');
      const asked = typeof id === 'string' ? this.known.get(id) : undefined;
      if (body['decision'] !== 'require_approval') return;
      this.#demand(id === undefined || asked?.row.state === 'open', 'the agent is told of a question that is not open');
      asked?.askedBy.add(probe);
      // The next pass of the message begins anew.
      if (isLaterRound && asked !== undefined) this.#anew.add(probe);
      if (asked !== undefined) this.#demand(asked.row.subject.grant === grant, 'told of the question of another grant');
      return;
    }
    this.#demand(says.effect !== 'deny', `a call passes that is denied: ${text(args)}`);
    this.#demand(definition > 0, 'a call passes whose tool is not accepted');
    const isDenied = [...this.known.values()].some(({ row, askedBy }) => {
      return row.state === 'denied' && (askedBy.has(probe) || probe.params['taskId'] === row.id);
    });
    this.#demand(!isDenied, 'a call passes that waited for an answer, and was denied');
    if (typeof id !== 'string') {
      this.#demand(says.effect === 'allow', `a call passes about which nobody was asked: ${text(args)}`);
      this.#demand(used === undefined, 'an approval is used by a call that does not name it');
    } else if (used !== undefined) {
      this.#use(note, probe, id, { rules, says, definition, owner: judged.owner, tool, args });
    } else {
      this.#goOn(probe, id, { says, definition, isLaterRound });
    }
    const approval = typeof id === 'string' ? id : undefined;
    const known = approval === undefined ? undefined : this.known.get(approval)?.row;
    const params = known === undefined ? undefined : (known.edit?.params ?? known.subject.params);
    const goesOn = isLaterRound && used === undefined;
    this.#leaves.set(probe, { approval, args: text(args), tool, params, goesOn });
    if (!isLaterRound && rules.limit !== undefined) {
      const counter = `${grant} ${server}`;
      this.#counted.set(counter, (this.#counted.get(counter) ?? 0) + 1);
      this.#counting.set(pass, counter);
    }
  }

  /** Whether this pass goes on with a call: the first of a message that brings back what the server gave, and nobody brought before. */
  #isLaterRound(probe: Probe): boolean {
    if (this.#anew.has(probe)) return false;
    // A task goes on with its own state.
    if (probe.kind === 'update') return true;
    return probe.isLaterRound && probe.parent !== undefined && this.#continued.get(probe.parent) === probe;
  }

  #use(
    { ruling, pass, tick = NEVER, strangers }: CommitNote,
    probe: Probe,
    id: string,
    call: {
      readonly rules: Rules;
      readonly says: Ruled;
      readonly definition: number;
      readonly owner: string;
      readonly tool: string;
      readonly args: Obj;
    },
  ): void {
    const used = ruling?.approvals.find(({ state }) => state === 'used');
    const known = this.known.get(id);
    if (used?.id !== id || known === undefined)
      return this.fault('the record names another approval than the used one');
    const { row, asks, definition } = known;
    const { subject, edit } = row;
    this.#demand(row.used?.pass === pass, 'the approval names another pass');
    this.#demand(known.usedBy === undefined, `${id} is used twice`);
    known.usedBy = probe;
    this.#demand(tick < row.expires, `${id} is used after its time`);
    this.#demand(
      subject.grant === probe.grant && subject.server === probe.server && subject.name === call.tool,
      `${id} is used by another grant, on another server, or for another tool`,
    );
    const stranger = row.answers.find(({ by, said }) => said === 'approve' && strangers.includes(by));
    this.#demand(stranger === undefined, `${id} was approved by ${stranger?.by}, who is a stranger by now`);
    this.#demand(
      definition === call.definition,
      `${id} was given for definition ${definition}, not ${call.definition}`,
    );
    const isQuorum = call.rules.approvals === known.approvals;
    this.#demand(isQuorum, `${id} was given by other people than those who must agree by now`);
    this.#demand(!isBeyond(call.says, known), `${id} lifts a limit of which nobody was told`);
    this.#demand(subject.owner === call.owner, `${id} was given to ${subject.owner}, and used by ${call.owner}`);
    const isAsked = call.says.effect === 'ask' && call.says.asks === asks;
    // Who waited for an answer gets it, also when nothing asks any more.
    const waited = probe.kind !== 'call' || known.askedBy.has(probe);
    const isFree = call.says.effect === 'allow' && (edit !== undefined || waited);
    this.#demand(isAsked || isFree, `${id} was given where another rule asked`);
    const approved = objAt(JSON.parse(edit?.params ?? subject.params), 'arguments');
    this.#demand(text(approved) === text(call.args), `${id} is of ${text(approved)}, the call of ${text(call.args)}`);
    this.#count(`used: ${/\((.*)\)$/.exec(probe.seat)?.[1]}`);
    if (edit !== undefined) this.#count('used: edited');
    if (subject.quorum.count > 1) this.#count('used: by two');
    if (![...known.askedBy].some((one) => one.seat === probe.seat)) this.#count('used: from another session');
  }

  /** A pass that names an approval and does not use it: a later round of the call that did. */
  #goOn(
    probe: Probe,
    id: string,
    call: { readonly says: Ruled; readonly definition: number; readonly isLaterRound: boolean },
  ): void {
    const known = this.known.get(id);
    if (known === undefined || !call.isLaterRound) {
      return this.fault(`${id} is named by a call that neither used it nor goes on with the one that did`);
    }
    this.#demand(known.row.subject.grant === probe.grant, `${id} is named by another grant`);
    this.#demand(known.row.state === 'used', `${id} was not used before`);
    // Where nobody need be asked any more, it passes by itself.
    if (call.says.effect !== 'ask') return;
    this.#demand(
      known.definition === call.definition,
      `a later round goes on under definition ${call.definition}; ${id} was given for ${known.definition}`,
    );
    this.#demand(call.says.asks === known.asks, `${id}: another rule asks in a later round`);
  }

  /** What a pass wrote of questions. */
  #pass(note: CommitNote, probe: Probe, now: { rules: Rules; says: Ruled; definition: number; owner: string }): void {
    const { ruling, tick = NEVER } = note;
    if (ruling === undefined) return;
    this.#records(ruling);
    // What was denied or called off counts for as long as it would have stood.
    const pending = [...this.known.values()].flatMap(({ row: { state, expires, subject } }) =>
      ['open', 'denied', 'void'].includes(state) && expires > tick ? [subject] : [],
    );
    for (const row of ruling.approvals) {
      const known = this.known.get(row.id);
      if (known === undefined) {
        this.#asked(row, note, probe, { ...now, pending });
        continue;
      }
      this.#demand(known.row.subject.grant === probe.grant, 'a pass changes a question of another grant');
      if (row.state === 'void') {
        const isOther = now.says.effect !== 'ask' || now.says.asks !== known.asks;
        const isLost = known.row.answers.some(({ by, said }) => said === 'approve' && note.strangers.includes(by));
        const isElse = isBeyond(now.says, known) || now.owner !== known.row.subject.owner;
        this.#demand(
          isOther || isLost || isElse || now.rules.approvals !== known.approvals || now.definition !== known.definition,
          `${row.id} is void, and nothing of it has changed`,
        );
        this.#count('void');
      }
      this.#demand(['used', 'void', 'expired'].includes(row.state), `a pass makes ${row.id} ${row.state}`);
      this.#become(known, row, tick);
      if (row.state === 'used') this.#demand(row.used?.pass === note.pass, `${row.id} is used by another pass`);
    }
  }

  #asked(
    row: Approval,
    { body, tick = NEVER }: CommitNote,
    probe: Probe,
    {
      rules,
      says,
      definition,
      pending,
    }: { rules: Rules; says: Ruled; definition: number; pending: readonly Approval['subject'][] },
  ): void {
    const isFresh =
      row.state === 'open' && row.answers.length === 0 && row.edit === undefined && row.used === undefined;
    this.#demand(isFresh, `${row.id} begins as ${row.state}`);
    this.#demand(body['approval'] === row.id, 'the agent is told of another question');
    if (says.effect !== 'ask') return this.fault('a person is asked though no rule wants that');
    const { subject } = row;
    this.#demand(subject.grant === probe.grant && subject.server === probe.server, 'somebody else is named as asking');
    this.#demand(row.expires === tick + TIMEOUT_MS, `${row.id} stands for another time`);
    this.#demand(text(subject.quorum) === text(quorumFor(rules.approvals)), `${row.id} may be answered by others`);
    const asked = objAt(JSON.parse(subject.params), 'arguments');
    this.#demand(
      text(asked) === text(objAt(probe.params, 'arguments')) || probe.kind !== 'call',
      'asked of other arguments',
    );
    const live = [...this.known.values()].filter((one) => !isOver(one.row) && one.row.expires > tick);
    this.#demand(!live.some((one) => one.row.key === row.key), `the same call has two questions`);
    const open = pending.filter(({ grant }) => grant === subject.grant);
    this.#demand(open.length < MAX_OF_GRANT, 'a grant has too many questions');
    const ofName = open.filter(({ name, server }) => name === subject.name && server === subject.server);
    this.#demand(ofName.length < MAX_OF_NAME, 'a grant has too many questions about a tool');
    const known: Known = {
      row,
      asks: says.asks,
      beyond: says.beyond,
      definition,
      approvals: rules.approvals,
      askedBy: new Set([probe]),
      approvedAt: Number.POSITIVE_INFINITY,
      usedBy: undefined,
      isGivenBack: false,
    };
    this.known.set(row.id, known);
    this.#count('asked');
  }

  // ------------------------------------------------------------ answers, and what happens by itself

  #change(note: ChangeNote): void {
    this.#moment(note);
    const { actor, changes, tick } = note;
    this.#records(changes);
    for (const row of changes.approvals) {
      const known = this.known.get(row.id);
      if (known === undefined) {
        this.#givenBack(row, note);
        continue;
      }
      const isAnswer = row.answers !== known.row.answers && row.state !== 'expired' && row.state !== 'void';
      if (isAnswer) this.#answer(known, row, note);
      else if (row.state === 'void') {
        this.#demand(actor?.kind === 'call off' && actor.grant === row.subject.grant, `nobody called ${row.id} off`);
        this.#count('called off');
      } else this.#demand(row.state === 'expired' && actor === undefined, `${row.id} becomes ${row.state} by itself`);
      this.#become(known, row, tick);
    }
  }

  /** Nothing of an approved call went out: the yes stands again, as a question of its own that was answered before. */
  #givenBack(row: Approval, { actor, changes, tick }: ChangeNote): void {
    const record = changes.records.map(({ body }) => JSON.parse(body) as Obj).find((one) => one['approval'] === row.id);
    const of = this.known.get(String(record?.['of']));
    if (of === undefined) return this.fault(`${row.id} was never asked`);
    const user = of.usedBy;
    this.#demand(row.state === 'approved' && of.row.state === 'used', `${of.row.id} is given back as ${row.state}`);
    this.#demand(user !== undefined && user === actor, `${of.row.id} is given back by another call than its own`);
    this.#demand(user === undefined || !this.#sent.has(user) || this.#unsent.has(user), 'given back, and it was sent');
    this.#demand(!of.isGivenBack && tick < row.expires, `${of.row.id} is given back twice, or too late`);
    of.isGivenBack = true;
    const { id: _, state: __, used: ___, edition: ____, ...same } = row;
    const { id: _1, state: _2, used: _3, edition: _4, ...before } = of.row;
    this.#demand(text(json(same)) === text(json(before)), `${row.id} is another than what is given back`);
    this.known.set(row.id, { ...of, row, usedBy: undefined, isGivenBack: false, approvedAt: this.#at });
    this.#count('given back');
  }

  #answer({ row: before, approvals }: Known, row: Approval, { actor, tick }: ChangeNote): void {
    const answer = row.answers.at(-1);
    if (answer === undefined || actor === undefined) return this.fault(`${row.id} is answered by nobody`);
    const { id } = row;
    this.#demand(before.state === 'open', `${id} was ${before.state} and is answered`);
    this.#demand(tick < before.expires, `${id} is answered after its time`);
    this.#demand(!before.answers.some(({ by }) => by === answer.by), `${answer.by} answers ${id} twice`);
    const isEdited = row.edit?.params !== before.edit?.params;
    const stay = isEdited ? before.answers.filter(({ said }) => said !== 'approve') : before.answers;
    this.#demand(text(row.answers.slice(0, -1)) === text(stay), `earlier answers to ${id} have changed`);
    if (actor.kind === 'saying') {
      const { person, said, args } = actor;
      this.#demand(actor.id === id && answer.by === person.name && answer.said === said, `${id}: another answer`);
      this.#demand(mayAnswer(approvals, person), `${person.name} may not answer ${id}`);
      const sends = row.edit?.params ?? row.subject.params;
      if (args !== undefined) {
        this.#demand(text(objAt(JSON.parse(sends), 'arguments')) === text(args), `${id}: another edit`);
      }
      if (isEdited) this.#count('edited');
    } else {
      const { says, parent } = actor;
      const isYes = answer.said === 'approve';
      this.#demand(isYes ? says === 'tick' : says === 'untick' || says === 'decline', `the client said ${says}`);
      this.#demand(!isYes || (mayLocalAnswer(approvals) && answer.by === LOCAL_USER), `${answer.by} may not answer`);
      this.#demand(!isYes || actor.seat.includes('form'), 'a client answers that was asked by no form');
      const wasAsked = this.#wasAsked(parent ?? actor, id) && (parent !== undefined || actor.kind === 'update');
      this.#demand(wasAsked, `the client was not asked about ${id}`);
      this.#count(`answered by the client: ${answer.said}`);
    }
    this.#demand(!isEdited || actor.kind === 'saying', `${id} is edited by a client`);
    if (answer.said === 'deny') this.#demand(row.state === 'denied', `${id} is denied and ${row.state}`);
    else {
      const agreed = new Set(row.answers.filter(({ said }) => said === 'approve').map(({ by }) => by)).size;
      const isEnough = agreed >= neededBy(approvals);
      this.#demand(row.state === (isEnough ? 'approved' : 'open'), `${id} is ${row.state} with ${agreed} yes`);
    }
    this.#count(`answered: ${answer.said}`);
  }

  /** Whether a message's client was asked about this question. */
  #wasAsked(probe: Probe, id: string): boolean {
    if (probe.params['taskId'] === id) return true;
    return this.known.get(id)?.askedBy.has(probe) === true;
  }

  /** What holds for every step of a question's life. */
  #become(known: Known, row: Approval, tick: number): void {
    const before = known.row;
    const { id } = row;
    this.#demand(!isOver(before), `${id} was ${before.state} and becomes ${row.state}`);
    const fixed = ({ key, expires, askedAt, subject }: Approval): string => text({ key, expires, askedAt, subject });
    this.#demand(fixed(before) === fixed(row), `what ${id} is about has changed`);
    if (before.state === 'approved' || isOver(row)) {
      const isAnswered = row.state === 'denied' || before.state === 'open';
      const same = text([row.answers, row.edit]) === text([before.answers, before.edit]);
      this.#demand(isAnswered || same, `${id} was answered, and its answer changes`);
    }
    if (row.state === 'used') this.#demand(before.state === 'approved', `${id} was ${before.state} and is used`);
    if (row.state === 'expired') {
      this.#demand(tick >= before.expires, `${id} expires before its time`);
      this.#count('expired');
    }
    if (row.state === 'approved' && before.state === 'open') known.approvedAt = this.#at;
    known.row = row;
  }

  /** Every change is on record, once, beside it. */
  #records({ approvals, records }: ApprovalChanges): void {
    const told = records.map(({ body }) => JSON.parse(body) as Obj);
    this.#demand(told.length === approvals.length, 'a change of a question is not on record, or twice');
    for (const row of approvals) {
      const record = told.find((one) => one['approval'] === row.id);
      const known = this.known.get(row.id);
      const isAnswer =
        row.state === 'denied' || row.state === 'approved' || (row.state === 'open' && known !== undefined);
      const event =
        known === undefined ? (row.state === 'open' ? 'asked' : 'given back') : isAnswer ? 'answered' : row.state;
      this.#demand(
        record?.['event'] === `approval ${event}`,
        `${row.id} is ${row.state}; recorded: ${record?.['event']}`,
      );
      this.#demand(record?.['state'] === row.state, `the record of ${row.id} tells another state`);
    }
  }

  // ------------------------------------------------------------ what the server saw

  #send(probe: Probe | undefined, seat: string, params: Obj): void {
    if (probe === undefined) return this.fault('a call of nobody was sent');
    this.#demand(probe.seat === seat, 'a call was sent to the server of another session');
    const leave = this.#leaves.get(probe);
    this.#leaves.delete(probe);
    if (leave === undefined) return this.fault(`sent without leave: ${text(params)}`);
    this.#demand(!this.#sent.has(probe), 'one message was sent twice');
    this.#sent.set(probe, leave);
    this.#demand(!this.#gone.has(probe), 'sent to the server for a client that is gone');
    const { _meta, inputResponses, requestState, ...bare } = params;
    const sent = { ...bare, arguments: objAt(params, 'arguments') };
    this.#demand(text(objAt(sent, 'arguments')) === leave.args && bare['name'] === leave.tool, `sent: ${text(bare)}`);
    if (leave.params !== undefined)
      this.#demand(text(bare) === leave.params, `approved: ${leave.params}; sent: ${text(bare)}`);
    if (requestState !== undefined) this.#stateOf(probe, String(requestState));
    if (leave.goesOn) this.#goneOn(leave, String(requestState));
    const since = this.#asleepSince.get(probe);
    const known = leave.approval === undefined ? undefined : this.known.get(leave.approval);
    if (since !== undefined && known?.askedBy.has(probe) === true) {
      this.#demand(known.approvedAt < since, 'sent behind the back of a client that had left when the answer came');
    }
    this.#count('sent');
  }

  /** A state comes back from the one that it was given to, with the call that it was given for. */
  #stateOf(probe: Probe, state: string): void {
    const minted = this.#minted.get(state);
    if (minted === undefined) return this.fault('a state that the server never gave was sent');
    const isSame = minted.grant === probe.grant && minted.server === probe.server;
    this.#demand(isSame, 'the state of another grant, or of another server, was sent');
    if (minted.kind !== 'call' || probe.kind !== 'call') return;
    const of = ({ params: { name, arguments: given } }: Probe): string => text([name, given]);
    this.#demand(of(minted) === of(probe), 'the state of another call was sent');
  }

  /** A later round: of the call that it says, with what that call had, and once. */
  #goneOn(leave: Leave, state: string): void {
    const minted = this.#minted.get(state);
    const before = minted && this.#sent.get(minted);
    if (minted === undefined || before === undefined) return;
    this.#demand(!this.#spent.has(state), 'one state goes on twice');
    this.#spent.add(state);
    const isSame = before.tool === leave.tool && before.args === leave.args;
    this.#demand(isSame, 'a later round is of another call');
    this.#demand(
      leave.approval === undefined || before.approval === leave.approval,
      'it goes on with another approval',
    );
    this.#count('a later round');
  }

  #answered(probe: Probe): void {
    const result = objAt(probe.reply, 'result');
    const row = this.known.get(String(probe.params['taskId']))?.row;
    if (probe.kind === 'call off' && probe.reply?.['result'] !== undefined) {
      this.#demand(row?.state !== 'open', `${row?.id} is called off, and its question stands`);
    }
    if (probe.kind !== 'call' || result['isError'] !== true) return;
    const told = objAt(objAt(result, '_meta'), 'toolgate/decision')['decision'];
    if (told !== undefined)
      this.#demand(!this.#sent.has(probe), 'the agent is told that its call was refused, and it was sent');
  }
}

function bare(row: Approval): Obj {
  const { edition: _, ...rest } = row;
  return json(rest);
}

const json = (value: unknown): Obj => JSON.parse(JSON.stringify(value)) as Obj;
