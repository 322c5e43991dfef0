// A directory of tests/data/cvmfs as a web server on loopback.
#pragma once

#include "http/loopback.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

namespace tow::test {

inline std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

class WebRoot {
  public:
    explicit WebRoot(const std::string& name) {
        for (std::string layer = name; !layer.empty();) {
            const auto folder = std::filesystem::path(TOW_TEST_DATA "/cvmfs") / layer;
            layers_.push_back({folder, {}});
            std::istringstream removed(content_of(folder / "REMOVED"));
            for (std::string line; std::getline(removed, line);) {
                layers_.back().removed.insert(line);
            }
            layer = content_of(folder / "BASE");
            layer = layer.substr(0, layer.find('\n'));
        }
    }

    // path is without a slash before it.
    std::optional<std::string> file(const std::string& path) const {
        for (const auto& layer : layers_) {
            if (layer.removed.contains(path)) {
                return std::nullopt;
            }
            if (std::filesystem::is_regular_file(layer.folder / path)) {
                return content_of(layer.folder / path);
            }
        }
        return std::nullopt;
    }

    bool serve(const std::string& request, Peer& peer) const {
        const auto path = request.substr(5, request.find(' ', 5) - 5);
        const auto body = file(path);
        peer.answer(body ? "200 OK" : "404 Not Found", body.value_or("no such file"));
        return true;
    }

  private:
    struct Layer {
        std::filesystem::path folder;
        std::set<std::string> removed;
    };

    std::vector<Layer> layers_;  // what is in one hides what is in the next
};

// The same with its server.
class ServedRoot {
  public:
    explicit ServedRoot(const std::string& name)
        : root_(name), server_([this](const std::string& request, Peer& peer) {
              return root_.serve(request, peer);
          }) {}

    std::string url() const { return server_.url(""); }
    const Loopback& server() const { return server_; }

  private:
    WebRoot root_;
    Loopback server_;
};

}  // namespace tow::test
