/** What an error means to whom it happens: docs/troubleshooting.md is made of these rows. */
export interface ErrorCodeRow {
  readonly happened: string
  readonly why: string
  readonly remedy: string
}

const row = (happened: string, why: string, remedy: string): ErrorCodeRow => ({ happened, why, remedy })

const report = 'Report it, with the output of `nuthatch --version` and the message.'

const installing = {
  NUTHATCH_NATIVE_NOT_FOUND: row(
    'There is no binary (`nuthatch.node`) for this platform.',
    'The package has none for this operating system, processor and C library, or the checkout has not been built. The message lists the folders that were looked in.',
    '`npm explore nuthatch -- npm run install` compiles it, with a C++20 compiler, make and Python 3; in a checkout `npm run build`. `NUTHATCH_PREBUILD` names another folder to look in.',
  ),
  NUTHATCH_NATIVE_LOAD_FAILED: row(
    'The binary is there, but cannot be loaded.',
    'It is of another platform or damaged, or the C library is too old. The message has the reason that the system gives.',
    'Install the package anew on this machine, or compile it as above.',
  ),
}

const calling = {
  NUTHATCH_INVALID_ARGUMENT: row(
    'An argument of a function is of the wrong kind.',
    'Such as no paths at all, or a number where text is wanted. One error tells of all arguments, a line each.',
    'Give what the message asks for.',
  ),
  NUTHATCH_INVALID_OPTION: row(
    'There is no such option, it cannot have this value, or it does not go with another one.',
    'Mostly a misspelt name. One error tells of all options, a line each.',
    'See [api.md](api.md), or `nuthatch COMMAND --help`.',
  ),
  NUTHATCH_INVALID_EVENT: row(
    'An event given to `evaluateEvents` is not in standard form.',
    'A property is unknown, derived from another one, or of the wrong kind. The message has a line for each.',
    'See [schema.md](schema.md). TypeScript finds most of these.',
  ),
  NUTHATCH_TRACE_CLOSED: row(
    'A trace was read after it had been closed.',
    '`await using`, or a call of its `[Symbol.asyncDispose]()`, ended it while somebody read on.',
    'Close it when all are done; `openTrace` opens it again.',
  ),
  NUTHATCH_VERIFIER_CLOSED: row(
    'A verifier was asked for a file after it had been closed.',
    '`close()` rejects what has not been verified.',
    'Wait for the answers first, or make a new verifier.',
  ),
}

const rules = {
  NUTHATCH_RULES_INVALID: row(
    'Rule files have errors, and no detector was loaded.',
    'Rules are loaded together or not at all.',
    'Mend each error that is listed; [diagnostics.md](diagnostics.md) explains their codes.',
  ),
  NUTHATCH_RULES_NOT_FOUND: row(
    'A path or pattern of rules leads to no `.rb` file.',
    'It is misspelt, or relative to another folder; or the shell has expanded a pattern.',
    'Mend the path; put patterns in quotes.',
  ),
  NUTHATCH_RULES_UNREADABLE: row(
    'A rule file or folder cannot be read.',
    'Mostly permissions. The message has the reason.',
    'Let this user read it.',
  ),
  NUTHATCH_CONDITION_TOO_DEEP: row(
    'A condition is nested too deeply to be compiled.',
    'It has more than 256 levels of `&&` within `||` within `&&`, perhaps through definitions.',
    'Write it flatter, or as several detectors.',
  ),
  NUTHATCH_PLAN_UNREADABLE: row(
    'The file given to `-p` cannot be read.',
    'It is not there, or permissions. The message has the reason.',
    'Mend the path.',
  ),
  NUTHATCH_PLAN_CORRUPT: row(
    'What was given as a Plan is none, or a damaged one.',
    'It is another file, was cut short, or has been changed: its checksum, counts or offsets are wrong.',
    'Make it again with `nuthatch compile`.',
  ),
  NUTHATCH_PLAN_VERSION: row(
    'The Plan has the format of another release.',
    'A Plan belongs to the release that made it.',
    'Make it again with this release.',
  ),
  NUTHATCH_PLAN_SCHEMA: row(
    'The Plan was made for other event types and properties.',
    'A Plan belongs to the release that made it.',
    'Make it again with this release.',
  ),
  NUTHATCH_PATTERN_INVALID: row(
    'A regular expression in a Plan is none.',
    'The Plan was not made by `nuthatch compile`, which refuses such.',
    'Make it again from its rules.',
  ),
  NUTHATCH_SUBNET_INVALID: row(
    'A subnet in a Plan is none.',
    'The Plan was not made by `nuthatch compile`, which refuses such.',
    'Make it again from its rules.',
  ),
  NUTHATCH_PROFILE_UNREADABLE: row(
    'The file given to `--profile` or `--compare` cannot be read.',
    'It is not there, or permissions.',
    'Mend the path.',
  ),
  NUTHATCH_PROFILE_INVALID: row(
    'That file is no profile of this release.',
    'It is what `nuthatch profile` prints without `--json`, was cut short, or is of a release with another version of the format.',
    'Make it anew: `nuthatch profile --json`.',
  ),
}

