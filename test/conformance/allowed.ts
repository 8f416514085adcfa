import { readFileSync } from 'node:fs';
import type { Differences } from './compare.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));

/** Why a scenario may differ, by scenario. */
export const REASONS = read('./allowed-differences.json') as Readonly<Record<string, string>>;

/** How exactly it differs, by row of the matrix: one check more or fewer is a new difference. */
export const PINNED = read('./pinned-differences.json') as Readonly<Record<string, Differences>>;
