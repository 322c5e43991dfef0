// What has not arrived yet: batches of one target, in files, in order, up to a size. A batch is
// written before it is sent and removed when all of it has arrived, so that a run may be killed at
// any moment: a batch may then arrive twice, but never not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tow::publish {

// What is sent at once.
struct Part {
    std::string request;  // "PUT /labels" where a protocol has several, else empty
    std::string body;

    friend bool operator==(const Part&, const Part&) = default;
};

using Batch = std::vector<Part>;

std::string encode_batch(const Batch& batch);
Batch decode_batch(std::string_view text);  // Error{Data}

class Spool {
  public:
    explicit Spool(std::string directory);  // made if need be

    // Behind all others. Returns how many of the oldest had to go for it to fit into the limit; it
    // counts itself if it does not fit alone.
    std::size_t add(const Batch& batch, std::int64_t limit);
    void clear();

    std::vector<std::string> names() const;  // oldest first
    Batch read(const std::string& name) const;
    void remove(const std::string& name) const;
    std::int64_t bytes() const;
    const std::string& directory() const noexcept { return directory_; }

  private:
    std::string directory_;
};

}  // namespace tow::publish
