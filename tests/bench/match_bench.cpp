// How fast many jobs meet many slots; run by hand, built with everything else: bench_match [SEED].
// The ads are made up, their expressions are those of CMS, OSG and IGWN jobs and pilots. A sample
// of the pairs is compared with the tree evaluator; a difference ends the run.
#include "classad/evaluate.hpp"
#include "classad/expr.hpp"
#include "classad/parse.hpp"
#include "match/columns.hpp"
#include "property/random.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>

namespace {

using tow::classad::Ad;
using tow::classad::EvalOptions;
using tow::match::BitMatrix;
using tow::match::Columns;
using tow::property::Random;
using Texts = std::vector<std::string>;

constexpr std::size_t kJobs = 5'000;
constexpr std::size_t kSlots = 2'000;
constexpr std::size_t kUniqueJobs = 100'000;
constexpr std::size_t kFewSlots = 300;
constexpr std::size_t kSample = 200'000;

const Texts site_names{"T0_CH_CERN",     "T1_DE_KIT",       "T1_ES_PIC",         "T1_FR_CCIN2P3",
                       "T1_IT_CNAF",     "T1_US_FNAL",      "T2_AT_Vienna",      "T2_BE_IIHE",
                       "T2_CH_CERN",     "T2_CH_CSCS",      "T2_DE_DESY",        "T2_DE_RWTH",
                       "T2_ES_CIEMAT",   "T2_FI_HIP",       "T2_FR_GRIF",        "T2_HU_Budapest",
                       "T2_IN_TIFR",     "T2_IT_Bari",      "T2_IT_Pisa",        "T2_KR_KISTI",
                       "T2_PL_Cyfronet", "T2_UK_London_IC", "T2_UK_SGrid_RALPP", "T2_US_Caltech",
                       "T2_US_Florida",  "T2_US_MIT",       "T2_US_Nebraska",    "T2_US_Purdue",
                       "T2_US_UCSD",     "T2_US_Wisconsin", "T3_US_Rice",        "T3_US_NERSC"};
const Texts system_names{"AlmaLinux8", "AlmaLinux9", "CentOS7", "RedHat9", "Debian12", "Rocky8"};
const Texts architectures{"x86_64-v1", "x86_64-v2", "x86_64-v3", "x86_64-v4"};
const Texts organisations{"cms", "atlas", "ligo", "icecube", "dune", "osg"};
const Texts countries{"US", "DE", "CH", "IT", "FR", "UK", "ES"};

// NOLINTBEGIN(bugprone-suspicious-missing-comma) clauses longer than a line
// "$X" is a new constant each time, "$S" a site, "$L" a list of sites, "$O" a system.
const Texts job_clauses{
    "(TARGET.Arch == \"X86_64\") && (TARGET.OpSys == \"LINUX\") && (TARGET.Disk >= RequestDisk) && "
    "(TARGET.Memory >= RequestMemory) && (TARGET.Cpus >= RequestCpus)",
    "(TARGET.Disk >= RequestDisk * $X) && (TARGET.TotalMemory - TARGET.Memory < $X)",
    "stringListMember(GLIDEIN_CMSSite,DESIRED_Sites) =?= True && (REQUIRED_OS =?= \"any\" || "
    "GLIDEIN_REQUIRED_OS =?= \"any\" || REQUIRED_OS =?= GLIDEIN_REQUIRED_OS)",
    "(GLIDEIN_CMSSite isnt undefined) && (ifThenElse(isUndefined(DESIRED_Sites),true,"
    "stringListIMember(GLIDEIN_CMSSite,DESIRED_Sites,\",\"))) && Cpus >= "
    "ifThenElse(WMCore_ResizeJob=?=true,MinCores,RequestCpus)",
    "target.machine =!= MachineAttrMachine1 && target.machine =!= MachineAttrMachine2",
    "(isUndefined(target.GLIDEIN_Site) == FALSE) && (target.HAS_CVMFS_cms_cern_ch =?= true)",
    "(OpSysAndVer =?= \"$O\" || OpSysAndVer =?= \"$O\") && (Microarch == \"x86_64-v2\" || "
    "substr(Microarch,-1) >= \"3\")",
    "(TARGET.OpSysMajorVer >= 7 && TARGET.OpSysMajorVer < 10) && "
    "stringListMember(TARGET.OpSysAndVer,\"CentOS7, AlmaLinux8 ,AlmaLinux9\")",
    "((MY.MaxWallTimeMins*60) < (GLIDEIN_ToDie - CurrentTime))",
    "TARGET.GLIDEIN_Max_Walltime - 60*MaxWallTimeMins > $X",
    "(RequestCpus <= 1 ? TARGET.Cpus >= 1 : TARGET.Cpus >= RequestCpus) && (TARGET.Memory >= "
    "(RequestMemory ?: 2000))",
    "regexp(\"^T2_US\",TARGET.GLIDEIN_CMSSite) || TARGET.GLIDEIN_Country == \"DE\"",
    "(IsGlidein =!= true || TARGET.GLIDEIN_Country == \"US\" || GLIDEIN_Site != \"$S\")",
    "versionGE(split(TARGET.CondorVersion,\" \")[1], \"23.0.10\") && (TARGET.HasFileTransfer =?= "
    "true)",
    "(floor(TARGET.LoadAvg) < TARGET.Cpus) && TARGET.Mips > $X",
    "TARGET.Memory / TARGET.Cpus >= $X",
    "(stringListIMember(TARGET.GLIDEIN_Site, \"$L\") == FALSE)",
    "(GPUs >= RequestGPUs && TARGET.CUDACapability >= 3.5 && countMatches(MY.RequireGPUs, "
    "TARGET.AvailableGPUs) >= RequestGPUs)",
    "!(TARGET.GLIDEIN_Site == MY.MachineAttrGLIDEIN_Site0) && NumJobStarts < 3",
    "((HasSingularity =?= true) && (TARGET.SINGULARITY_DISK_IS_FULL =!= true))",
    "(TARGET.CVMFS_cms_REVISION >= $X || TARGET.GLIDEIN_Is_HPC =?= false)",
    "member(TARGET.GLIDEIN_Country, {\"US\", \"DE\", MY.Country})",
};

const Texts start_clauses{
    "(TARGET.RequestMemory / TARGET.RequestCpus <= $X) && (TARGET.MaxCores ?: TARGET.RequestCpus) "
    "<= Cpus",
    "(isUndefined(TARGET.DESIRED_Sites) || stringListIMember(MY.GLIDEIN_CMSSite,"
    "TARGET.DESIRED_Sites))",
    "(((TARGET.MaxWallTimeMins*60) ?: 28800) <= MY.GLIDEIN_Job_Max_Time)",
    "(TARGET.Owner =!= undefined && stringListMember(splitUserName(TARGET.User)[1],"
    "\"example.org,cern.ch\") && (GLIDEIN_Entry_Name isnt undefined))",
    "stringListIMember(TARGET.VO,GLIDEIN_Supported_VOs)",
    "ifThenElse(DESIRED_usage_model =!= undefined, stringListsIntersect(\"OPPORTUNISTIC,OFFSITE\","
    "DESIRED_usage_model), true)",
    "(time() < GLIDEIN_ToRetire || TARGET.EstimatedWallTimeMins < $X)",
    "(regexp(\"^/cms/\",TARGET.x509UserProxyFirstFQAN,\"i\") || "
    "isUndefined(TARGET.x509UserProxyFirstFQAN))",
    "(stringListMember(MY.GLIDEIN_Site,TARGET.undesired_sites) =!= true && TARGET.ProjectName =!= "
    "\"IGWN\")",
    "(TARGET.JobUniverse =!= 12 && !(TARGET.JobPrio < 0 && GLIDEIN_Is_HPC))",
    "(TARGET.RequestMemory * 1.0 <= MY.Memory && TARGET.RequestDisk <= Disk)",
};

// NOLINTEND(bugprone-suspicious-missing-comma)

class Maker {
  public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    std::string filled(std::string clause) {
        for (auto at = clause.find('$'); at != std::string::npos; at = clause.find('$', at)) {
            const auto what = clause[at + 1];
            clause.replace(at, 2,
                           what == 'X'   ? std::to_string(random_.between(500, 4000))
                           : what == 'S' ? random_.one_of(site_names)
                           : what == 'O' ? random_.one_of(system_names)
                                         : sites(4));
        }
        return clause;
    }

