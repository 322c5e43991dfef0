// Records the commands that a backend runs, and plays prepared answers.
#pragma once

#include "base/error.hpp"
#include "batch/transport.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tow::test {

struct Script {
    using Answer = std::function<base::Finished(const base::Command&)>;

    std::vector<base::Command> commands;
    std::map<std::string, std::deque<Answer>> answers;  // by tool; none: success, and no output
    std::map<std::string, std::string> files;

    void say(const std::string& tool, int code, const std::string& output,
             const std::string& complaint = {}) {
        answers[tool].push_back([=](const base::Command& /*command*/) {
            return base::Finished{{code, 0}, output, complaint};
        });
    }

    void fail(const std::string& tool, base::Kind kind) {
        answers[tool].push_back([=](const base::Command& /*command*/) -> base::Finished {
            throw base::Error(kind, "no answer");
        });
    }

    std::vector<base::Command> of(const std::string& tool) const {
        std::vector<base::Command> result;
        for (const auto& command : commands) {
            if (command.argv.front() == tool) {
                result.push_back(command);
            }
        }
        return result;
    }
};

class FakeTransport : public batch::Transport {
  public:
    explicit FakeTransport(Script& script) : script_(script) {}

    base::Finished run(const base::Command& command, std::size_t /*output_limit*/) override {
        script_.commands.push_back(command);
        auto& answers = script_.answers[command.argv.front()];
        if (answers.empty()) {
            return {};
        }
        const auto answer = answers.front();
        answers.pop_front();
        return answer(command);
    }

    std::string read_file(const std::string& path, std::size_t /*limit*/) override {
        const auto file = script_.files.find(path);
        if (file == script_.files.end()) {
            base::fail(base::Kind::NotFound, "{}: No such file or directory", path);
        }
        return file->second;
    }

  private:
    Script& script_;
};

}  // namespace tow::test
