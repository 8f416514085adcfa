import { SEVERITIES, type Severity } from '../catalogue/classification.ts';
import type { RecommendedTool } from '../catalogue/recommend-policy.ts';
import type { RiskClass } from '../policy/decision.ts';
import type { ToolPlace } from '../settings/server-tools-file.ts';
import { fingerprint, sarifLog, uriOf } from './sarif.ts';
import { inAWord, LEVELS } from './scan-words.ts';
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
  const rules = SAYS.map(({ class: riskClass, says, remedy }) => ({
    id: `${riskClass}-tool`,
    shortDescription: { text: says },
    help: { text: `${says} ${remedy}` },
    defaultConfiguration: { level: 'warning' },
  }));
  const results = servers.flatMap(({ name, tools, places }) =>
    tools.flatMap((tool, index) => {
      if (SEVERITIES.indexOf(tool.classification.severity) < SEVERITIES.indexOf(from)) return [];
      return [resultOf(name, tool, file === undefined ? undefined : { uri: uriOf(file, cwd), place: places[index] })];
    }),
  );
  return sarifLog(rules, results);
}

interface Location {
  readonly uri: string;
  readonly place: ToolPlace | undefined;
}

function resultOf(server: string, tool: RecommendedTool, location: Location | undefined): object {
  const { class: riskClass, severity, reason } = tool.classification;
  const ruleId = `${riskClass}-tool`;
  const [serverName, toolName] = [shownName(server), shownName(tool.name)];
  const region =
    location?.place === undefined
      ? {}
      : { region: { startLine: location.place.line, startColumn: location.place.column } };
  return {
    ruleId,
    ruleIndex: SAYS.findIndex((one) => one.class === riskClass),
    level: LEVELS[severity],
    message: {
      text: `${serverName}/${toolName} (${riskClass}, ${severity}): ${reason} Recommended: ${inAWord(tool)}.`,
    },
    locations: [
      {
        ...(location === undefined ? {} : { physicalLocation: { artifactLocation: { uri: location.uri }, ...region } }),
        logicalLocations: [{ fullyQualifiedName: `${serverName}/${toolName}`, name: toolName, kind: 'function' }],
      },
    ],
    partialFingerprints: { 'toolgate/v1': fingerprint([location?.uri ?? '', server, tool.name, ruleId, severity]) },
  };
}
