import type { KnownTool } from '../gateway/definitions.ts';
import type { Definition, Subject } from '../policy/decision.ts';
import type { Call } from '../wire/call.ts';
import { bareObject, type JsonObject } from '../wire/json.ts';
import { argumentsAgain } from './kept-arguments.ts';
import { mayBeCut } from './read-record.ts';
import type { OpenValue, RecordedCall } from './recorded-call.ts';
import { look, type Witness } from './witness.ts';

/** What is kept beside the log of what calls were about. */
export interface Sources {
  readonly open: OpenValue;
  /** The definition with this mark, if it is still the one that may be called. */
  definition(server: string, tool: string, mark: string): Pick<KnownTool, 'annotations' | 'input'> | undefined;
}

/** A recorded call as the judge may look at it. */
export interface CallAgain {
  readonly call: Call;
  readonly subject: Subject;
  readonly tool: Definition | 'no tool';
}

/** Makes recorded calls to be judged again. The witness notes it where something is looked at that is not known any more. */
export function callsAgain(sources: Sources, witness: Witness): (recorded: RecordedCall) => CallAgain {
  const unknown = blindDefinition(witness);
  const definition = ({ server, name, definition: mark }: RecordedCall): Definition =>
    (mark === undefined ? undefined : sources.definition(server, name, mark)) ?? unknown;
  return (recorded) =>
    callAgain(recorded, sources, witness, recorded.kind === 'tool' ? definition(recorded) : 'no tool');
}

function callAgain(recorded: RecordedCall, sources: Sources, witness: Witness, tool: CallAgain['tool']): CallAgain {
  const { kind, method, name, server, session } = recorded;
  const args = argumentsAgain(recorded, sources.open, witness);
  const call: Call =
    args === undefined
      ? blindCall(recorded, witness)
      : // What is judged of a call is all but its params.
        { kind, method, name, args, params: args };
  const subject: Subject = {
    grant: grantAgain(recorded, witness),
    server,
    session,
    client: clientAgain(recorded, witness),
  };
  return { call, subject, tool };
}

function blindCall({ kind, method, name }: RecordedCall, witness: Witness): Call {
  const nothing = (): JsonObject => {
    look(witness, 'arguments');
    return bareObject();
  };
  return {
    kind,
    method,
    name,
    get args() {
      return nothing();
    },
    get params() {
      return nothing();
    },
  };
}

function grantAgain({ grant: name, owner, labels }: RecordedCall, witness: Witness): Subject['grant'] {
  if (labels !== undefined) return { name, owner, labels };
  return {
    name,
    owner,
    get labels() {
      look(witness, 'labels');
      return {};
    },
  };
}

function clientAgain({ client }: RecordedCall, witness: Witness): Subject['client'] {
  if (!mayBeCut(client.name) && !mayBeCut(client.version)) return client;
  const cut = (text: string | undefined): string | undefined => {
    if (mayBeCut(text)) look(witness, 'client');
    return text;
  };
  return {
    get name() {
      return cut(client.name);
    },
    get version() {
      return cut(client.version);
    },
  };
}

function blindDefinition(witness: Witness): Definition {
  return {
    get annotations() {
      look(witness, 'definition');
      return bareObject();
    },
    input() {
      look(witness, 'definition');
      return { kind: 'problem', reason: 'its definition is not known any more' };
    },
  };
}
