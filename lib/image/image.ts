/** Bytes of a file. */
export interface FileRange {
  /** Bytes from the file's beginning. */
  readonly offset: number
  /** Bytes. */
  readonly size: number
}

/**
 * What the headers of an image, that is a PE file, say. Nobody has vouched for any of it: names, paths, times and
 * versions are what whoever made the file wrote, unless its signature verifies. Addresses are relative to the image's
 * base (RVAs).
 */
export interface ImageHeaders {
  /** As it was given; bytes that are not UTF-8 as U+FFFD. */
  readonly path: string
  /** Bytes. */
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
  /** Whether its characteristics say that it is a DLL. */
  readonly isDll: boolean
  /** As stored: IMAGE_FILE_…. */
  readonly characteristics: number
  /** As stored: IMAGE_DLLCHARACTERISTICS_…. */
  readonly dllCharacteristics: number
  /** Seconds since 1970, or, in a reproducible build, a hash. */
  readonly timestamp: number
  /** Whether it says of itself that its timestamps are hashes; null with headers only. */
  readonly reproducible: boolean | null
  /** `windows`, `console`, `native`, `efiApplication`, …; a number when unknown. */
  readonly subsystem: string
  /** Major and minor, `14.36`. */
  readonly linkerVersion: string
  /** The oldest Windows that it is for. */
  readonly osVersion: string
  /** The oldest version of its subsystem that it is for, `6.0`. */
  readonly subsystemVersion: string
  /** Hexadecimal, since it has 64 bits. */
  readonly imageBase: string
  /** Bytes that it takes in memory. */
  readonly imageSize: number
  /** Bytes of the file that its headers take. */
  readonly headersSize: number
  /** Address of the code that runs first; 0 is none. */
  readonly entryPoint: number
  /** Bytes to which sections are aligned in memory. */
  readonly sectionAlignment: number
  /** Bytes to which sections are aligned in the file. */
  readonly fileAlignment: number
  /** As stored; 0 is none. Windows checks it of drivers alone. */
  readonly checksum: number
  /** What it ought to be; null unless the option `content` was set. */
  readonly computedChecksum: number | null
  /** In the order of the headers. */
  readonly sections: readonly ImageSection[]
  /** What it claims to support. */
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
  /** Whether it says of itself that its timestamps are hashes. */
  readonly reproducible: boolean
  /** In the order of the file. */
  readonly imports: readonly ImportedModule[]
  /** MD5 of the imports, as pefile computes it; null without imports. */
  readonly imphash: string | null
  /** Modules that are loaded when one of their functions is first called. */
  readonly delayImports: readonly ImportedModule[]
  /** Null without any. */
  readonly exports: ImageExports | null
  /** Null without a version resource. */
  readonly version: VersionResource | null
  /** Entries of the debug directory, at most 64. */
  readonly debug: readonly DebugEntry[]
  /** Where the symbols are, as its linker wrote; null when it does not say. */
  readonly pdb: PdbReference | null
  /** Addresses of what runs before the entry point. */
  readonly tlsCallbacks: readonly number[]
  /** Of .NET assemblies. */
  readonly clr: ClrHeader | null
}

/** A part of an image, as its header describes it. */
export interface ImageSection {
  /** Eight bytes at most, `.text`. */
  readonly name: string
  /** Where it begins in memory. */
  readonly virtualAddress: number
  /** Bytes that it takes in memory. */
  readonly virtualSize: number
  /** Where it begins in the file, in bytes. */
  readonly rawOffset: number
  /** Bytes that it takes in the file. */
  readonly rawSize: number
  /** IMAGE_SCN_…. */
  readonly characteristics: number
  /** `r-x`: whether it can be read, written to and executed. */
  readonly access: string
  /** Bits a byte, 0 to 8; null without bytes, and unless the option `content` was set. */
  readonly entropy: number | null
}

/** Defences that an image claims to support. */
export interface Mitigations {
  /** Can be loaded anywhere (DYNAMICBASE). */
  readonly aslr: boolean
  /** Can be loaded above 4 GiB (HIGHENTROPYVA). */
  readonly highEntropyAslr: boolean
  /** Data are not executed (NXCOMPAT). */
  readonly nx: boolean
  /** Checks the targets of indirect calls (GUARD_CF). */
  readonly controlFlowGuard: boolean
  /** Must be signed to be loaded. */
  readonly forceIntegrity: boolean
  /** Runs in an app container only (APPCONTAINER). */
  readonly appContainer: boolean
  /** x86: its exception handlers are listed, or it has none. null for other machines, and with headers only. */
  readonly safeSeh: boolean | null
  /** Compatible with shadow stacks. null with headers only. */
  readonly cet: boolean | null
  /** XFG. null with headers only. */
  readonly extendedFlowGuard: boolean | null
}

