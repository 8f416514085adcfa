import { isIPv6 } from 'node:net';

const THIS_MACHINE = 'this machine';

/** Who comes from an address, as far as can be told: who has one address of IPv6 has the whole /64, and every program of this machine all of 127/8. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address.startsWith('127.') ? THIS_MACHINE : address;
  const groups = groupsOf(address);
  const isPlain = groups.slice(0, 5).every((group) => group === 0);
  const [high = 0, low = 0] = groups.slice(6);
  if (isPlain && groups[5] === 0xffff) return networkOf([high >> 8, high & 255, low >> 8, low & 255].join('.'));
  if (isPlain && groups[5] === 0 && high === 0 && low === 1) return THIS_MACHINE;
  return groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':');
}

/** The eight numbers of an address of IPv6, also of one that ends like IPv4. */
function groupsOf(address: string): readonly number[] {
  const [zoneless = ''] = address.split('%');
  const [head = [], tail] = zoneless.split('::').map(numbersIn);
  if (tail === undefined) return [...head];
  return [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => 0), ...tail];
}

function numbersIn(part: string): readonly number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return Number.parseInt(group, 16);
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
