#include "model/run.hpp"

#include "base/error.hpp"
#include "record/json.hpp"

#include <catch2/catch.hpp>

namespace tow::model {

TEST_CASE("every state of a run has a name, and the name leads back") {
    using enum RunState;
    for (const auto state : {Running, Done, Failed, Timeout, Interrupted, Killed}) {
        CHECK(run_state(run_state_name(state)) == state);
    }
    CHECK_FALSE(run_state("odd"));
}

TEST_CASE("stages are read as they are written") {
    const std::string text = R"([{"stage":1,"command":"a 'b c'","exit_code":0,"seconds":0.5},)"
                             R"({"stage":1,"command":"d","signal":9},{"stage":2,"command":"e"}])";
    CHECK(record::to_json(stages_array(read_stages(record::Document(text).root()))) == text);
}

TEST_CASE("what are no stages is refused") {
    for (const auto* text :
         {"{}", "1", "[1]", R"([{"stage":1}])", R"([{"command":"a"}])",
          R"([{"stage":-1,"command":"a"}])", R"([{"stage":1,"command":"a","exit_code":"0"}])"}) {
        CHECK_THROWS_AS(read_stages(record::Document(text).root()), base::Error);
    }
}

}  // namespace tow::model
