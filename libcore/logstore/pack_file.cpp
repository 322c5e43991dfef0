#include "logstore/pack_file.hpp"

#include "base/clock.hpp"
#include "base/dirs.hpp"
#include "base/error.hpp"
#include "base/ulid.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace tow::logstore {

namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 20;

void sync_folder(const std::string& folder) {
    const base::UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || base::io_calls().fsync(fd.get()) != 0) {
        base::fail_errno(base::Kind::Io, errno, "sync " + folder);
    }
}

void write(int fd, std::string_view data, const std::string& name) {
    if (!base::write_all(fd, data)) {
        base::fail(base::Kind::Io, "{}: cannot be written", name);
    }
}

}  // namespace

PackWriter::PackWriter(const std::string& folder) : folder_(folder) {
    const auto now = base::wall_clock_ms();
    const auto who = fmt::format("{} {}", base::host_name(), ::getpid());
    for (std::int64_t attempt = 0; !fd_; ++attempt) {
        name_ = base::make_ulid(now, fmt::format("{} {}", who, attempt)) + ".pack";
        const auto path = folder_ + "/" + name_;
        fd_ = base::UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640));
        if (!fd_ && errno != EEXIST) {
            base::fail_errno(base::Kind::CannotCreate, errno, path);
        }
    }
}

PackWriter::~PackWriter() {
    if (!is_kept_) {
        ::unlink((folder_ + "/" + name_).c_str());
    }
}

std::uint64_t PackWriter::add(std::string_view data) {
    const auto offset = size_;
    buffer_ += data;
    size_ += data.size();
    if (buffer_.size() >= kBuffer) {
        write(fd_.get(), buffer_, name_);
        buffer_.clear();
    }
    return offset;
}

void PackWriter::keep() {
    write(fd_.get(), buffer_, name_);
    buffer_.clear();
    if (base::io_calls().fsync(fd_.get()) != 0) {
        base::fail_errno(base::Kind::Io, errno, "sync " + name_);
    }
    sync_folder(folder_);
    is_kept_ = true;
}

std::string read_from_pack(const std::string& path, std::uint64_t offset, std::uint64_t size) {
    const auto fd = base::open_for_reading(path);
    std::string data(size, '\0');
    std::size_t done = 0;
    while (done < data.size()) {
        const auto count = ::pread(fd.get(), data.data() + done, data.size() - done,
                                   static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            base::fail(base::Kind::Data, "{}: it is cut short", path);
        }
        done += static_cast<std::size_t>(count);
    }
    return data;
}

}  // namespace tow::logstore
