#include "foreign/knowledge.hpp"

#include "base/file.hpp"
#include "foreign/allocations.hpp"
#include "foreign/downtimes.hpp"
#include "foreign/fetch.hpp"
#include "foreign/prices.hpp"
#include "http/message.hpp"
#include "model/fields.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <utility>

namespace tow::foreign {

namespace {

constexpr std::string_view kType = "document";
constexpr std::array<std::string_view, kSubjects> kNames{"downtimes", "prices", "allocations"};

std::string_view name_of(Subject subject) noexcept {
    return kNames[static_cast<std::size_t>(subject)];
}

// Error{Data} if it is not about the subject.
void check(Subject subject, const KnownText& known) {
    switch (subject) {
        case Subject::Downtimes:
            read_announcements({known.text});
            return;
        case Subject::Prices:
            read_quotes({known.text});
            return;
        case Subject::Allocations:
            break;
    }
    Balances ignored;
    read_balances(known.text, known.observed_at, ignored);
}

class DocumentQuery : public source::Query {
  public:
    DocumentQuery(Subject subject, std::string place, base::Time now)
        : subject_(subject), place_(std::move(place)), now_(now) {}

    std::string name() const override { return is_url(place_) ? http::shown_url(place_) : place_; }

    std::string identity() const override {
        return is_url(place_) ? fmt::format("document {} {}", name_of(subject_), place_) : "";
    }

    std::optional<source::Question> next() override {
        if (!is_url(place_) || std::exchange(is_asked_, true)) {
            return std::nullopt;
        }
        return source::Question{{}, {}, place_, {}};
    }

    void take(source::Answer answer) override {
        content_ = base::read_all(answer.output.get(), name(), kMostBytes);
    }

    void each_record(const source::VisitRecord& visit) override {
        KnownText known{{name(), std::move(content_)}, now_};
        if (!is_url(place_)) {
            const auto file = base::open_for_reading(place_);
            const auto changed = base::modification_time(file.get()).value_or(now_);
            known.observed_at = std::min(now_, changed);
            known.text.content = base::read_all(file.get(), place_, kMostBytes);
        }
        check(subject_, known);
        auto record = record::new_record(kType);
        record.set("subject", name_of(subject_));
        record.set("name", known.text.name);
        record.set("content", std::move(known.text.content));
        record.set("observed_at", base::format_time(known.observed_at));
        visit(kType, record::to_json(record));
    }

  private:
    Subject subject_;
    std::string place_;
    base::Time now_;
    std::string content_;
    bool is_asked_ = false;
};

}  // namespace

std::unique_ptr<source::Query> make_document_query(Subject subject, std::string file_or_url,
                                                   base::Time now) {
    return std::make_unique<DocumentQuery>(subject, std::move(file_or_url), now);
}

bool take_document(std::string_view type, std::string_view line, KnownTexts& texts) {
    if (type != kType) {
        return false;
    }
    const record::Document document(line);
    const model::Fields fields(document.root());
    const auto* subject = std::ranges::find(kNames, fields.text("subject"));
    if (subject != kNames.end()) {
        texts[static_cast<std::size_t>(subject - kNames.begin())].push_back(
            {{fields.text("name"), fields.text("content")},
             fields.known_time("observed_at").value_or(base::Time{})});
    }
    return true;
}

}  // namespace tow::foreign
