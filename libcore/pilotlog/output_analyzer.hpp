// Reads the files of pilots one after the other and finds out what they tell. One for each thread.
#pragma once

#include "pilotlog/literals.hpp"
#include "pilotlog/output_facts.hpp"
#include "pilotlog/output_reader.hpp"
#include "pilotlog/stamp.hpp"
#include "pilotlog/taxonomy.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tow::pilotlog {

class OutputAnalyzer {
  public:
    // The taxonomy must outlive it, and be of the same thread.
    OutputAnalyzer(const Taxonomy& taxonomy, const LogClock& clock);
    OutputAnalyzer(const OutputAnalyzer&) = delete;
    OutputAnalyzer& operator=(const OutputAnalyzer&) = delete;
    ~OutputAnalyzer();

    void begin_pilot();

    // A file of the pilot: Out, Err, or Daemon for a log of HTCondor's as it stands.
    void begin_file(Place place, const std::string& name);
    void add(std::string_view text);
    void end_file();

    OutputFacts end_pilot();

  private:
    class Visitor;

    void scan(Place place, std::string_view line);
    void note_hit(const Rule& rule, std::string_view line);
    void try_rule(std::size_t number, Place place, std::string_view line);

    const Taxonomy& taxonomy_;
    LogClock clock_;
    Literals literals_;
    std::vector<std::size_t> targets_;   // of each literal: a marker, or behind them a rule
    std::vector<std::size_t> wordless_;  // rules that have no words
    std::vector<std::size_t> tried_;     // like the rules: the line on which each was tried last
    std::size_t line_serial_ = 0;
    std::unique_ptr<Visitor> visitor_;
    std::unique_ptr<OutputReader> reader_;
    OutputFacts facts_;
};

}  // namespace tow::pilotlog