const inputs = {
  NUTHATCH_INPUT_NOT_FOUND: row(
    'There is no such file or folder, or a pattern matches nothing.',
    'The path is misspelt, or relative to another folder.',
    'Mend the path; put patterns in quotes.',
  ),
  NUTHATCH_INPUT_UNREADABLE: row(
    'An input cannot be read, or no longer.',
    'Permissions, a device with errors, a folder where a file is wanted; or a stream that another evaluation has begun to read.',
    'The message has the reason. Give each evaluation a stream of its own.',
  ),
  NUTHATCH_INPUT_FORMAT: row(
    'An input is of a format that is not read.',
    'Such as .evtx, zip, Parquet, a JSON array, or a file of zeros; a trace that decompresses to more than 64 GiB, or any with `traces: false`; or a folder where one trace is wanted.',
    'The message says what it is and how to convert it.',
  ),
  NUTHATCH_INPUT_CORRUPT: row(
    'Compressed data is damaged, or a trace is.',
    'The file was changed after it had been written; a checksum or a code is wrong. What stands before the damage was evaluated.',
    'Copy it again from its source.',
  ),
  NUTHATCH_INPUT_TRUNCATED: row(
    'A file ends too early.',
    'A copy that broke off, a file that is still written, or one that became shorter while it was read. What is there was evaluated.',
    'Copy it again, when it is complete.',
  ),
  NUTHATCH_INPUT_NOT_COPIED: row(
    'A trace that is no plain file cannot be copied to the folder for temporary files.',
    'There is no room, or no permission to write there.',
    'Make room, set `TMPDIR`, or decompress the trace yourself.',
  ),
  NUTHATCH_INPUT_EMPTY: row(
    'All inputs together are empty.',
    'Nothing was written to them or to the pipe.',
    'Look whether the command before it failed.',
  ),
  NUTHATCH_INPUT_NO_RECORDS: row(
    'No line of any input is a record.',
    'It is not NDJSON: objects over several lines, or some other text.',
    '`jq -c .` puts each object on a line of its own.',
  ),
  NUTHATCH_INPUTS_FAILED: row(
    'One or more inputs could not be read; the others were evaluated.',
    'The error comes at the end; its `problems` have a code of this page each.',
    'Look at `problems`, or give `onProblem` to hear of each at once.',
  ),
  NUTHATCH_PATH_NOT_UTF8: row(
    'A file named on the command line has a name that is not UTF-8.',
    'Node does not get the bytes of such an argument.',
    'Give the folder that it is in.',
  ),
  NUTHATCH_OUT_OF_MEMORY: row(
    'There is not enough memory.',
    'Records are very large, there are many threads, or the machine or container has little.',
    'Use fewer `threads`; give it more memory.',
  ),
}

const records = {
  NUTHATCH_JSON_INVALID: row(
    'A line is not JSON.',
    'Text that is no record stands among them, or a record was cut off or spread over lines.',
    'Look at the line: the message has its number and what is wrong.',
  ),
  NUTHATCH_JSON_NOT_OBJECT: row(
    'A line is JSON, but not an object.',
    'An array, a text or a number stands by itself.',
    "`jq -c '.[]'` puts the elements of an array on lines of their own.",
  ),
  NUTHATCH_JSON_TOO_DEEP: row(
    'A record is nested more than 1,024 levels deep.',
    'No known source writes such.',
    'Nothing, if there are few; else mend the source.',
  ),
  NUTHATCH_JSON_UTF8: row(
    'A record is not UTF-8.',
    'It is in another encoding (Latin-1, or UTF-16 without a byte order mark).',
    'Convert it, with `iconv` for one.',
  ),
  NUTHATCH_RECORD_TOO_LONG: row(
    'A line is longer than a record may be: 16 MiB, or `maxRecordBytes`.',
    'The lines are not separated by LF, or a record is that large.',
    'Raise `maxRecordBytes` if it is right.',
  ),
}

