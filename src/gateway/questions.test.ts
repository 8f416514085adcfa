import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/faults/fake-clock.ts';
import { Questions } from './questions.ts';

describe('what a server asks of the client', () => {
  it('is turned away when it comes in floods, and told once how much that was', () => {
    const clock = fakeClock();
    const questions = new Questions(clock, 100);
    const kinds = Array.from({ length: 5_000 }, () => questions.admit().kind);
    expect(kinds.filter((kind) => kind === 'admitted')).toHaveLength(100);
    clock.advance(10_000);
    expect(questions.admit()).toEqual({ kind: 'admitted', unrecorded: 4_900 });
    expect(questions.admit()).toEqual({ kind: 'admitted', unrecorded: 0 });
  });

  it('is turned away while two hundred questions wait for the client, at whatever pace they came', () => {
    const clock = fakeClock();
    const questions = new Questions(clock, 100);
    let admitted = 0;
    for (let n = 0; n < 300; n++) {
      if (questions.admit().kind === 'admitted') {
        questions.open(n);
        admitted++;
      }
      clock.advance(1_000);
    }
    expect(admitted).toBe(200);
  });

  it('is answered once, by whoever knows the id under which we asked', () => {
    const questions = new Questions(fakeClock(), 100);
    const id = questions.open('theirs');
    expect(questions.take('theirs')).toBeUndefined();
    expect(questions.take(id)).toBe('theirs');
    expect(questions.take(id)).toBeUndefined();
    expect(questions.take(null)).toBeUndefined();
  });

  it('can be withdrawn by the server, and then takes no answer', () => {
    const questions = new Questions(fakeClock(), 100);
    const id = questions.open(7);
    expect(questions.withdraw('7')).toBeUndefined();
    expect(questions.withdraw(7)).toBe(id);
    expect(questions.take(id)).toBeUndefined();
  });
});
