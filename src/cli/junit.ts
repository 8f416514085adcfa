import type { Tried, TriedFile } from '../settings/cases/try-cases.ts';
import { problemLine } from '../settings/problem.ts';
import { failureLines, tallyOf } from './policy-test-text.ts';

/** The results as JUnit XML, which continuous integration reads: a suite for each file. */
export function junitXml(files: readonly TriedFile[]): string {
  const { passed, failed, broken } = tallyOf(files);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="toolgate policy test" tests="${passed + failed + broken}" failures="${failed}" errors="${broken}">`,
    ...files.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(one: TriedFile): readonly string[] {
  const { file, problems, tried } = one;
  const { passed, failed, broken } = tallyOf([one]);
  return [
    `  <testsuite name="${escaped(file)}" tests="${passed + failed + broken}" failures="${failed}" errors="${broken}">`,
    ...(problems.length === 0 ? [] : [unread(file, problems.map(problemLine))]),
    ...tried.map((each) => testcase(file, each)),
    '  </testsuite>',
  ];
}

function unread(file: string, lines: readonly string[]): string {
  const place = `<testcase classname="${escaped(file)}" name="can be read" file="${escaped(file)}">`;
  return `    ${place}<error message="${escaped(lines[0] ?? '')}">${escaped(lines.join('\n'))}</error></testcase>`;
}

function testcase(file: string, one: Tried): string {
  const place = `classname="${escaped(file)}" name="${escaped(one.case.name)}" file="${escaped(file)}" line="${one.line}"`;
  if (one.passed) return `    <testcase ${place}/>`;
  const wrong = one.findings.find(({ isAsWanted }) => !isAsWanted);
  const message = wrong === undefined ? 'cannot be judged' : `${wrong.about}: wanted ${wrong.want}, got ${wrong.got}`;
  const text = escaped(failureLines(file, one).join('\n'));
  return `    <testcase ${place}><failure message="${escaped(message)}">${text}</failure></testcase>`;
}

const ENTITIES: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** XML 1.0 knows no way to write most control characters, lone surrogates, U+FFFE and U+FFFF: they are spelled out. */
function escaped(text: string): string {
  return text
    .replace(/[^\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\u007f-\u009f]/gu, spelledOut)
    .replace(/[&<>"'\n]/g, (character) => ENTITIES[character] ?? '');
}

function spelledOut(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
