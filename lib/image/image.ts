/** Bytes of a file. */
export interface FileRange {
  readonly offset: number
  readonly size: number
}

/**
 * What the headers of an image, that is a PE file, say. Nobody has vouched for any of it: names, paths, times and
 * versions are what whoever made the file wrote, unless its signature verifies. Addresses are relative to the image's
 * base (RVAs).
 */
export interface ImageHeaders {
  readonly path: string
  readonly fileSize: number
  /**
   * `x86`, `x64`, `arm64`, `arm64ec`, `arm64x`, `chpe` (x86 with ARM64 code), `arm`, `ia64`, …; `0x1234` when unknown.
   * With headers only `arm64ec` is `x64`, `arm64x` is `arm64` and `chpe` is `x86`: the load configuration tells.
   */
  readonly machine: string
  /** As stored: IMAGE_FILE_MACHINE_…. */
  readonly machineCode: number
  /** Whether it is PE32+, whatever the machine. */
  readonly is64Bit: boolean
  readonly isDll: boolean
  /** IMAGE_FILE_… and IMAGE_DLLCHARACTERISTICS_…. */
  readonly characteristics: number
  readonly dllCharacteristics: number
  /** Seconds since 1970, or, in a reproducible build, a hash. */
  readonly timestamp: number
  /** Whether it says of itself that its timestamps are hashes; null with headers only. */
  readonly reproducible: boolean | null
  /** `windows`, `console`, `native`, `efiApplication`, …; a number when unknown. */
  readonly subsystem: string
  readonly linkerVersion: string
  /** The oldest Windows that it is for. */
  readonly osVersion: string
  readonly subsystemVersion: string
  /** Hexadecimal, since it has 64 bits. */
  readonly imageBase: string
  readonly imageSize: number
  readonly headersSize: number
  readonly entryPoint: number
  readonly sectionAlignment: number
  readonly fileAlignment: number
  /** As stored; 0 is none. Windows checks it of drivers alone. */
  readonly checksum: number
  /** What it ought to be; null unless the option `content` was set. */
  readonly computedChecksum: number | null
  readonly sections: readonly ImageSection[]
  readonly mitigations: Mitigations
  /** What Microsoft's linker says of the tools that made it. */
  readonly rich: RichHeader | null
  /** Where signatures are. */
  readonly certificateTable: FileRange | null
  /** Its entries: WIN_CERTIFICATE. At most 16. */
  readonly certificates: readonly CertificateEntry[]
  /** What lies behind the last section, without the certificate table. */
  readonly overlay: FileRange | null
  /** As the option `hashes` asked. */
  readonly hashes: Readonly<Partial<Record<HashAlgorithm, ImageHashes>>>
  /** What is odd about it. docs/image.md lists the codes; each stands here once. */
  readonly anomalies: readonly ImageAnomaly[]
}

/** An image with what its data directories lead to. */
export interface Image extends ImageHeaders {
  readonly reproducible: boolean
  readonly imports: readonly ImportedModule[]
  /** MD5 of the imports, as pefile computes it; null without imports. */
  readonly imphash: string | null
  readonly delayImports: readonly ImportedModule[]
  readonly exports: ImageExports | null
  readonly version: VersionResource | null
  readonly debug: readonly DebugEntry[]
  readonly pdb: PdbReference | null
  /** Addresses of what runs before the entry point. */
  readonly tlsCallbacks: readonly number[]
  /** Of .NET assemblies. */
  readonly clr: ClrHeader | null
}

export interface ImageSection {
  readonly name: string
  readonly virtualAddress: number
  readonly virtualSize: number
  readonly rawOffset: number
  readonly rawSize: number
  /** IMAGE_SCN_…. */
  readonly characteristics: number
  /** `r-x`: whether it can be read, written to and executed. */
  readonly access: string
  /** Bits a byte, 0 to 8; null without bytes, and unless the option `content` was set. */
  readonly entropy: number | null
}

export interface Mitigations {
  /** Can be loaded anywhere (DYNAMICBASE). */
  readonly aslr: boolean
  readonly highEntropyAslr: boolean
  /** Data are not executed (NXCOMPAT). */
  readonly nx: boolean
  readonly controlFlowGuard: boolean
  /** Must be signed to be loaded. */
  readonly forceIntegrity: boolean
  readonly appContainer: boolean
  /** x86: its exception handlers are listed, or it has none. null for other machines, and with headers only. */
  readonly safeSeh: boolean | null
  /** Compatible with shadow stacks. null with headers only. */
  readonly cet: boolean | null
  /** XFG. null with headers only. */
  readonly extendedFlowGuard: boolean | null
}

export interface RichHeader {
  /** Hexadecimal. */
  readonly key: string
  /** Whether the key is the checksum that it ought to be. */
  readonly valid: boolean
  readonly entries: readonly { readonly product: number; readonly build: number; readonly count: number }[]
}

export interface CertificateEntry extends FileRange {
  /** 0x200, or 0x100. */
  readonly revision: number
  /** 2: PKCS #7, as Authenticode has it. */
  readonly type: number
}

export interface ImportedModule {
  readonly name: string
  readonly functions: readonly ImportedFunction[]
}

export interface ImportedFunction {
  /** null when it is imported by an ordinal that has no known name. */
  readonly name: string | null
  /** null when it is imported by its name. */
  readonly ordinal: number | null
}

export interface ImageExports {
  /** The name that the image had when it was linked. */
  readonly name: string
  readonly timestamp: number
  /** By ordinal. */
  readonly functions: readonly ExportedFunction[]
}

export interface ExportedFunction {
  readonly name: string | null
  readonly ordinal: number
  readonly address: number
  /** `NTDLL.RtlAllocateHeap`: another image has it. */
  readonly forwarder: string | null
}

export interface VersionResource {
  readonly fileVersion: string | null
  readonly productVersion: string | null
  /** VS_FF_…, VOS_… and VFT_…. */
  readonly flags: number | null
  readonly os: number | null
  readonly type: number | null
  /** Of its tables of strings: language and code page, `040904b0`. */
  readonly languages: readonly string[]
  /** `CompanyName`, `OriginalFilename`, …; of several tables the first that has a name counts. */
  readonly strings: Readonly<Record<string, string>>
}

export interface DebugEntry {
  /** `codeview`, `pogo`, `repro`, …; a number when unknown. */
  readonly type: string
  readonly timestamp: number
  readonly size: number
}

export interface PdbReference {
  readonly path: string
  /** null in those of Visual C++ 6, which have a `signature`. */
  readonly guid: string | null
  readonly signature: string | null
  readonly age: number
}

export interface ClrHeader {
  readonly runtimeVersion: string
  /** `v4.0.30319`. */
  readonly metadataVersion: string
  /** COMIMAGE_FLAGS_…. */
  readonly flags: number
  readonly ilOnly: boolean
  readonly requires32Bit: boolean
  readonly prefers32Bit: boolean
  readonly strongNameSigned: boolean
  readonly nativeEntryPoint: boolean
  /** A token, or with `nativeEntryPoint` an address. */
  readonly entryPoint: number
}

/** In hexadecimal. */
export interface ImageHashes {
  /** Of all bytes. */
  readonly file: string
  /** What Authenticode signs: without the checksum and the signature. */
  readonly image: string
  /** What catalogs have of an unsigned file whose size is no multiple of 8; else null. */
  readonly padded: string | null
}

export const hashAlgorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'] as const
export type HashAlgorithm = (typeof hashAlgorithms)[number]

export interface ImageAnomaly {
  /** Stable: NUTHATCH_PE_…. */
  readonly code: string
  /** For people, with the first place. */
  readonly message: string
}