/** What Microsoft's linker writes of the tools that made the image's parts. */
export interface RichHeader {
  /** Hexadecimal. */
  readonly key: string
  /** Whether the key is the checksum that it ought to be. */
  readonly valid: boolean
  /** A row for each tool. */
  readonly entries: readonly {
    /** The number of the tool. */
    readonly product: number
    /** Its build. */
    readonly build: number
    /** How many parts it made. */
    readonly count: number
  }[]
}

/** An entry of the certificate table, WIN_CERTIFICATE. */
export interface CertificateEntry extends FileRange {
  /** 0x200, or 0x100. */
  readonly revision: number
  /** 2: PKCS #7, as Authenticode has it. */
  readonly type: number
}

/** A module that an image imports from. */
export interface ImportedModule {
  /** The module's name, as the image has it. */
  readonly name: string
  /** In the order of the file. */
  readonly functions: readonly ImportedFunction[]
}

/** A function that an image imports, by its name or its ordinal. */
export interface ImportedFunction {
  /** null when it is imported by an ordinal that has no known name. */
  readonly name: string | null
  /** null when it is imported by its name. */
  readonly ordinal: number | null
}

/** What an image exports. */
export interface ImageExports {
  /** The name that the image had when it was linked. */
  readonly name: string
  /** Seconds since 1970, or a hash. */
  readonly timestamp: number
  /** By ordinal. */
  readonly functions: readonly ExportedFunction[]
}

/** An address that an image exports. */
export interface ExportedFunction {
  /** Null of one that is exported by its ordinal alone. */
  readonly name: string | null
  /** With the base of the table, as programs import it. */
  readonly ordinal: number
  /** Relative to the base of the image; of a forwarder, of its text. */
  readonly address: number
  /** `NTDLL.RtlAllocateHeap`: another image has it. */
  readonly forwarder: string | null
}

/** The first version resource of an image, in its first language. */
export interface VersionResource {
  /** Of four numbers, `10.0.19041.1`; null without them. */
  readonly fileVersion: string | null
  /** Of four numbers; null without them. */
  readonly productVersion: string | null
  /** VS_FF_…. */
  readonly flags: number | null
  /** VOS_…. */
  readonly os: number | null
  /** VFT_…. */
  readonly type: number | null
  /** Of its tables of strings: language and code page, `040904b0`. */
  readonly languages: readonly string[]
  /** `CompanyName`, `OriginalFilename`, …; of several tables the first that has a name counts. */
  readonly strings: Readonly<Record<string, string>>
}

/** An entry of the debug directory. */
export interface DebugEntry {
  /** `codeview`, `pogo`, `repro`, …; a number when unknown. */
  readonly type: string
  /** Seconds since 1970, or a hash. */
  readonly timestamp: number
  /** Bytes of its data. */
  readonly size: number
}

/** Which file of symbols belongs to an image. */
export interface PdbReference {
  /** The path that it had when the image was linked. */
  readonly path: string
  /** null in those of Visual C++ 6, which have a `signature`. */
  readonly guid: string | null
  /** Of Visual C++ 6: hexadecimal; else null. */
  readonly signature: string | null
  /** How often the file of symbols was written. */
  readonly age: number
}

/** The header of a .NET assembly. */
export interface ClrHeader {
  /** The oldest runtime that it is for, `2.5`. */
  readonly runtimeVersion: string
  /** `v4.0.30319`. */
  readonly metadataVersion: string
  /** COMIMAGE_FLAGS_…. */
  readonly flags: number
  /** It has no machine code of its own (ILONLY). */
  readonly ilOnly: boolean
  /** 32BITREQUIRED. */
  readonly requires32Bit: boolean
  /** 32BITPREFERRED. */
  readonly prefers32Bit: boolean
  /** It says that it bears a strong name, which is not verified. */
  readonly strongNameSigned: boolean
  /** Its entry point is machine code. */
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

/** What `readImage` can hash with. */
export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** In the order of native/base/hasher.h. */
export const hashAlgorithms: readonly HashAlgorithm[] = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']

/** Something odd about an image; no proof of anything. */
export interface ImageAnomaly {
  /** Stable: NUTHATCH_PE_…. */
  readonly code: string
  /** For people, with the first place. */
  readonly message: string
}