const traces = {
  NUTHATCH_ETL_FORMAT: row(
    'A file is no ETW trace.',
    'It does not begin with the header of one, without which no time is known.',
    'Look what it is. `nuthatch run` reads NDJSON as well, `nuthatch etl` traces alone.',
  ),
  NUTHATCH_ETL_TRUNCATED: row(
    'The file ends inside a buffer.',
    'A copy that broke off, or a session that was not stopped.',
    'What is there has been read. Copy it again, if its source is complete.',
  ),
  NUTHATCH_ETL_BUFFERS_MISSING: row(
    'The file lacks buffers that its session has written.',
    'It was cut, or parts of it were lost.',
    'As above. The events of these buffers are gone.',
  ),
  NUTHATCH_ETL_BUFFER_SIZE: row(
    'A buffer has an impossible size.',
    'The file is damaged there.',
    'Reading went on at the next buffer that was found; copy the file again.',
  ),
  NUTHATCH_ETL_BUFFER_FILLED: row(
    'A buffer says that it is filled beyond its end, or less than its header.',
    'The file is damaged there.',
    'Copy the file again.',
  ),
  NUTHATCH_ETL_BUFFER_TYPE: row(
    'A buffer of a type that is not read was left out.',
    'Compact context switches, batches, or a type of a newer Windows.',
    'Nothing: other events are complete.',
  ),
  NUTHATCH_ETL_COMPRESSION: row(
    'A buffer is compressed in a way that is not read.',
    'LZNT1, or XPRESS with Huffman codes.',
    'Record it without compression, or with the usual one (plain XPRESS).',
  ),
  NUTHATCH_ETL_COMPRESSED_DATA: row(
    'A compressed buffer is damaged.',
    'The file is damaged there.',
    'Its records before the damage have been read; copy the file again.',
  ),
  NUTHATCH_ETL_RECORD: row(
    'A record is malformed.',
    'The file is damaged there, or what wrote it has a bug.',
    'It has been left out, and when its size is wrong the rest of its buffer.',
  ),
  NUTHATCH_ETL_RECORD_KIND: row(
    'A record has a kind of header that is not read.',
    'It is of a newer Windows.',
    'Nothing: it has been left out.',
  ),
  NUTHATCH_ETL_UNREADABLE: row(
    'The system does not give a part of the file.',
    'The disk or the network has errors.',
    'Copy it elsewhere, and look after the disk.',
  ),
  NUTHATCH_ETL_TOO_MANY_BUFFERS: row(
    'The file has more than 2,097,152 buffers.',
    'It is larger than any trace that we know of, or made to take memory.',
    'The rest has been left out; split the trace.',
  ),
}

const live = {
  NUTHATCH_LIVE_UNAVAILABLE: row(
    'This machine has no live events.',
    'It is not Windows, or a library of Windows is missing.',
    'Replay a recorded trace: `--replay`, `live: { replay }`.',
  ),
  NUTHATCH_LIVE_PRIVILEGE: row(
    'The process may not start sessions of ETW.',
    'That takes `SeSystemProfilePrivilege`, which this account does not have, or which cannot be enabled: then the error is in the message.',
    'Run it in an elevated prompt, or as a service of LocalSystem.',
  ),
  NUTHATCH_LIVE_SESSION: row(
    'A session cannot be started or read.',
    'Windows refuses it (it allows only so many), there is none of that name to attach to or it only writes to a file, there is no thread to be had, or Windows does not say which sessions are left of processes that have ended. Its error is in the message.',
    '`logman query -ets` lists sessions, `logman stop NAME -ets` stops one.',
  ),
  NUTHATCH_LIVE_PROVIDER: row(
    'A provider cannot be enabled; the others are. If there is no other, nothing is started.',
    'Threat-Intelligence wants a protected process; others may not be installed, or not be for this account.',
    'Nothing, if its events are not needed. Else an elevated prompt, or a service of LocalSystem.',
  ),
  NUTHATCH_LIVE_STACKS: row(
    'Call stacks cannot be had; events come without.',
    'Windows refuses them. Its error is in the message.',
    'Detectors that ask for stacks do not fire; look at the error.',
  ),
  NUTHATCH_LIVE_RUNDOWN: row(
    'What files and keys are called that were open before cannot be told, or, after losses, what runs.',
    'Windows refuses the session for it (it allows eight of the kernel), or does not come to its end. Its error is in the message.',
    'Nothing: the sessions go on. Of files and keys that were open before, and of processes and images whose events were lost, less is known; `logman query -ets` lists sessions.',
  ),
  NUTHATCH_LIVE_LOSSES: row(
    'It is not known what a session has lost, nor whether it still runs.',
    'Windows has not answered that for two seconds. Its error is in the message.',
    'Nothing, if events come: but `eventsLost` and `buffersLost` may be too low.',
  ),
  NUTHATCH_SYMBOLS_UNAVAILABLE: row(
    'PDBs cannot be read for the names of functions.',
    'This is not Windows, or DbgHelp does not take the search path.',
    'Leave out `--symbols` (`symbolPath`), or name folders.',
  ),
  NUTHATCH_LIVE_SPILL: row(
    'There can be no file to put events in that wait.',
    'The folder for temporary files is missing, full, or not to be written to.',
    'Name another folder with `spillFolder`, or choose another `overflow`.',
  ),
  NUTHATCH_LIVE_ENDED: row(
    'Somebody else has stopped the session, or Windows gives no more of it.',
    "A person with `logman`, or another program; else Windows' error is in the message.",
    'With `--restart` it is started anew. Find out who did: intruders stop sessions too.',
  ),
}

