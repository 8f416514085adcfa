import { missing } from './installed.ts';

/** Ends the run before its first test if there are no real servers to test with: nothing is passed over in silence. */
export default function setup(): void {
  const absent = missing();
  if (absent.length > 0) {
    throw new Error(
      `${absent.join(', ')}: not installed, or not as test/servers/install says; run scripts/install-real-servers.sh`,
    );
  }
}
