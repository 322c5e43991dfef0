// Any bytes as questions about ads, a line each: each is answered or refused, and whoever asks with
// the answer gets the same one.
#include "source/ad_batch.hpp"

#include "base/file.hpp"
#include "base/text.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace {

struct Answers {
    std::string lines;
    bool all_good = true;
};

Answers ask(std::string_view questions) {
    const tow::base::UniqueFd fd(::memfd_create("questions", MFD_CLOEXEC));
    if (!tow::base::write_all(fd.get(), questions)) {
        std::abort();
    }
    ::lseek(fd.get(), 0, SEEK_SET);
    tow::classad::EvalOptions options;
    options.now = tow::base::Time{std::chrono::seconds{1'795'262'400}};
    options.max_evaluations = 20'000;
    options.max_effort = 2'000'000;
    Answers answers;
    tow::source::answer_lines(fd.get(), "fuzz", options,
                              {.before_read = {},
                               .on_answer = [&](const auto& line) { answers.lines += line + "\n"; },
                               .on_bad = [&](const auto&) { answers.all_good = false; }});
    return answers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(  // NOLINT(readability-identifier-naming) libFuzzer's name
    const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto first = ask(text).lines;
    const auto again = ask(first);
    const bool by_chance = tow::base::lower(first).find("random") != std::string::npos;
    if (!again.all_good || (again.lines != first && !by_chance)) {
        std::fprintf(stderr, "%s%s", first.c_str(), again.lines.c_str());
        std::abort();
    }
    return 0;
}