const images = {
  NUTHATCH_PE_FORMAT: row(
    'A file is no PE file.',
    'It is something else: programs of MS-DOS, OS/2 and 16-bit Windows are none either.',
    'Nothing; in folders such files are passed over.',
  ),
  NUTHATCH_PE_NO_HASH: row(
    'A hash that was asked for cannot be computed.',
    "This host's OpenSSL does not have it (MD5 under FIPS), or none can be reached.",
    'Ask for other hashes, or run it in Node.',
  ),
}

const signatures = {
  NUTHATCH_ROOTS_MISSING: row(
    'Signatures shall be verified, but no root is trusted.',
    'No roots come with Nuthatch.',
    'Give some: `--roots`, `roots`. [signatures.md](signatures.md#roots) says where to get them.',
  ),
  NUTHATCH_ROOTS_INVALID: row(
    'A file of roots holds no certificate, or cannot be read.',
    'It is not PEM or DER, or another file.',
    'The message names it; give another.',
  ),
  NUTHATCH_CRL_INVALID: row(
    'A file of revocation lists holds none, or cannot be read.',
    'It is not PEM or DER, or another file.',
    'The message names it; fetch it again.',
  ),
  NUTHATCH_CATALOGS_UNREADABLE: row(
    'A folder of catalogs cannot be read.',
    'It is not there, or permissions.',
    'Mend the path. Without it, files would be called unsigned that are not.',
  ),
  NUTHATCH_IMAGE_ROOT_MISSING: row(
    'Options of verification are given, but not where the files are.',
    'The paths of events are those of another machine.',
    'Give `--image-root`, the folder with its files.',
  ),
  NUTHATCH_IMAGE_ROOT_UNREADABLE: row(
    'The image root is no folder that can be read.',
    'It is misspelt, or not mounted.',
    'Mend the path.',
  ),
  NUTHATCH_CRYPTO_UNAVAILABLE: row(
    'There is no OpenSSL 3 to verify with.',
    'This host is not Node (Electron has BoringSSL), or the library given as `libcrypto` cannot be used.',
    'Run it in Node, or name a shared library of OpenSSL 3: `--libcrypto`, `libcrypto`.',
  ),
  NUTHATCH_WINTRUST_UNAVAILABLE: row(
    'Windows cannot be asked for signatures.',
    'This is not Windows, or a function is missing.',
    "Choose `backend: 'portable'`, with roots.",
  ),
}

const output = {
  NUTHATCH_OUTPUT_FAILED: row(
    'The output cannot be written any more.',
    'The disk is full, a quota is used up, there is no such folder, or permissions. The last line of the output may be cut.',
    'Make room, and run it again.',
  ),
}

const internal = {
  NUTHATCH_ABORTED: row(
    'Reading a file was stopped.',
    'It is replaced by the reason of the signal, or by a status, before anybody sees it.',
    report,
  ),
  NUTHATCH_PIPELINE_OPEN: row('The costs of a pipeline were asked for too early.', 'A bug.', report),
  NUTHATCH_PIPELINE_CLOSED: row('A pipeline was used after its end.', 'A bug.', report),
}

/** Every code of an error or fault, but for diagnostics of rules and anomalies of images; under what people look for. */
export const errorCodes = {
  'Installing and loading': installing,
  'Calling functions': calling,
  'Rules, Plans and profiles': rules,
  Inputs: inputs,
  'Records that are skipped': records,
  'Damage in traces': traces,
  'Live events': live,
  Images: images,
  Signatures: signatures,
  Output: output,
  'Inside Nuthatch': internal,
} as const satisfies Record<string, Readonly<Record<string, ErrorCodeRow>>>
