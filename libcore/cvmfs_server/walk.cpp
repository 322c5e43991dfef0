#include "cvmfs_server/walk.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace tow::cvmfs_server {

namespace {

constexpr std::uint64_t kMostCatalog = std::uint64_t{1} << 30;  // bytes, inflated
constexpr std::size_t kObjectsAtOnce = 8;
constexpr std::size_t kMostFaults = 1'000;  // of a kind that are told one by one

void add_fault(std::vector<WalkFault>& faults, Fault fault, std::string path) {
    if (faults.size() < kMostFaults) {
        faults.push_back({std::move(fault), std::move(path)});
    }
}

std::string name_of(std::int64_t depth) {
    return depth == 0 ? "root_catalog" : "nested_catalog";
}

}  // namespace

void Walk::begin(const Hash& root, const std::string& path, std::optional<std::uint64_t> bytes) {
    algorithm_ = root.algorithm;
    random_.seed(base::hash64(root.text()));  // the same objects at every server
    root_path_ = path;
    wanted_.push_back({{"", root, bytes.value_or(0)}, 0, 0});
    fetch_next();
}

bool Walk::go_on() {
    while (!wanted_.empty() && fetcher_.under_way() == 0) {
        fetch_next();
    }
    if (fetcher_.under_way() == 0) {
        fetch_objects();
    }
    return fetcher_.under_way() > 0;
}

void Walk::fetch_next() {
    const auto wanted = std::move(wanted_.back());
    wanted_.pop_back();
    const auto name = name_of(wanted.depth);
    const auto bytes = wanted.catalog.bytes;
    if (bytes > kMostCatalog) {
        fail(wanted, {name + "_too_large",
                      fmt::format("it comes to {} bytes, more than {}", bytes, kMostCatalog)});
        return;
    }
    const auto path = wanted.depth == 0 ? root_path_ : wanted.catalog.hash.object_path("C");
    const Fetcher::Wanted object{name, path, wanted.catalog.hash, bytes > 0 ? bytes : kMostCatalog,
                                 Fetcher::Keep::File};
    fetcher_.get_object(object,
                        [this, wanted](const FetchedObject& fetched) { take(wanted, fetched); });
}

void Walk::take(const Wanted& wanted, const FetchedObject& object) {
    const auto name = name_of(wanted.depth);
    if (object.fault) {
        fail(wanted, *object.fault);
        return;
    }
    if (wanted.catalog.bytes > 0 && object.bytes != wanted.catalog.bytes) {
        fail(wanted, {name + "_size",
                      fmt::format("it has {} bytes, not {}", object.bytes, wanted.catalog.bytes)});
        return;
    }
    try {
        std::function<void(const DataObject&)> visit;
        if (options_.objects != 0) {
            visit = [this](const DataObject& one) { pick(one); };
        }
        descend(wanted, read_catalog(object.file->path(), algorithm_, visit));
    } catch (const base::Error& error) {
        if (error.kind() != base::Kind::Data) {
            throw;
        }
        fail(wanted, {name + "_malformed", error.what()});
    }
}

void Walk::descend(const Wanted& wanted, Catalog catalog) {
    ++catalogs_;
    entries_ += catalog.entries;
    if (wanted.depth == 0) {
        root_revision_ = catalog.revision;
    }
    if (const auto wrong = catalog.wrong_count()) {
        add_fault(count_faults_, {"catalog_counts", *wrong}, wanted.catalog.path);
    }
    auto nested = std::move(catalog.nested);
    catalog.nested.clear();
    catalog.counted.clear();
    if (nested.empty() || (options_.depth != kAll && wanted.depth >= options_.depth)) {
        close(wanted.parent, std::move(catalog));
        return;
    }
    const auto id = next_id_++;
    auto& open = open_[id];
    open.catalog = std::move(catalog);
    open.path = wanted.catalog.path;
    open.parent = wanted.parent;
    for (auto& one : nested) {
        if (seen_.insert(one.hash.text()).second) {
            ++open.missing;
            wanted_.push_back({std::move(one), wanted.depth + 1, id});
        } else {
            open.is_complete = false;
        }
    }
    if (open.missing == 0) {
        auto whole = std::move(open.catalog);
        open_.erase(id);
        close(wanted.parent, std::move(whole));
    }
}

// A child of it is done, nothing if it could not be read. So may be its parents then.
void Walk::close(Id parent, std::optional<Catalog> child) {
    for (auto found = open_.find(parent); found != open_.end(); found = open_.find(parent)) {
        auto& open = found->second;
        open.is_complete = open.is_complete && child.has_value();
        if (child) {
            open.below.push_back(std::move(*child));
        }
        if (--open.missing > 0) {
            return;
        }
        if (const auto wrong = open.catalog.wrong_sum(open.below); wrong && open.is_complete) {
            add_fault(count_faults_, {"catalog_counts", *wrong}, open.path);
        }
        child = std::move(open.catalog);
        parent = open.parent;
        open_.erase(found);
    }
}

void Walk::fail(const Wanted& wanted, Fault fault) {
    if (wanted.depth == 0) {
        root_fault_ = std::move(fault);
    } else {
        add_fault(nested_faults_, std::move(fault), base::printable(wanted.catalog.path));
    }
    close(wanted.parent, std::nullopt);
}

void Walk::pick(const DataObject& object) {
    if (options_.objects == kAll) {
        if (known_.insert(object.path()).second) {
            picked_.push_back(object);
        }
        return;
    }
    // Each object is picked with the same chance, however many there are (reservoir sampling).
    const auto size = static_cast<std::uint64_t>(options_.objects);
    ++offered_;
    if (picked_.size() < size) {
        picked_.push_back(object);
    } else if (const auto place = random_() % offered_; place < size) {
        picked_[place] = object;
    }
}

void Walk::fetch_objects() {
    for (std::size_t i = 0; i < kObjectsAtOnce && !picked_.empty(); ++i) {
        const auto object = picked_.back();
        picked_.pop_back();
        ++objects_;
        fetcher_.get_data(object.path(), object.hash,
                          [this, path = object.path()](std::optional<Fault> fault) {
                              if (fault) {
                                  add_fault(object_faults_, std::move(*fault), path);
                              }
                          });
    }
}

}  // namespace tow::cvmfs_server
