import type { HttpPlan, OtlpPlan } from './export-plan.ts';

/** The headers of a message: our own, and those that are configured. */
export function headersOf(
  { headers }: HttpPlan | OtlpPlan,
  own: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const configured = [...headers].map(([name, value]) => [name.toLowerCase(), value.reveal()] as const);
  return { 'user-agent': 'toolgate', ...Object.fromEntries(configured), ...own };
}
