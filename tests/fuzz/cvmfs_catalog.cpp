// Any bytes as the file of a catalog, of a history and of a reflog, and inflated as the data of an
// object.
#include "base/error.hpp"
#include "cvmfs_server/catalog.hpp"
#include "cvmfs_server/inflate.hpp"
#include "cvmfs_server/object.hpp"
#include "cvmfs_server/reflog.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

namespace cvmfs_server = tow::cvmfs_server;

template <class Action>
void try_to(Action action) {
    try {
        action();
    } catch (const tow::base::Error& error) {
        if (error.kind() != tow::base::Kind::Data) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    constexpr std::uint64_t kLimit = 1 << 20;
    try_to([&] {
        if (cvmfs_server::inflated(text, kLimit).size() > kLimit) {
            std::abort();
        }
    });
    cvmfs_server::ScratchFile file;
    file.append(text);
    try_to([&] {
        std::int64_t objects = 0;
        const auto catalog =
            cvmfs_server::read_catalog(file.path(), cvmfs_server::Algorithm::Sha1,
                                       [&](const cvmfs_server::DataObject&) { ++objects; });
        static_cast<void>(catalog.wrong_count());
        static_cast<void>(catalog.wrong_sum({catalog}));
    });
    try_to([&] { cvmfs_server::read_history(file.path()); });
    try_to([&] { cvmfs_server::read_reflog(file.path()); });
    return 0;
}
