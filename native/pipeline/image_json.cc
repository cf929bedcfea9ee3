#include "pipeline/image_json.h"

#include <cstdio>

#include "base/hex.h"
#include "pipeline/json_object.h"

namespace nuthatch {
namespace {

std::string Hex(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "0x%llx", static_cast<unsigned long long>(number));
  return text;
}

template <typename Number>
std::string Version(const std::pair<Number, Number>& version) {
  return std::to_string(version.first) + "." + std::to_string(version.second);
}

std::string Version(const std::array<uint16_t, 4>& version) {
  return std::to_string(version[0]) + "." + std::to_string(version[1]) + "." +
         std::to_string(version[2]) + "." + std::to_string(version[3]);
}

// IMAGE_SUBSYSTEM_….
std::string SubsystemName(uint16_t subsystem) {
  constexpr const char* kNames[] = {
      "unknown",
      "native",
      "windows",
      "console",
      "",
      "os2",
      "",
      "posix",
      "nativeWindows",
      "windowsCe",
      "efiApplication",
      "efiBootServiceDriver",
      "efiRuntimeDriver",
      "efiRom",
      "xbox",
      "",
      "bootApplication",
      "xboxCodeCatalog",
  };
  const char* name = subsystem < std::size(kNames) ? kNames[subsystem] : "";
  return *name != '\0' ? name : std::to_string(subsystem);
}

// IMAGE_DEBUG_TYPE_….
std::string DebugTypeName(uint32_t type) {
  constexpr const char* kNames[] = {
      "unknown",
      "coff",
      "codeview",
      "fpo",
      "misc",
      "exception",
      "fixup",
      "omapToSource",
      "omapFromSource",
      "borland",
      "",
      "clsid",
      "vcFeature",
      "pogo",
      "iltcg",
      "mpx",
      "repro",
      "embeddedPdb",
      "spgo",
      "pdbChecksum",
      "exDllCharacteristics",
  };
  const char* name = type < std::size(kNames) ? kNames[type] : "";
  return *name != '\0' ? name : std::to_string(type);
}

std::string Access(uint32_t characteristics) {
  return {(characteristics & kSectionReadable) != 0 ? 'r' : '-',
          (characteristics & kSectionWritable) != 0 ? 'w' : '-',
          (characteristics & kSectionExecutable) != 0 ? 'x' : '-'};
}

void AppendRange(const std::optional<FileRange>& range, std::string* out) {
  if (!range) {
    out->append("null");
    return;
  }
  JsonObject object(out);
  object.Number("offset", range->offset);
  object.Number("size", range->size);
}

void AppendSection(const Section& section, std::string* out) {
  JsonObject object(out);
  object.Text("name", section.name);
  object.Number("virtualAddress", section.virtual_address);
  object.Number("virtualSize", section.virtual_size);
  object.Number("rawOffset", section.raw_offset);
  object.Number("rawSize", section.raw_size);
  object.Number("characteristics", section.characteristics);
  object.Text("access", Access(section.characteristics));
  if (section.entropy) {
    AppendJsonNumber(*section.entropy, object.Member("entropy"));
  } else {
    object.Null("entropy");
  }
}

void AppendRich(const std::optional<RichHeader>& rich, std::string* out) {
  if (!rich) {
    out->append("null");
    return;
  }
  JsonObject object(out);
  object.Text("key", Hex(rich->key));
  object.Bool("valid", rich->valid);
  object.Array("entries", rich->entries, [](const RichEntry& entry, std::string* item) {
    JsonObject member(item);
    member.Number("product", entry.product);
    member.Number("build", entry.build);
    member.Number("count", entry.count);
  });
}

// Whether the handlers of structured exceptions are listed, or there can be none; of x86 alone.
void AppendSafeSeh(const Image& image, JsonObject* object) {
  if (image.headers.machine != kMachineX86 || !image.directories) {
    object->Null("safeSeh");
    return;
  }
  const auto& config = image.directories->load_config;
  const bool no_seh = (image.headers.dll_characteristics & kNoSeh) != 0;
  object->Bool("safeSeh", no_seh || (config && config->seh_table != 0 && config->seh_count != 0));
}

void AppendMitigations(const Image& image, std::string* out) {
  constexpr uint32_t kCetCompatible = 1;
  constexpr uint32_t kXfgEnabled = 0x00800000;
  const uint16_t flags = image.headers.dll_characteristics;
  JsonObject object(out);
  object.Bool("aslr", (flags & kDynamicBase) != 0);
  object.Bool("highEntropyAslr", (flags & kHighEntropyVa) != 0);
  object.Bool("nx", (flags & kNxCompatible) != 0);
  object.Bool("controlFlowGuard", (flags & kGuardCf) != 0);
  object.Bool("forceIntegrity", (flags & kForceIntegrity) != 0);
  object.Bool("appContainer", (flags & kAppContainer) != 0);
  AppendSafeSeh(image, &object);
  if (!image.directories) {
    object.Null("cet");
    object.Null("extendedFlowGuard");
    return;
  }
  const auto& debug = image.directories->debug;
  object.Bool("cet", debug && (debug->extended_dll_characteristics & kCetCompatible) != 0);
  const auto& config = image.directories->load_config;
  object.Bool("extendedFlowGuard", config && (config->guard_flags & kXfgEnabled) != 0);
}

void AppendImport(const ImportedModule& module, std::string* out) {
  JsonObject object(out);
  object.Text("name", module.name);
  object.Array("functions", module.functions, [](const ImportedFunction& function, auto* item) {
    JsonObject member(item);
    member.TextOrNull("name", function.name);
    if (function.ordinal) {
      member.Number("ordinal", *function.ordinal);
    } else {
      member.Null("ordinal");
    }
  });
}

void AppendExports(const std::optional<Exports>& exports, std::string* out) {
  if (!exports) {
    out->append("null");
    return;
  }
  JsonObject object(out);
  object.Text("name", exports->name);
  object.Number("timestamp", exports->timestamp);
  object.Array("functions", exports->functions, [](const ExportedFunction& function, auto* item) {
    JsonObject member(item);
    member.TextOrNull("name", function.name);
    member.Number("ordinal", function.ordinal);
    member.Number("address", function.rva);
    member.TextOrNull("forwarder", function.forwarder);
  });
}

void AppendVersion(const std::optional<VersionResource>& version, std::string* out) {
  if (!version) {
    out->append("null");
    return;
  }
  const auto append_text = [](const std::string& text, std::string* item) {
    AppendJsonString(text, item);
  };
  JsonObject object(out);
  if (const auto& fixed = version->fixed) {
    object.Text("fileVersion", Version(fixed->file));
    object.Text("productVersion", Version(fixed->product));
    object.Number("flags", fixed->flags);
    object.Number("os", fixed->os);
    object.Number("type", fixed->type);
  } else {
    for (const char* name : {"fileVersion", "productVersion", "flags", "os", "type"})
      object.Null(name);
  }
  object.Array("languages", version->languages, append_text);
  std::string* const strings = object.Member("strings");
  strings->push_back('{');
  bool first = true;
  for (const auto& [name, value] : version->strings) {
    if (!first) strings->push_back(',');
    first = false;
    AppendJsonString(name, strings);
    strings->push_back(':');
    AppendJsonString(value, strings);
  }
  strings->push_back('}');
}

void AppendPdb(const std::optional<DebugDirectory>& debug, std::string* out) {
  if (!debug || !debug->pdb) {
    out->append("null");
    return;
  }
  const PdbReference& pdb = *debug->pdb;
  JsonObject object(out);
  object.Text("path", pdb.path);
  object.TextOrNull("guid", pdb.has_guid ? ToText(pdb.guid) : "");
  object.TextOrNull("signature", pdb.has_guid ? "" : Hex(pdb.signature));
  object.Number("age", pdb.age);
}

void AppendDebug(const std::optional<DebugDirectory>& debug, JsonObject* object) {
  const std::vector<DebugEntry> none;
  object->Array("debug", debug ? debug->entries : none, [](const DebugEntry& entry, auto* item) {
    JsonObject member(item);
    member.Text("type", DebugTypeName(entry.type));
    member.Number("timestamp", entry.timestamp);
    member.Number("size", entry.size);
  });
}

void AppendClr(const std::optional<ClrHeader>& clr, std::string* out) {
  if (!clr) {
    out->append("null");
    return;
  }
  const auto has = [&](uint32_t flag) { return (clr->flags & flag) != 0; };
  JsonObject object(out);
  object.Text("runtimeVersion", Version(clr->runtime_version));
  object.Text("metadataVersion", clr->metadata_version);
  object.Number("flags", clr->flags);
  object.Bool("ilOnly", has(ClrHeader::kIlOnly));
  object.Bool("requires32Bit", has(ClrHeader::k32BitRequired));
  object.Bool("prefers32Bit", has(ClrHeader::k32BitPreferred));
  object.Bool("strongNameSigned", has(ClrHeader::kStrongNameSigned));
  object.Bool("nativeEntryPoint", has(ClrHeader::kNativeEntryPoint));
  object.Number("entryPoint", clr->entry_point);
}

void AppendDirectories(const ImageDirectories& directories, JsonObject* object) {
  object->Array("imports", directories.imports, AppendImport);
  object->TextOrNull("imphash", HexBytes(directories.imphash.span()));
  object->Array("delayImports", directories.delay_imports, AppendImport);
  AppendExports(directories.exports, object->Member("exports"));
  AppendVersion(directories.version, object->Member("version"));
  AppendDebug(directories.debug, object);
  AppendPdb(directories.debug, object->Member("pdb"));
  const std::vector<uint32_t> none;
  object->Array("tlsCallbacks", directories.tls ? directories.tls->callbacks : none,
                [](uint32_t rva, std::string* item) { AppendJsonNumber(uint64_t{rva}, item); });
  AppendClr(directories.clr, object->Member("clr"));
}

void AppendHashes(const std::vector<ImageHashes>& hashes, std::string* out) {
  constexpr const char* kNames[kDigestAlgorithms] = {"md5", "sha1", "sha256", "sha384", "sha512"};
  JsonObject object(out);
  for (const ImageHashes& each : hashes) {
    JsonObject member(object.Member(kNames[static_cast<size_t>(each.algorithm)]));
    member.Text("file", HexBytes(each.file.span()));
    member.Text("image", HexBytes(each.image.span()));
    member.TextOrNull("padded", each.padded ? HexBytes(each.padded->span()) : "");
  }
}

void AppendHeaders(const Image& image, JsonObject* object) {
  const ImageHeaders& headers = image.headers;
  const auto& directories = image.directories;
  const bool has_chpe =
      directories && directories->load_config && directories->load_config->has_chpe_metadata;
  object->Number("fileSize", headers.file_size);
  object->Text("machine", MachineName(headers.machine, has_chpe));
  object->Number("machineCode", headers.machine);
  object->Bool("is64Bit", headers.is_64_bit);
  object->Bool("isDll", (headers.characteristics & kDll) != 0);
  object->Number("characteristics", headers.characteristics);
  object->Number("dllCharacteristics", headers.dll_characteristics);
  object->Number("timestamp", headers.timestamp);
  if (directories) {
    object->Bool("reproducible", directories->debug && directories->debug->reproducible);
  } else {
    object->Null("reproducible");
  }
  object->Text("subsystem", SubsystemName(headers.subsystem));
  object->Text("linkerVersion", Version(headers.linker_version));
  object->Text("osVersion", Version(headers.os_version));
  object->Text("subsystemVersion", Version(headers.subsystem_version));
  object->Text("imageBase", Hex(headers.image_base));
  object->Number("imageSize", headers.image_size);
  object->Number("headersSize", headers.headers_size);
  object->Number("entryPoint", headers.entry_point);
  object->Number("sectionAlignment", headers.section_alignment);
  object->Number("fileAlignment", headers.file_alignment);
  object->Number("checksum", headers.checksum);
  if (image.computed_checksum) {
    object->Number("computedChecksum", *image.computed_checksum);
  } else {
    object->Null("computedChecksum");
  }
  object->Array("sections", headers.sections, AppendSection);
  AppendMitigations(image, object->Member("mitigations"));
  AppendRich(headers.rich, object->Member("rich"));
  AppendRange(headers.certificate_table, object->Member("certificateTable"));
  object->Array("certificates", headers.certificates,
                [](const CertificateEntry& entry, auto* item) {
                  JsonObject member(item);
                  member.Number("offset", entry.offset);
                  member.Number("size", entry.size);
                  member.Number("revision", entry.revision);
                  member.Number("type", entry.type);
                });
  AppendRange(headers.overlay, object->Member("overlay"));
}

}  // namespace

void AppendImageJson(const Image& image, std::string* out) {
  JsonObject object(out);
  AppendHeaders(image, &object);
  if (image.directories) AppendDirectories(*image.directories, &object);
  AppendHashes(image.hashes, object.Member("hashes"));
  object.Array("anomalies", image.anomalies.all(), [](const Anomaly& anomaly, std::string* item) {
    JsonObject member(item);
    member.Text("code", CodeOf(anomaly.kind));
    member.Text("message", anomaly.message);
  });
}

}  // namespace nuthatch
