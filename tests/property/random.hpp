// A seeded source of small random things for property tests. The seed comes from $TOW_SEED or the
// clock and is printed with every failure, so that any run can be repeated.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

namespace tow::property {

inline std::uint64_t seed() {
    static const std::uint64_t value = [] {
        const char* text = std::getenv("TOW_SEED");  // NOLINT(concurrency-mt-unsafe)
        return text != nullptr ? std::strtoull(text, nullptr, 10)
                               : static_cast<std::uint64_t>(
                                     std::chrono::system_clock::now().time_since_epoch().count());
    }();
    return value;
}

// splitmix64: the same on every machine, unlike the distributions of <random>.
class Random {
  public:
    explicit Random(std::uint64_t start) : state_(start) {}

    std::uint64_t bits() {
        state_ += 0x9E3779B97F4A7C15U;
        auto z = state_;
        z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
        z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
        return z ^ (z >> 31U);
    }

    std::int64_t between(std::int64_t low, std::int64_t high) {  // both included
        return low + static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(high - low + 1));
    }

    bool chance(int percent) { return between(0, 99) < percent; }

    template <class T>
    const T& one_of(const std::vector<T>& things) {
        return things[static_cast<std::size_t>(
            between(0, static_cast<std::int64_t>(things.size()) - 1))];
    }

  private:
    std::uint64_t state_;
};

}  // namespace tow::property
