// An object on its way in: hashed as it is stored, inflated, kept in memory or in a file, each
// within a limit.
#pragma once

#include "cvmfs_server/hash.hpp"
#include "cvmfs_server/inflate.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::cvmfs_server {

// A file that nobody else sees and that goes with this object.
class ScratchFile {
  public:
    ScratchFile();  // in $TMPDIR or /tmp. Error{CannotCreate}
    ScratchFile(ScratchFile&& other) noexcept;
    ScratchFile& operator=(ScratchFile&&) = delete;
    ScratchFile(const ScratchFile&) = delete;
    ScratchFile& operator=(const ScratchFile&) = delete;
    ~ScratchFile();

    void append(std::string_view bytes);  // Error{Io}
    const std::string& path() const noexcept { return path_; }

  private:
    std::string path_;  // empty: moved away
    int fd_ = -1;
};

// Hash only: what a file's data needs.
class HashedObject {
  public:
    explicit HashedObject(const Hash& expected)
        : expected_(expected), digest_(expected.algorithm) {}

    void add(std::string_view bytes) { digest_.add(bytes); }
    bool fits() { return digest_.finish() == expected_; }  // once, at the end

  private:
    Hash expected_;
    Digest digest_;
};

// Hashed and inflated. The data is not to be looked at unless the hash fits.
class InflatedObject {
  public:
    InflatedObject(const Hash& expected, std::uint64_t limit);
    InflatedObject(const InflatedObject&) = delete;
    InflatedObject& operator=(const InflatedObject&) = delete;

    void into(ScratchFile& file) { file_ = &file; }  // instead of memory; before the first add()

    void add(std::string_view bytes);  // Error{Io} of the file

    bool hash_fits() { return object_.fits(); }  // once, at the end

    // What is wrong with the zlib stream; nothing if it is whole.
    std::optional<std::string> damage() const;

    std::uint64_t size() const noexcept { return inflater_.size(); }
    const std::string& data() const noexcept { return data_; }

  private:
    HashedObject object_;
    Inflater inflater_;
    ScratchFile* file_ = nullptr;
    std::string data_;
    std::optional<std::string> damage_;
};

}  // namespace tow::cvmfs_server
