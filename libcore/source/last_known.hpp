// The last good answer of each source, kept in the cache directory: what is known of a source that
// does not answer now.
#pragma once

#include "base/clock.hpp"
#include "base/file.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tow::source {

using VisitRecord = std::function<void(std::string_view type, std::string_view line)>;

class LastKnown {
  public:
    // question is all that the answer depends on. Nothing is read or made before it is needed.
    LastKnown(const std::string& directory, std::string_view question);

    // Keeps the records that are added; they replace the answer before with commit().
    class Writer {
      public:
        Writer(const LastKnown& place, base::Time observed_at);  // Error{CannotCreate}
        void add(std::string_view line);
        void commit();  // Error{Io}

      private:
        void flush();

        std::string directory_;
        base::AtomicFile file_;
        std::string buffer_;
    };

    // The records of the answer, each with "stale": true; returns when it was given. Nothing is
    // visited, and nothing returned, if there is no answer, or if it is older than max_age.
    std::optional<base::Time> replay(base::Time now, std::chrono::seconds max_age,
                                     const VisitRecord& visit) const;

  private:
    std::string directory_;
    std::string path_;
};

}  // namespace tow::source
