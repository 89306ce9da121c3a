#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace weir::admin {

/// A file of the running test; gone with it.
class ScratchFile {
 public:
  explicit ScratchFile(std::string_view text) : path_(name()) { write(text); }
  ~ScratchFile() { remove(); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  /// As `mv new file` does: another inode each time, so that no clock matters.
  void write(std::string_view text) const {
    const auto fresh = path_ + ".new";
    std::ofstream(fresh) << text;
    std::filesystem::rename(fresh, path_);
  }
  void remove() const { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  static std::string name() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    return testing::TempDir() + test->test_suite_name() + '.' + test->name() + ".scratch";
  }
  std::string path_;
};

}  // namespace weir::admin
