#include "policy/recipe.hpp"

#include "config/yaml.hpp"
#include "model/fields.hpp"
#include "policy/what_if.hpp"

namespace tow::policy {

Recipe read_recipe(record::View record) {
    const model::Fields fields(record);
    Recipe recipe;
    recipe.file = fields.known_text("file").value_or("");
    recipe.yaml = fields.known_text("yaml").value_or("");
    recipe.style = fields.known_text("style").value_or(recipe.style);
    recipe.max_pilots = fields.known_count("max_pilots");
    recipe.max_pending = fields.known_count("max_pending");
    recipe.max_submit = fields.known_count("max_submit");
    recipe.max_remove = fields.known_count("max_remove").value_or(recipe.max_remove);
    const auto remove = model::remove_what(fields.known_text("remove").value_or("none"));
    if (!remove) {
        fields.reject("remove", "expected one of none, unsubmitted, pending, idle, all");
    }
    recipe.remove = *remove;
    recipe.max_age = fields.known_seconds("max_age_seconds").value_or(recipe.max_age);
    recipe.valid_for = fields.known_seconds("valid_for_seconds").value_or(recipe.valid_for);
    return recipe;
}

record::Object to_record(const Recipe& recipe, const std::string& plan) {
    auto result = record::new_record("policy");
    result.set("plan", plan);
    if (!recipe.file.empty()) {
        result.set("file", recipe.file);
        result.set("yaml", recipe.yaml);
    }
    result.set("style", recipe.style);
    result.set_known("max_pilots", recipe.max_pilots);
    result.set_known("max_pending", recipe.max_pending);
    result.set_known("max_submit", recipe.max_submit);
    result.set("max_remove", recipe.max_remove);
    result.set("remove", model::remove_name(recipe.remove));
    result.set("max_age_seconds", std::int64_t{recipe.max_age.count()});
    result.set("valid_for_seconds", std::int64_t{recipe.valid_for.count()});
    return result;
}

Policy make_policy(const Recipe& recipe) {
    auto policy = read_policy(config::parse_yaml(recipe.yaml, recipe.file));
    policy.max_age = recipe.max_age;
    policy.valid_for = recipe.valid_for;
    const auto limit = [&](const std::optional<std::int64_t>& most, plan::Scope scope,
                           std::string_view name) {
        if (most) {
            limit_all(policy, scope, name, *most);
        }
    };
    limit(recipe.max_pilots, plan::Scope::Existing, "max_pilots");
    limit(recipe.max_pending, plan::Scope::Pending, "max_pending");
    limit(recipe.max_submit, plan::Scope::Decision, "max_submit");
    plan::RemovalTerms removal;  // for entries of which the policy says nothing
    removal.what = recipe.remove;
    removal.most = recipe.max_remove;
    policy.removals.push_back({{}, removal});
    return policy;
}

}  // namespace tow::policy