    std::string sites(std::int64_t at_most) {
        std::string list;
        for (auto i = random_.between(1, at_most); i > 0; --i) {
            list += (list.empty() ? "" : ",") + random_.one_of(site_names);
        }
        return list;
    }

    std::string conjunction(const Texts& clauses, std::int64_t at_most) {
        std::string text;
        for (auto i = random_.between(2, at_most); i > 0; --i) {
            text += (text.empty() ? "(" : " && (") + filled(random_.one_of(clauses)) + ")";
        }
        return text;
    }

    Ad job(std::int64_t number, const std::string& requirements) {
        const auto vo = random_.one_of(organisations);
        auto ad = tow::classad::parse_ad(fmt::format(
            R"([MyType="Job"; ClusterId={}; ProcId=0; Owner="user{}"; User="user{}@{}"; JobUniverse=5;
            JobStatus=1; JobPrio={}; RequestCpus={}; RequestMemory={}; RequestDisk={}; DiskUsage={};
            ImageSize=1250000; QDate={}; MaxWallTimeMins={}; NumJobStarts={}; VO="{}"; Iwd="/home/u/run";
            Cmd="/bin/run.sh"; DESIRED_Sites="{}"; REQUIRED_OS="{}"; CMS_JobType="Analysis"; MaxCores=8;
            MinCores={}; WMCore_ResizeJob={}; DESIRED_usage_model="{}"; x509UserProxyFirstFQAN="/{}/Role=pilot";
            ProjectName="p{}"; EstimatedWallTimeMins={}; Country="{}"; MachineAttrMachine1="wn{}.example.org";
            MachineAttrGLIDEIN_Site0="{}"; undesired_sites="{}"; RequestGPUs={};
            RequireGPUs=Capability >= 7.0; Requirements={}])",
            number, number % 97, number % 97, random_.chance(70) ? "example.org" : "cern.ch",
            random_.between(-5, 20), random_.one_of<int>({1, 1, 1, 2, 4, 8, 16}), memory(),
            random_.chance(60) ? "DiskUsage" : std::to_string(random_.between(10, 900) * 1000),
            random_.between(1, 100) * 1000, 1'795'000'000 + number,
            random_.one_of<int>({60, 480, 1440, 2880}), random_.between(0, 4), vo, sites(14),
            random_.one_of<std::string>({"any", "rhel7", "rhel8", "rhel9"}), random_.between(1, 4),
            random_.chance(30), random_.one_of<std::string>({"OPPORTUNISTIC,OFFSITE", "DEDICATED"}),
            vo, random_.between(1, 40), random_.between(30, 3000), random_.one_of(countries),
            random_.between(1, 900), random_.one_of(site_names), sites(3), random_.between(0, 2),
            requirements));
        return ad;
    }

    Ad slot(std::int64_t number) {
        const auto site = random_.one_of(site_names);
        const auto cpus = random_.one_of<int>({1, 4, 8, 8, 16, 32, 64});
        return tow::classad::parse_ad(fmt::format(
            R"([MyType="Machine"; Name="slot1@glidein_{}@wn{}.example.org"; Machine="wn{}.example.org";
            SlotType="Partitionable"; PartitionableSlot=true; Arch="X86_64"; OpSys="LINUX"; OpSysAndVer="{}";
            OpSysMajorVer={}; Cpus={}; Memory={}; Disk={}; TotalCpus={}; TotalMemory={}; GPUs={}; State="Unclaimed";
            Activity="Idle"; LoadAvg={}; HasFileTransfer=true; HasSingularity={}; Mips={};
            CondorVersion="$CondorVersion: 24.0.{} 2025-04-22 BuildID: 802891 $"; Microarch="{}";
            GLIDEIN_Site="{}"; GLIDEIN_CMSSite="{}"; GLIDEIN_Entry_Name="CMS_{}_{}"; GLIDEIN_Supported_VOs="{},{}";
            GLIDEIN_REQUIRED_OS="{}"; GLIDEIN_Max_Walltime={}; GLIDEIN_ToRetire={}; GLIDEIN_ToDie={};
            GLIDEIN_Country="{}"; GLIDEIN_Is_HPC={}; IsGlidein=true; GLIDEIN_Job_Max_Time={};
            HAS_CVMFS_cms_cern_ch={}; CVMFS_cms_REVISION={}; {}
            START={}; Requirements=START && (WithinResourceLimits ?: true);
            WithinResourceLimits=(MY.Cpus > 0 && TARGET.RequestCpus <= MY.Cpus && MY.Memory > 0 &&
                TARGET.RequestMemory <= MY.Memory && MY.Disk > 0 && TARGET.RequestDisk <= MY.Disk &&
                (TARGET.RequestGPUs is undefined || MY.GPUs >= TARGET.RequestGPUs))])",
            number, number, number, random_.one_of(system_names), random_.between(7, 9), cpus,
            cpus * random_.between(2, 5) * 1024, random_.between(1, 40) * 1'000'000, cpus,
            cpus * 5 * 1024, number % 10 == 0 ? 2 : 0, random_.between(0, 64), random_.chance(80),
            random_.between(1, 90) * 300, random_.between(1, 15), random_.one_of(architectures),
            site, site, site, random_.between(1, 9), random_.one_of(organisations),
            random_.one_of(organisations), random_.one_of<std::string>({"any", "rhel8", "rhel9"}),
            random_.between(1, 4) * 86400, 1'795'262'400 + random_.between(0, 200) * 900,
            1'795'262'400 + random_.between(0, 300) * 900, random_.one_of(countries),
            random_.chance(10), random_.between(300, 4000) * 60, random_.chance(80),
            random_.between(500, 4500),
            number % 10 == 0
                ? "CUDACapability=8.0; AvailableGPUs={ [Capability=8.0], [Capability=6.1] };"
                : "",
            conjunction(start_clauses, 4)));
    }

    std::int64_t memory() { return random_.one_of<int>({1000, 2000, 2500, 4000, 8000, 16000}); }

  private:
    Random random_;
};

