#include "batch/transport.hpp"

#include "base/file.hpp"
#include "batch/ssh.hpp"

namespace tow::batch {

namespace {

class ThisMachine : public Transport {
  public:
    explicit ThisMachine(const Surroundings& surroundings)
        : patience_(surroundings.patience), trace_(surroundings.trace) {}

    base::Finished run(const base::Command& command, std::size_t output_limit) override {
        if (trace_) {
            trace_(base::shell_quoted(command.argv));
        }
        return base::run_to_end(command, {output_limit, patience_});
    }

    std::string read_file(const std::string& path, std::size_t limit) override {
        return base::read_file(path, limit);
    }

  private:
    std::chrono::milliseconds patience_;
    std::function<void(const std::string&)> trace_;
};

}  // namespace

std::unique_ptr<Transport> make_transport(const std::string& via,
                                          const Surroundings& surroundings) {
    if (via.empty()) {
        return std::make_unique<ThisMachine>(surroundings);
    }
    return make_ssh_transport(via, surroundings);
}

}  // namespace tow::batch
