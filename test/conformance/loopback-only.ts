// Loaded before a server that would listen on all interfaces (`node --import`): it gets a free port of the loopback, and the address is printed.
import { type AddressInfo, Server } from 'node:net';

const listen = Server.prototype.listen;

Server.prototype.listen = function (this: Server, ...asked: unknown[]): Server {
  const listening = asked.findLast((one): one is () => void => typeof one === 'function');
  return listen.call(this, { host: '127.0.0.1', port: 0 }, () => {
    const { port } = this.address() as AddressInfo;
    console.log(`http://127.0.0.1:${port}/mcp`);
    listening?.();
  });
};
