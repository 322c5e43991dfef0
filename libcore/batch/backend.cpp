#include "batch/backend.hpp"

#include "base/text.hpp"
#include "batch/local.hpp"

namespace tow::batch {

std::unique_ptr<Backend> make_backend(std::string_view name, const std::string& state_directory) {
    if (name == "local") {
        return std::make_unique<LocalBackend>(state_directory + "/local");
    }
    throw base::Error(base::Kind::Config, fmt::format("no backend \"{}\"", name),
                      "backends: " + base::join(backend_names(), ", "));
}

std::vector<std::string> backend_names() {
    return {"local"};
}

}  // namespace tow::batch
