import type { ExportPlan } from '../../src/export/export-plan.ts';
import { SECRET, type Siem } from './siem.ts';

export function plansBy(plans: readonly ExportPlan[]): ReadonlyMap<string, ExportPlan> {
  return new Map(plans.map((plan) => [plan.name, plan]));
}

const shy = (text: string) => ({ reveal: () => text });

export function toHttp({ url }: Pick<Siem, 'url'>, name = 'siem'): ExportPlan {
  return {
    name,
    from: 'start',
    to: 'http',
    url: shy(url),
    headers: new Map([['Authorization', shy(`Bearer ${SECRET}`)]]),
  };
}

export function toOtlp({ url }: Pick<Siem, 'url'>, name = 'otel'): ExportPlan {
  return { name, from: 'start', to: 'otlp', service: 'gate', url: shy(url), headers: new Map() };
}

export function toFile(file: string, name = 'disk'): ExportPlan {
  return { name, from: 'start', to: 'file', file };
}
