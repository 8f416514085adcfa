import type { ExportStart } from '../gateway/audit/export-ports.ts';

/** A text that is shown to nobody by accident. */
interface Revealed {
  reveal(): string;
}

interface AnyPlan {
  readonly name: string;
  readonly from: ExportStart;
}

interface AddressPlan extends AnyPlan {
  /** `http:` or `https:`. INVARIANT: it and the headers may hold secrets, so they never stand in a log, an error or a record. */
  readonly url: Revealed;
  readonly headers: ReadonlyMap<string, Revealed>;
}

export interface HttpPlan extends AddressPlan {
  readonly to: 'http';
}

export interface OtlpPlan extends AddressPlan {
  readonly to: 'otlp';
  /** `service.name`. */
  readonly service: string;
}

export interface FilePlan extends AnyPlan {
  readonly to: 'file';
  /** Absolute. */
  readonly file: string;
}

/** What is exported, and where to. */
export type ExportPlan = HttpPlan | OtlpPlan | FilePlan;

/** Whether both send the same to the same place. */
export function isSamePlan(a: ExportPlan, b: ExportPlan): boolean {
  return planText(a) === planText(b);
}

function planText(plan: ExportPlan): string {
  if (plan.to === 'file') return JSON.stringify([plan.to, plan.file]);
  const headers = [...plan.headers].map(([name, value]) => [name, value.reveal()]);
  return JSON.stringify([plan.to, plan.url.reveal(), headers, plan.to === 'otlp' ? plan.service : null]);
}
