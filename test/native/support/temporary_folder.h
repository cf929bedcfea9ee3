// Files of one test.

#ifndef NUTHATCH_TEST_NATIVE_SUPPORT_TEMPORARY_FOLDER_H_
#define NUTHATCH_TEST_NATIVE_SUPPORT_TEMPORARY_FOLDER_H_

#include <filesystem>
#include <random>
#include <string>
#include <system_error>

namespace nuthatch {

// A new folder, removed at the end with all that is in it. ctest runs tests at the same time, each
// in a process of its own: a name that two of them share is a race.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::random_device random;
    do {
      path_ =
          std::filesystem::temp_directory_path() / ("nuthatch-test-" + std::to_string(random()));
    } while (!std::filesystem::create_directory(path_));
  }
  ~TemporaryFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace nuthatch

#endif  // NUTHATCH_TEST_NATIVE_SUPPORT_TEMPORARY_FOLDER_H_
