# Builds nuthatch.node where there is no CMake: at install on a platform without a prebuild, and in
# a checkout on a machine without cmake. The same sources and options as CMakeLists.txt.
{
  'targets': [{
    'target_name': 'nuthatch',
    'sources': ['<!@(node scripts/sources.mjs sources <(OS))'],
    'include_dirs': [
      '<!@(node scripts/sources.mjs include <(OS))',
      '<!(node -p "require(\'node-addon-api\').include_dir")',
    ],
    'defines': [
      'NAPI_VERSION=9',
      'NODE_ADDON_API_CPP_EXCEPTIONS_ALL',
      'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      'TREE_SITTER_HIDE_SYMBOLS',
      'TREE_SITTER_HIDDEN_SYMBOLS',
      'NUTHATCH_VERSION="<!(node -p "require(\'./package.json\').version")"',
    ],
    'cflags': ['-w', '-O3', '-fvisibility=hidden', '-ffunction-sections', '-fdata-sections'],
    'cflags!': ['-fno-omit-frame-pointer'],
    'cflags_cc': ['-std=c++20', '-fvisibility-inlines-hidden'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
    'conditions': [
      ['OS=="linux"', {
        'ldflags': [
          '-pthread', '-static-libstdc++', '-Wl,--gc-sections',
          '-Wl,--version-script=<(module_root_dir)/native/addon/exports.map',
        ],
      }],
      ['OS=="win"', {
        'defines': ['NOMINMAX', 'WIN32_LEAN_AND_MEAN', 'UNICODE', '_UNICODE'],
        'libraries': ['dbghelp.lib', 'bcrypt.lib'],
        'msvs_settings': {
          'VCCLCompilerTool': {
            'ExceptionHandling': 1,
            'WarningLevel': 0,
            'AdditionalOptions': ['/std:c++20', '/utf-8', '/Zc:__cplusplus'],
          },
        },
      }],
    ],
    'xcode_settings': {
      'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
      'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
      'GCC_ENABLE_CPP_RTTI': 'YES',
      'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
      'MACOSX_DEPLOYMENT_TARGET': '11.0',
      'OTHER_CFLAGS': ['-w'],
      'OTHER_LDFLAGS': ['-framework CoreFoundation', '-Wl,-dead_strip'],
    },
  }],
}
