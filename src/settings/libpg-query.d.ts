// The inner module of the package: its outer one keeps a single instance for ever, and here a broken one is replaced.
declare module 'libpg-query/wasm/libpg-query.js' {
  export interface PgQuery {
    getValue(pointer: number, type: 'i32'): number;
    UTF8ToString(pointer: number): string;
    stringToUTF8(text: string, pointer: number, bytes: number): void;
    lengthBytesUTF8(text: string): number;
    readonly HEAPU8: Uint8Array;
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    _wasm_parse_query_raw(query: number): number;
    _wasm_free_parse_result(result: number): void;
  }
  export interface PgQueryOptions {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void): object;
    print(text: string): void;
    printErr(text: string): void;
  }
  const create: (options: PgQueryOptions) => Promise<PgQuery>;
  export default create;
}

// What is used of it; the types of Node leave it to the library of browsers.
declare namespace WebAssembly {
  type Module = object;
  type Imports = object;
  class Instance {
    constructor(module: Module, imports: Imports);
    readonly exports: { readonly [name: string]: unknown };
  }
  class Memory {
    grow(pages: number): number;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
}
