#include "config/yaml.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/utf8.hpp"

#include <istream>
#include <map>
#include <streambuf>
#include <unordered_map>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

namespace tow::config {

namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20U;
constexpr std::size_t kMaxNodes = 4'000'000;
constexpr std::size_t kMaxCopies = 500'000;  // aliases copy: this bounds an "alias bomb"
constexpr std::size_t kMaxDepth = 64;

// Builds the tree from the parser's events: the only way to see duplicate keys and quotes.
class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(const std::string& name, Duplicates duplicates)
        : file_(std::make_shared<std::string>(name)), duplicates_(duplicates) {}

    Node take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        finish(Node(Node::Kind::Null, at(mark)), anchor);
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto known = anchors_.find(anchor);
        if (known == anchors_.end()) {
            reject(at(mark), "an alias inside of what it stands for");
        }
        nodes_ += known->second.second;
        copies_ += known->second.second;
        if (copies_ > kMaxCopies) {
            reject(at(mark), "more values than anybody writes; aliases that multiply?");
        }
        place(Node(known->second.first));
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& text) override {
        if (!base::is_utf8(text)) {
            reject(at(mark), "the text is not UTF-8");
        }
        Node node(Node::Kind::Scalar, at(mark));
        node.set_scalar(text, tag == "!");  // yaml-cpp's mark of a quoted scalar
        finish(std::move(node), anchor);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) override {
        open(Node(Node::Kind::List, at(mark)), mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value /*style*/) override {
        open(Node(Node::Kind::Map, at(mark)), mark, anchor);
    }
    void OnMapEnd() override { close(); }

  private:
    struct Level {
        Node node;
        YAML::anchor_t anchor = 0;
        std::optional<Node> key;  // of a map, when the next node is its value
        std::size_t nodes_before = 0;
        std::vector<Node> defaults;                           // of a map: values of "<<"
        std::unordered_map<std::string, std::size_t> places;  // of a map with many keys
    };

    Origin at(const YAML::Mark& mark) const { return {file_, mark.line + 1}; }

    [[noreturn]] static void reject(const Origin& origin, std::string_view why) {
        base::fail(base::Kind::Config, "{}: {}", origin.text(), why);
    }

    void open(Node node, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (levels_.size() >= kMaxDepth) {
            reject(at(mark), fmt::format("nested deeper than {} levels", kMaxDepth));
        }
        levels_.push_back({std::move(node), anchor, std::nullopt, nodes_, {}, {}});
    }

    void close() {
        auto level = std::move(levels_.back());
        levels_.pop_back();
        for (const auto& defaults : level.defaults) {
            add_missing(level.node, defaults);
        }
        remember(level.anchor, level.node, nodes_ - level.nodes_before + 1);
        place(std::move(level.node));
    }

    void finish(Node node, YAML::anchor_t anchor) {
        remember(anchor, node, 1);
        place(std::move(node));
    }

    void remember(YAML::anchor_t anchor, const Node& node, std::size_t nodes) {
        if (anchor != 0) {
            anchors_[anchor] = {node, nodes};
        }
    }

    // Puts a complete node where the open list or map wants it.
    void place(Node node) {
        if (++nodes_ > kMaxNodes) {
            reject(node.origin(), "more values than anybody writes");
        }
        if (levels_.empty()) {
            root_ = std::move(node);
            return;
        }
        auto& level = levels_.back();
        if (level.node.kind() == Node::Kind::List) {
            level.node.add_item(std::move(node));
        } else if (!level.key) {
            level.key = std::move(node);
        } else if (level.key->string() == "<<" && node.kind() == Node::Kind::Map) {
            level.defaults.push_back(std::move(node));  // YAML's merge key
            level.key.reset();
        } else {
            add_field(level, level.key->string(), std::move(node));
            level.key.reset();
        }
    }

    // Files have maps of ten thousand entries: those are not searched from the beginning.
    void add_field(Level& level, std::string key, Node node) {
        constexpr std::size_t kMany = 16;
        const auto& fields = level.node.fields();
        if (fields.size() >= kMany && level.places.empty()) {
            for (std::size_t i = 0; i < fields.size(); ++i) {
                level.places.emplace(fields[i].key, i);
            }
        }
        const bool is_new =
            fields.size() < kMany || level.places.emplace(key, fields.size()).second;
        if (fields.size() >= kMany && is_new) {
            level.node.append_field(std::move(key), std::move(node));
        } else if (duplicates_ == Duplicates::KeepLast) {
            level.node.set_field(std::move(key), std::move(node));
        } else {
            level.node.add_field(std::move(key), std::move(node));
        }
    }

    static void add_missing(Node& map, const Node& defaults) {
        for (const auto& field : defaults.fields()) {
            if (map.find(field.key) == nullptr) {
                map.add_field(field.key, field.value);
            }
        }
    }

    std::shared_ptr<const std::string> file_;
    Duplicates duplicates_;
    std::vector<Level> levels_;
    std::map<YAML::anchor_t, std::pair<Node, std::size_t>> anchors_;
    std::size_t nodes_ = 0;
    std::size_t copies_ = 0;
    Node root_;
};

class ViewBuffer : public std::streambuf {
  public:
    explicit ViewBuffer(std::string_view text) {
        auto* start = const_cast<char*>(text.data());  // a streambuf that is never written
        setg(start, start, start + text.size());
    }
};

}  // namespace

Node parse_yaml_without_paths(std::string_view text, const std::string& name,
                              Duplicates duplicates) {
    TreeBuilder builder(name, duplicates);
    try {
        ViewBuffer buffer(text);
        std::istream stream(&buffer);
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        if (TreeBuilder second(name, duplicates); parser.HandleNextDocument(second)) {
            base::fail(base::Kind::Config, "{}: more than one YAML document",
                       base::printable(name));
        }
    } catch (const YAML::Exception& error) {
        base::fail(base::Kind::Config, "{}:{}: {}", base::printable(name), error.mark.line + 1,
                   base::printable(error.msg));
    }
    auto root = builder.take();
    if (root.is_null()) {
        root = Node(Node::Kind::Map, root.origin());
    }
    return root;
}

Node parse_yaml(std::string_view text, const std::string& name, Duplicates duplicates) {
    auto root = parse_yaml_without_paths(text, name, duplicates);
    root.set_path("");
    return root;
}

Node read_yaml_without_paths(const std::string& path) {
    return parse_yaml_without_paths(base::read_file(path, kMaxFile), path);
}

Node read_yaml(const std::string& path) {
    return parse_yaml(base::read_file(path, kMaxFile), path);
}

}  // namespace tow::config
