// .cvmfspublished: what a repository holds at the moment, in one signed page.
#pragma once

#include "base/clock.hpp"
#include "cvmfs_server/fault.hpp"
#include "cvmfs_server/letter.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tow::cvmfs_server {

constexpr std::size_t kManifestLimit = 65536;  // bytes; real ones have 600

struct Manifest {
    Letter letter;
    std::string name;  // empty: it does not say
    Hash root_catalog;
    std::optional<std::uint64_t> root_catalog_bytes;  // inflated
    std::uint64_t revision = 0;
    std::chrono::seconds ttl{0};
    std::optional<base::Time> published;
    std::optional<Hash> certificate;
    std::optional<Hash> history;
    std::optional<Hash> metainfo;
    bool collects_garbage = false;
    bool has_alternative_paths = false;  // objects of the root are beside the manifest

    // Where one of its own objects is, below the repository.
    std::string path_of(const Hash& object, std::string_view suffix) const;
};

struct ManifestReading {
    std::optional<Manifest> manifest;
    std::optional<Fault> fault;  // the first; the manifest may be there nevertheless
};

// Checks what it can tell by itself: form, hash, name. Not the signature.
ManifestReading read_manifest(std::string_view text, std::string_view repository);

}  // namespace tow::cvmfs_server
