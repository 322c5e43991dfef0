#include "foreign/prices.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "foreign/asked.hpp"
#include "foreign/csv.hpp"
#include "foreign/values.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <map>

namespace tow::foreign {

namespace {

std::optional<base::Time> time_of(std::string_view text) {
    const auto time = base::parse_rfc3339(text);
    return time ? time : base::parse_rfc3339(std::string(text) + "Z");  // HEPCloud leaves it out
}

std::optional<double> price_of(std::string_view text) {
    const auto price = real_of(text);
    return price && *price >= 0 ? price : std::nullopt;
}

void read_spot_history(const Text& text, Quotes& result) {
    const record::Document document(text.content);
    const auto root = document.root();
    const auto list = root.is_array() ? root : root.find("SpotPriceHistory");
    if (!list.is_array()) {
        base::fail(base::Kind::Data, "{}: there is no list of spot prices",
                   base::printable(text.name));
    }
    // The history has the prices of the past as well: the newest of a machine and zone counts.
    std::map<std::pair<std::string, std::string>, Quote> newest;
    for (const auto item : list.elements()) {
        Quote quote;
        quote.machine = item.find("InstanceType").string().value_or("");
        quote.zone = item.find("AvailabilityZone").string().value_or("");
        const auto price = item.find("SpotPrice");
        quote.per_hour = price.string() ? price_of(*price.string()) : price.number();
        quote.observed_at = time_of(item.find("Timestamp").string().value_or(""));
        quote.currency = "USD";
        if (!quote.per_hour || *quote.per_hour < 0 || quote.machine.empty()) {
            result.problems.emplace_back("a spot price without a machine or a price");
            continue;
        }
        auto& known = newest[{quote.machine, quote.zone}];
        if (!known.per_hour || known.observed_at < quote.observed_at) {
            known = std::move(quote);
        }
    }
    for (auto& [key, quote] : newest) {
        result.list.push_back(std::move(quote));
    }
}

void read_table(const Text& text, Quotes& result) {
    const CsvTable table(text.content, text.name);
    const bool is_known = table.has("EntryName") || table.has("Entry") || table.has("InstanceType");
    if (!is_known) {
        base::fail(base::Kind::Data,
                   "{}: neither spot prices nor a table with a column EntryName "
                   "or InstanceType",
                   base::printable(text.name));
    }
    const auto first = [&table](const CsvRow& row,
                                std::initializer_list<std::string_view> columns) {
        for (const auto column : columns) {
            if (const auto cell = table.cell(row, column); !cell.empty()) {
                return cell;
            }
        }
        return std::string_view{};
    };
    for (const auto& row : table.rows()) {
        Quote quote;
        quote.entry = first(row, {"EntryName", "Entry"});
        quote.machine = first(row, {"InstanceType", "MachineType"});
        quote.zone = first(row, {"AvailabilityZone", "Zone"});
        const auto price =
            first(row, {"SpotPrice", "PreemptiblePrice", "PricePerHour", "Price", "OnDemandPrice"});
        quote.per_hour = price_of(price);
        const auto core_price = first(row, {"PricePerCoreHour", "PerCoreHour"});
        quote.per_core_hour = price_of(core_price);
        quote.work = price_of(first(row, {"PerfTtbarTotal"}));
        quote.performance = price_of(first(row, {"Performance"}));
        quote.currency = first(row, {"Currency"});
        quote.observed_at = time_of(first(row, {"Timestamp", "ObservedAt"}));
        if ((!price.empty() && !quote.per_hour) || (!core_price.empty() && !quote.per_core_hour)) {
            result.problems.push_back(fmt::format("{}:{}: a price that is no number",
                                                  base::printable(text.name), row.line));
        }
        result.list.push_back(std::move(quote));
    }
}

// What all quotes together say of one entry.
class Estimate {
  public:
    explicit Estimate(const model::Entry& entry) : entry_(entry) {
        for (const std::string_view key : {"ec2_instance_type", "gce_machine_type"}) {
            machine_ = machine_.empty() ? target_text(entry, "submit", key).value_or("") : machine_;
        }
        zone_ = target_text(entry, "submit", "ec2_availability_zone").value_or("");
    }

    // Tables of performance tell which machine an entry is.
    void identify(const Quote& quote) {
        if (quote.entry == entry_.name && !quote.machine.empty()) {
            machine_ = quote.machine;
            zone_ = quote.zone;
        }
    }

    void take(const Quote& quote) {
        const bool is_machine = !machine_.empty() && quote.entry.empty() &&
                                quote.machine == machine_ &&
                                (quote.zone.empty() || quote.zone == zone_);
        if (quote.entry != entry_.name && !is_machine) {
            return;
        }
        // A spot price beats what the table of performance says of the price without discount.
        if (quote.per_hour || quote.per_core_hour) {
            const bool is_newer =
                !price_at_ || (quote.observed_at && *price_at_ <= *quote.observed_at);
            if (is_newer) {
                const auto cores = static_cast<double>(entry_.pilot.cpus * entry_.nodes);
                per_core_hour_ =
                    quote.per_core_hour ? *quote.per_core_hour : *quote.per_hour / cores;
                currency_ = quote.currency.empty() ? "USD" : quote.currency;
                price_at_ = quote.observed_at;
            }
        }
        if (quote.work && *quote.work > 0) {
            performance_ = *quote.work / static_cast<double>(entry_.pilot.cpus * entry_.nodes);
        }
        if (quote.performance && *quote.performance > 0) {
            performance_ = *quote.performance;
        }
    }

    std::optional<model::Cost> cost() const {
        if (!per_core_hour_) {
            return std::nullopt;
        }
        return model::Cost{*per_core_hour_, currency_, performance_, price_at_};
    }

  private:
    const model::Entry& entry_;
    std::string machine_;
    std::string zone_;
    std::optional<double> per_core_hour_;
    std::string currency_;
    std::optional<base::Time> price_at_;
    std::optional<double> performance_;
};

}  // namespace

Quotes read_quotes(const std::vector<Text>& texts) {
    Quotes result;
    for (const auto& text : texts) {
        const auto content = base::trim(text.content);
        if (content.starts_with('[') || content.starts_with('{')) {
            base::with_context(base::printable(text.name),
                               [&] { read_spot_history(text, result); });
        } else {
            read_table(text, result);
        }
    }
    return result;
}

std::size_t set_costs(const Quotes& quotes, std::vector<model::Entry>& entries) {
    std::size_t priced = 0;
    for (auto& entry : entries) {
        Estimate estimate(entry);
        for (const auto& quote : quotes.list) {
            estimate.identify(quote);
        }
        for (const auto& quote : quotes.list) {
            estimate.take(quote);
        }
        if (auto cost = estimate.cost()) {
            if (!cost->performance && entry.cost) {
                cost->performance = entry.cost->performance;
            }
            entry.cost = std::move(cost);
        }
        priced += entry.cost ? 1 : 0;
    }
    return priced;
}

}  // namespace tow::foreign