std::vector<const Ad*> pointers(const std::vector<Ad>& ads) {
    std::vector<const Ad*> result(ads.size());
    std::ranges::transform(ads, result.begin(), [](const Ad& ad) { return &ad; });
    return result;
}

std::vector<Ad> distinct_jobs(Maker& maker, std::size_t count) {
    std::set<std::string> texts;
    std::vector<Ad> jobs;
    while (jobs.size() < count) {
        auto text = maker.conjunction(job_clauses, 5);
        if (texts.insert(text).second) {
            jobs.push_back(maker.job(static_cast<std::int64_t>(jobs.size()), text));
        }
    }
    return jobs;
}

// Few texts, and a number that no other job has.
std::vector<Ad> unique_jobs(Maker& maker, std::size_t count) {
    const auto templates = distinct_jobs(maker, 8);
    std::vector<Ad> jobs(count);
    for (std::size_t i = 0; i < count; ++i) {
        jobs[i] = templates[i % templates.size()];
        jobs[i].insert_int("RequestMemory", static_cast<std::int64_t>(500 + i));
        jobs[i].insert_int("RequestDisk", static_cast<std::int64_t>(1'000'000 + i * 7));
    }
    return jobs;
}

// Of one processor: there is one thread, and other programs may use the rest of the machine.
template <class Work>
double seconds(Work work) {
    const auto start = std::clock();
    work();
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// The best of a few runs, because other programs disturb.
template <class Work>
double best_seconds(int runs, Work work) {
    double best = seconds(work);
    for (int i = 1; i < runs; ++i) {
        best = std::min(best, seconds(work));
    }
    return best;
}

void report(const char* what, double pairs, double spent) {
    fmt::print("{:<34}{:9.4f} s {:10.2f} M pairs/s\n", what, spent, pairs / spent / 1e6);
}

void one_way(const char* what, const std::vector<Ad>& asking, const std::vector<Ad>& asked,
             const EvalOptions& options) {
    const auto rows = pointers(asked);
    const auto spent = best_seconds(5, [&] {
        Columns columns(rows, options);
        for (const auto& ad : asking) {
            columns.truths(*ad.find("Requirements"), ad);
        }
    });
    report(what, static_cast<double>(asking.size() * asked.size()), spent);
}

// Every n-th pair by the tree evaluator, which must agree. Seconds a pair.
double prove(const std::vector<Ad>& jobs, const std::vector<Ad>& slots, const BitMatrix& found,
             const EvalOptions& options) {
    const auto pairs = jobs.size() * slots.size();
    const auto step = pairs / kSample | 1U;
    std::size_t compared = 0;
    std::size_t matching = 0;
    const auto spent = seconds([&] {
        for (std::size_t pair = 0; pair < pairs; pair += step, ++compared) {
            const auto job = pair / slots.size();
            const auto slot = pair % slots.size();
            const bool wanted = tow::classad::matches(jobs[job], slots[slot], options);
            matching += wanted ? 1 : 0;
            if (found.test(job, slot) != wanted) {
                fmt::print("job {} and slot {} differ: {} in the tree\n", job, slot, wanted);
                std::exit(1);  // NOLINT(concurrency-mt-unsafe) there is one thread
            }
        }
    });
    fmt::print("  {} pairs compared with the tree evaluator, all equal; {} match\n", compared,
               matching);
    return spent / static_cast<double>(compared);
}

void meet(const char* what, const std::vector<Ad>& jobs, const std::vector<Ad>& slots,
          const EvalOptions& options) {
    BitMatrix found;
    const auto spent = best_seconds(
        5, [&] { found = tow::match::matching_pairs(pointers(jobs), pointers(slots), options); });
    const auto pairs = static_cast<double>(jobs.size() * slots.size());
    report(what, pairs, spent);
    const auto by_tree = prove(jobs, slots, found, options);
    fmt::print("  tree evaluator {:.3f} M pairs/s: {:.0f} times slower; {} pairs match\n",
               1e-6 / by_tree, by_tree * pairs / spent, found.count());
}

}  // namespace

int main(int argc, char** argv) {
    Maker maker(argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20261121);
    EvalOptions options;
    options.now = tow::base::Time{std::chrono::seconds{1'795'262'400}};
    const auto jobs = distinct_jobs(maker, kJobs);
    std::vector<Ad> slots;
    for (std::size_t i = 0; i < kSlots; ++i) {
        slots.push_back(maker.slot(static_cast<std::int64_t>(i)));
    }
    fmt::print("{} jobs, all Requirements different; {} slots\n", jobs.size(), slots.size());
    one_way("jobs look at slots", jobs, slots, options);
    one_way("slots look at jobs", slots, jobs, options);
    meet("both agree", jobs, slots, options);

    const auto many = unique_jobs(maker, kUniqueJobs);
    const std::vector<Ad> few(slots.begin(), slots.begin() + kFewSlots);
    fmt::print("{} jobs, 8 Requirements, all numbers different; {} slots\n", many.size(),
               few.size());
    one_way("jobs look at slots", many, few, options);
    one_way("slots look at jobs", few, many, options);
    meet("both agree", many, few, options);
    return 0;
}
