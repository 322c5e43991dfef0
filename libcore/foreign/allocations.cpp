#include "foreign/allocations.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "foreign/csv.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace tow::foreign {

namespace {

constexpr double kHour = 3600;

// What is left of an amount, both in units of so many seconds; nothing if one of them is no amount.
std::optional<std::chrono::seconds> left_of(std::optional<double> given, std::optional<double> used,
                                            double unit) {
    constexpr double kMost = 1e12;  // seconds: the longest duration of a record
    if (!given || !used || !(*given >= 0) || !(*used >= 0)) {
        return std::nullopt;
    }
    const auto left = std::clamp((*given - *used) * unit, 0.0, kMost);
    return std::chrono::seconds{std::llround(std::floor(left))};
}

std::optional<std::chrono::seconds> less(std::optional<std::chrono::seconds> a,
                                         std::optional<std::chrono::seconds> b) {
    return a && b ? std::min(a, b) : a ? a : b;
}

class Reader {
  public:
    Reader(const Text& text, base::Time observed_at, Balances& result)
        : name_(base::printable(text.name)), observed_at_(observed_at), result_(result) {}

    void read_json(std::string_view content) {
        const record::Document document(content);
        const auto root = document.root();
        const auto list = root.is_array() ? root : root.find("items");
        if (!list.is_array()) {
            base::fail(base::Kind::Data, "there is no list of allocations");
        }
        for (const auto item : list.elements()) {
            if (item.find("repoName").string()) {
                read_newt(item);
            } else {
                read_superfacility(item);
            }
        }
    }

    void read_table(const Text& text) {
        const CsvTable table(text.content, text.name);
        if (!table.has("Account") || (!table.has("HoursLeft") && !table.has("HoursGiven"))) {
            base::fail(base::Kind::Data,
                       "{}: neither allocations of NERSC nor a table with columns Account and "
                       "HoursLeft, or HoursGiven and HoursUsed",
                       name_);
        }
        for (const auto& row : table.rows()) {
            const auto number = [&](std::string_view column) {
                return real_of(table.cell(row, column));
            };
            const auto at = base::parse_rfc3339(table.cell(row, "Timestamp"));
            add(table.cell(row, "Account"),
                less(left_of(number("HoursLeft"), 0, kHour),
                     left_of(number("HoursGiven"), number("HoursUsed"), kHour)),
                at.value_or(observed_at_));
        }
    }

  private:
    // Storage has allocations, too; those of computing are of the type REPO.
    void read_newt(record::View item) {
        const auto type = item.find("repoType").string().value_or("REPO");
        if (type == "REPO") {
            add(*item.find("repoName").string(),
                left_of(item.find("currentAlloc").number(), item.find("usedAlloc").number(), 1),
                observed_at_);
        }
    }

    // Both what the project and what the user has must last.
    void read_superfacility(record::View item) {
        const auto left = [item](std::string_view given, std::string_view used) {
            return left_of(item.find(given).number(), item.find(used).number(), kHour);
        };
        add(item.find("repo_name").string().value_or(""),
            less(left("project_hours_given", "project_hours_used"),
                 left("hours_given", "hours_used")),
            observed_at_);
    }

    void add(std::string_view account, std::optional<std::chrono::seconds> left, base::Time at) {
        if (account.empty() || !left) {
            result_.problems.push_back(
                fmt::format("{}: an allocation without {}", name_,
                            account.empty() ? "a name" : "numbers: " + base::printable(account)));
            return;
        }
        result_.list.push_back({std::string(account), *left, at});
    }

    std::string name_;
    base::Time observed_at_;
    Balances& result_;
};

bool is_better(const Balance& a, const Balance& b) {
    return a.observed_at != b.observed_at ? a.observed_at > b.observed_at : a.left < b.left;
}

}  // namespace

void read_balances(const Text& text, base::Time observed_at, Balances& result) {
    Reader reader(text, observed_at, result);
    const auto content = base::trim(text.content);
    if (content.starts_with('[') || content.starts_with('{')) {
        base::with_context(base::printable(text.name), [&] { reader.read_json(content); });
    } else {
        reader.read_table(text);
    }
}

std::vector<std::string> set_balances(const Balances& balances,
                                      std::vector<model::Entry>& entries) {
    std::map<std::string_view, const Balance*> best;
    for (const auto& balance : balances.list) {
        auto& known = best[balance.account];
        known = known == nullptr || is_better(balance, *known) ? &balance : known;
    }
    std::set<std::string> unknown;
    for (auto& entry : entries) {
        if (!entry.allocation) {
            continue;
        }
        const auto found = best.find(entry.allocation->account);
        if (found == best.end()) {
            unknown.insert(entry.allocation->account);
            continue;
        }
        entry.allocation->left = found->second->left;
        entry.allocation->observed_at = found->second->observed_at;
    }
    return {unknown.begin(), unknown.end()};
}

}  // namespace tow::foreign
