#include "pilotlog/event_ad.hpp"

#include "base/text.hpp"
#include "record/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace tow::pilotlog {

namespace {

using Attribute = std::pair<std::string_view, std::string_view>;

// Names that say where and when, and nothing of the job.
bool is_frame(std::string_view name) {
    constexpr std::array<std::string_view, 6> kFrame{
        "MyType", "EventTypeNumber", "EventTime", "Cluster", "Proc", "Subproc"};
    return std::ranges::find(kFrame, name) != kFrame.end();
}

class JsonFields {
  public:
    JsonFields(record::View object, std::deque<std::string>& decoded)
        : object_(object), decoded_(decoded) {}

    std::string_view text(std::string_view name) const {
        return object_.find(name).string().value_or(std::string_view{});
    }

    std::optional<std::int64_t> integer(std::string_view name) const {
        return object_.find(name).integer();
    }

    void all(std::vector<Attribute>& attributes) const {
        const auto value = object_.value();
        for (const auto& [name, field] : *value.object()) {
            if (!is_frame(name)) {
                const auto* text = field.string();
                attributes.emplace_back(
                    decoded_.emplace_back(name),
                    decoded_.emplace_back(text != nullptr ? *text : record::to_json(field)));
            }
        }
    }

  private:
    record::View object_;
    std::deque<std::string>& decoded_;
};

std::string unescaped(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
        {{"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}}};
    std::string result;
    while (!text.empty()) {
        const auto* const entity = std::ranges::find_if(
            kEntities, [&](const auto& one) { return text.starts_with(one.first); });
        if (entity == kEntities.end()) {
            result += text.front();
            text.remove_prefix(1);
        } else {
            result += entity->second;
            text.remove_prefix(entity->first.size());
        }
    }
    return result;
}

// The value inside <a n="...">: "<s>text</s>", "<i>7</i>", "<b v="t"/>".
std::string_view xml_value(std::string_view inside) {
    const auto open = inside.find('>');
    if (open == std::string_view::npos) {
        return {};
    }
    if (const auto v = inside.find("v=\""); v < open) {
        return inside.substr(v + 3, 1);
    }
    const auto close = inside.find('<', open);
    return inside.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
}

class XmlFields {
  public:
    // Only the attributes of the event itself: those of ads in it are skipped.
    XmlFields(std::string_view text, std::deque<std::string>& decoded) {
        int depth = 0;
        for (auto at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
            const auto rest = text.substr(at);
            if (rest.starts_with("<c>")) {
                ++depth;
            } else if (rest.starts_with("</c>")) {
                --depth;
            } else if (depth == 1 && rest.starts_with("<a n=\"")) {
                add(rest.substr(6), decoded);
            }
        }
    }

    std::string_view text(std::string_view name) const {
        for (const auto& [key, value] : attributes_) {
            if (base::equal_nocase(key, name)) {
                return value;
            }
        }
        return {};
    }

    std::optional<std::int64_t> integer(std::string_view name) const {
        const auto digits = text(name);
        std::int64_t number = 0;
        const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return end.ec == std::errc() ? std::optional{number} : std::nullopt;
    }

    void all(std::vector<Attribute>& attributes) const {
        for (const auto& attribute : attributes_) {
            if (!is_frame(attribute.first)) {
                attributes.push_back(attribute);
            }
        }
    }

  private:
    void add(std::string_view rest, std::deque<std::string>& decoded) {
        const auto quote = rest.find('"');
        if (quote == std::string_view::npos) {
            return;
        }
        auto inside = rest.substr(quote + 1);
        inside = inside.substr(std::min(inside.find('<'), inside.size()));
        auto value = xml_value(inside);
        if (value.find('&') != std::string_view::npos) {
            value = decoded.emplace_back(unescaped(value));
        }
        attributes_.emplace_back(rest.substr(0, quote), value);
    }

    std::vector<Attribute> attributes_;
};

template <class Fields>
std::string_view first_of(const Fields& fields, std::initializer_list<std::string_view> names) {
    for (const auto name : names) {
        if (const auto text = fields.text(name); !text.empty()) {
            return text;
        }
    }
    return {};
}

template <class Fields>
bool read(const Fields& fields, const LogClock& clock, JobEvent& event) {
    const auto number = fields.integer("EventTypeNumber");
    auto stamp = fields.text("EventTime");
    const auto at = take_stamp(stamp, clock);
    if (!number || *number < 0 || *number > 999 || !at) {
        return false;
    }
    event.number = static_cast<int>(*number);
    event.at = *at;
    event.cluster = fields.integer("Cluster").value_or(-1);
    event.proc = fields.integer("Proc").value_or(-1);
    event.subproc = fields.integer("Subproc").value_or(-1);
    event.host = first_of(fields, {"SubmitHost", "ExecuteHost"});
    event.slot = fields.text("SlotName");
    event.reason = first_of(fields, {"HoldReason", "Reason", "ErrorMsg", "Message", "Info",
                                     "DisconnectReason", "ExecuteErrorType"});
    event.grid_resource = first_of(fields, {"GridResource", "ResourceName", "RMContact"});
    event.grid_job_id = first_of(fields, {"GridJobId", "JMContact"});
    event.exit_code = fields.integer("ReturnValue");
    event.signal = fields.integer("TerminatedBySignal");
    event.code = fields.integer("HoldReasonCode");
    event.subcode = fields.integer("HoldReasonSubCode");
    if (event.number == kAdInformation) {
        fields.all(event.attributes);
    }
    return true;
}

}  // namespace

bool read_event_object(record::View object, const LogClock& clock, std::deque<std::string>& decoded,
                       JobEvent& event) {
    return object.is_object() && read(JsonFields(object, decoded), clock, event);
}

bool read_event_xml(std::string_view text, const LogClock& clock, std::deque<std::string>& decoded,
                    JobEvent& event) {
    return read(XmlFields(text, decoded), clock, event);
}

}  // namespace tow::pilotlog
