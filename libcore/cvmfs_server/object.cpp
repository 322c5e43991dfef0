#include "cvmfs_server/object.hpp"

#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace tow::cvmfs_server {

ScratchFile::ScratchFile() : path_(base::environment("TMPDIR").value_or("/tmp") + "/tow-XXXXXX") {
    fd_ = ::mkostemp(path_.data(), O_CLOEXEC);
    if (fd_ < 0) {
        base::fail_errno(base::Kind::CannotCreate, errno, path_);
    }
}

ScratchFile::ScratchFile(ScratchFile&& other) noexcept
    : path_(std::exchange(other.path_, {})), fd_(std::exchange(other.fd_, -1)) {}

ScratchFile::~ScratchFile() {
    if (fd_ >= 0) {
        ::close(fd_);
        ::unlink(path_.c_str());
    }
}

void ScratchFile::append(std::string_view bytes) {
    if (!base::write_all(fd_, bytes)) {
        base::fail(base::Kind::Io, "{}: cannot be written", path_);
    }
}

InflatedObject::InflatedObject(const Hash& expected, std::uint64_t limit)
    : object_(expected), inflater_(limit, [this](std::string_view piece) {
          if (file_ == nullptr) {
              data_ += piece;
          } else {
              file_->append(piece);
          }
      }) {}

void InflatedObject::add(std::string_view bytes) {
    object_.add(bytes);
    if (damage_) {
        return;  // the hash still tells whether the server holds what was published
    }
    try {
        inflater_.add(bytes);
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::Data) {
            throw;
        }
        damage_ = error.what();
    }
}

std::optional<std::string> InflatedObject::damage() const {
    if (!damage_ && !inflater_.is_complete()) {
        return "its data breaks off";
    }
    return damage_;
}

}  // namespace tow::cvmfs_server
