import type { ExportPlaces } from '../gateway/audit/export-ports.ts';
import type { AuditSettings } from '../settings/settings.ts';

/**
 * The place up to which every configured export has delivered: what comes after it is still to be handed over, and must be kept. Undefined
 * where nothing is exported. One that has no place yet may want everything.
 */
export async function lowestExported(
  places: Pick<ExportPlaces, 'all'>,
  configured: AuditSettings['exports'],
): Promise<number | undefined> {
  if (configured.size === 0) return undefined;
  const all = await places.all();
  return Math.min(...[...configured.keys()].map((name) => all.get(name) ?? 0));
}
