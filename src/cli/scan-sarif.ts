import { SEVERITIES, type Severity } from '../catalogue/classification.ts';
import { FINDING_RULES, type Finding } from '../catalogue/findings/finding.ts';
import type { RecommendedTool } from '../catalogue/recommend-policy.ts';
import type { RiskClass } from '../policy/decision.ts';
import type { ToolPlace } from '../settings/server-tools-file.ts';
import { visible } from '../settings/visible.ts';
import { fingerprint, sarifLog, uriOf } from './sarif.ts';
import { FINDING_SEVERITIES, inAWord, LEVELS } from './scan-words.ts';
import type { Scanned } from './scanned.ts';
import { shownName } from './shown-name.ts';

const SAYS: readonly { readonly class: RiskClass; readonly says: string; readonly remedy: string }[] = [
  {
    class: 'read',
    says: 'A tool that gives data and changes nothing.',
    remedy: 'Allow it, and look at what it may give away.',
  },
  { class: 'write', says: 'A tool that creates or changes something.', remedy: 'Limit how often it may be called.' },
  {
    class: 'execute',
    says: 'A tool that sets something running whose effect lies in its arguments.',
    remedy: 'Limit how often it may be called, and what its arguments may be.',
  },
  {
    class: 'destructive',
    says: 'A tool that removes or ends something for good.',
    remedy: 'Hide it, or have a person asked.',
  },
  {
    class: 'financial',
    says: 'A tool that moves money or value.',
    remedy: 'Have a person asked, and bound the amount.',
  },
  {
    class: 'unknown',
    says: 'A tool of which it could not be told what it does.',
    remedy: 'Have a person asked until its class is set.',
  },
];

/** The tools that are at least so severe, as SARIF 2.1.0. `file`: where they stand, as it was typed. */
export function scanSarif(servers: readonly Scanned[], from: Severity, file: string | undefined, cwd: string): object {
  const isBad = (severity: Severity): boolean => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(from);
  const results = servers.flatMap(({ name, tools, places, findings }) =>
    tools.flatMap((tool, index) => {
      const location = file === undefined ? undefined : { uri: uriOf(file, cwd), place: places[index] };
      const hidden = (findings[index] ?? []).filter(({ weight }) => isBad(FINDING_SEVERITIES[weight]));
      return [
        ...(isBad(tool.classification.severity) ? [classResult(name, tool, location)] : []),
        ...hidden.map((finding) => findingResult(name, tool, finding, location)),
      ];
    }),
  );
  return sarifLog(RULES.map(ruleOf), results);
}

interface Rule {
  readonly id: string;
  readonly says: string;
  readonly remedy: string;
}

const RULES: readonly Rule[] = [
  ...SAYS.map(({ class: riskClass, says, remedy }) => ({ id: `${riskClass}-tool`, says, remedy })),
  ...Object.entries(FINDING_RULES).map(([id, says]) => ({
    id,
    says,
    remedy: 'Read the definition before an agent does, and leave the tool refused if it is not meant well.',
  })),
];

function ruleOf({ id, says, remedy }: Rule): object {
  return {
    id,
    shortDescription: { text: says },
    help: { text: `${says} ${remedy}` },
    defaultConfiguration: { level: 'warning' },
  };
}

interface Location {
  readonly uri: string;
  readonly place: ToolPlace | undefined;
}

function classResult(server: string, tool: RecommendedTool, location: Location | undefined): object {
  const { class: riskClass, severity, reason } = tool.classification;
  const text = `(${riskClass}, ${severity}): ${reason} Recommended: ${inAWord(tool)}.`;
  const told = { ruleId: `${riskClass}-tool`, severity, text, mark: severity };
  return resultOf(server, tool, told, location);
}

function findingResult(
  server: string,
  tool: RecommendedTool,
  { rule, place, quote, says, weight }: Finding,
  location: Location | undefined,
): object {
  const where = place === '' ? '' : ` at ${visible(place)}`;
  const text = `(${rule}${where}): ${visible(says)}${quote === '' ? '' : ` Here: ${visible(quote)}`}`;
  return resultOf(
    server,
    tool,
    { ruleId: rule, severity: FINDING_SEVERITIES[weight], text, mark: `${place} ${quote}` },
    location,
  );
}

interface Told {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly text: string;
  /** What makes it another result than one of the same rule and tool. */
  readonly mark: string;
}

function resultOf(
  server: string,
  tool: RecommendedTool,
  { ruleId, severity, text, mark }: Told,
  location: Location | undefined,
): object {
  const [serverName, toolName] = [shownName(server), shownName(tool.name)];
  const region =
    location?.place === undefined
      ? {}
      : { region: { startLine: location.place.line, startColumn: location.place.column } };
  return {
    ruleId,
    ruleIndex: RULES.findIndex(({ id }) => id === ruleId),
    level: LEVELS[severity],
    // Viewers make links of [text](address), and what a server says of itself is a stranger's.
    message: { text: `${serverName}/${toolName} ${text}`.replaceAll('](', '] (') },
    locations: [
      {
        ...(location === undefined ? {} : { physicalLocation: { artifactLocation: { uri: location.uri }, ...region } }),
        logicalLocations: [{ fullyQualifiedName: `${serverName}/${toolName}`, name: toolName, kind: 'function' }],
      },
    ],
    partialFingerprints: { 'toolgate/v1': fingerprint([location?.uri ?? '', server, tool.name, ruleId, mark]) },
  };
}
