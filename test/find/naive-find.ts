import type { AuditFilter } from '../../src/gateway/audit/find/audit-filter.ts';
import type { WrittenRecord } from './record-log.ts';

const PEOPLES = ['approval asked', 'approval answered', 'policy changed'];

/** What `AuditFilter` promises, said a second time and slowly. */
export function isFound(record: WrittenRecord, filter: AuditFilter): boolean {
  if (record.kind === 'outcome') return false;
  const body = JSON.parse(record.body);
  if (filter.since !== undefined && record.at < filter.since) return false;
  if (filter.until !== undefined && record.at >= filter.until) return false;
  if (filter.which === 'decisions' && record.kind === 'event' && !PEOPLES.includes(body.event)) return false;
  if (!isNamed(body.grant, filter.grant) || !isNamed(body.owner, filter.owner)) return false;
  if (!isNamed(body.server, filter.server) || !isNamed(body.tool ?? body.target, filter.tool)) return false;
  if (filter.effect !== undefined && body.decision !== filter.effect) return false;
  if (filter.wouldHave !== undefined && body.wouldHave?.decision !== filter.wouldHave) return false;
  const rules = [body.rule, body.ruleId, body.wouldHave?.rule, body.wouldHave?.ruleId];
  if (filter.rule !== undefined && !rules.includes(filter.rule)) return false;
  if (filter.approval !== undefined && body.approval !== filter.approval) return false;
  return (filter.text ?? '')
    .split(/\s+/)
    .filter((part) => part !== '')
    .every((part) => hasText(record, part));
}

function isNamed(name: unknown, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  if (typeof name !== 'string') return false;
  const pattern = [...wanted].map((letter) => (letter === '*' ? '[^]*' : letter.replace(/[\\^$.|?+()[\]{}]/, '\\$&')));
  return new RegExp(`^(?:${pattern.join('')})$`, 'u').test(name);
}

/** At some place where a word begins, or where no word is, the part stands there. */
function hasText({ body, limits }: WrittenRecord, part: string): boolean {
  const text = [...oneCase(`${unescaped(body)}\n${limits === '[]' ? '' : unescaped(limits)}`)];
  const wanted = [...oneCase(part)];
  return text.some((letter, at) => {
    if (!wanted.every((one, index) => text[at + index] === one)) return false;
    return !isOfWord(letter) || isAlone(letter) || !isOfWord(text[at - 1]) || isAlone(text[at - 1]);
  });
}

function oneCase(text: string): string {
  return text.toLowerCase().replaceAll('ς', 'σ');
}

function unescaped(json: string): string {
  let text = '';
  for (let at = 0; at < json.length; at += 1) {
    const [letter, next] = [json[at] ?? '', json[at + 1] ?? ''];
    if (letter !== '\\') text += letter;
    else if (next === 'u') {
      text += String.fromCharCode(Number.parseInt(json.slice(at + 2, at + 6), 16));
      at += 5;
    } else {
      text += 'bfnrt'.includes(next) ? ' ' : next;
      at += 1;
    }
  }
  return text;
}

function isOfWord(letter: string | undefined): boolean {
  return letter !== undefined && /^[\p{L}\p{N}\p{M}]$/u.test(letter);
}

function isAlone(letter: string | undefined): boolean {
  return (
    letter !== undefined &&
    /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]$/u.test(letter)
  );
}
