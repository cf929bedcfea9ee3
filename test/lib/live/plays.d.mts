export declare const exampleTrace: Buffer
export declare function longTrace(times: number): Buffer
export declare function playsIn(
  nuthatch: object,
  folder: string,
): Promise<readonly (readonly [name: string, run: () => Promise<void>])[]>
