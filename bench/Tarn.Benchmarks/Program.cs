using System.Globalization;
using Tarn.Benchmarks.Commits;
using Tarn.Benchmarks.Manifests;
using Tarn.Benchmarks.Objects;
using Tarn.Benchmarks.Planning;
using Tarn.Benchmarks.Rest;
using Tarn.Benchmarks.S3;
using Tarn.Benchmarks.Sql;

const string Usage = """
    usage: dotnet run -c Release --project bench/Tarn.Benchmarks -- BENCHMARK [--out REPORT.md]
      planning [DATA_FILES]
      manifest-decode [ENTRIES]
      csv [ROWS] [PAIRS]
      scan [ROWS] [PAIRS]
      deletes [ROWS] [PAIRS]
      small [RUNS] [TARN_EXECUTABLE]
      prune
      s3 TARN_EXECUTABLE [SECONDS]
      s3-durable TARN_EXECUTABLE [SECONDS]
      object-store [KEYS] [SECONDS_OF_A_ROUND] [FOLDER]
      commits [SNAPSHOTS] [SECONDS] [FOLDER]
      rest-commits TARN_EXECUTABLE [SNAPSHOTS] [SECONDS]
      tpch DATA_FOLDER QUERIES_FOLDER ANSWERS_FOLDER [PAIRS]
    """;

// Each benchmark prints a Markdown table. Run one alone, on a quiet machine.
int outAt = Array.IndexOf(args, "--out");
string? output = outAt >= 0 && outAt + 1 < args.Length ? args[outAt + 1] : null;
string[] words = outAt >= 0 ? args[..outAt] : args;
switch (words)
{
    case ["planning", .. var rest]:
        await PlanningBenchmark.RunAsync(Number(rest, 0, 100_000));
        return 0;
    case ["manifest-decode", .. var rest]:
        ManifestDecode.Run(Number(rest, 0, 100_000));
        return 0;
    case ["csv", .. var rest]:
        await CsvBenchmark.RunAsync(Number(rest, 0, 5_000_000), Number(rest, 1, 7), output);
        return 0;
    case ["scan", .. var rest]:
        await ScanBenchmark.RunAsync(Number(rest, 0, 5_000_000), Number(rest, 1, 15), output);
        return 0;
    case ["deletes", .. var rest]:
        await DeletesBenchmark.RunAsync(Number(rest, 0, 5_000_000), Number(rest, 1, 15), output);
        return 0;
    case ["small", .. var rest]:
        await SmallQueryBenchmark.RunAsync(Number(rest, 0, 300), rest.ElementAtOrDefault(1), output);
        return 0;
    case ["prune"]:
        await PruneBenchmark.RunAsync(output);
        return 0;
    case ["object-store", .. var rest]:
        await ObjectStoreBenchmark.RunAsync(Number(rest, 0, 1_000_000), Number(rest, 1, 2), rest.ElementAtOrDefault(2), output);
        return 0;
    case [ListingBenchmark.Command, var folder]:
        await ListingBenchmark.ListAsync(folder);
        return 0;
    case ["s3", var program, .. var rest]:
        await S3LoadBenchmark.RunAsync(program, Number(rest, 0, 5), output);
        return 0;
    case ["s3-durable", var program, .. var rest]:
        await S3LoadBenchmark.RunDurableAsync(program, Number(rest, 0, 5), output);
        return 0;
    case ["s3-static", var file]:
        await StaticFileServer.RunAsync(file);
        return 0;
    case ["commits", .. var rest]:
        await CommitsBenchmark.RunAsync(Number(rest, 0, 1_000), Number(rest, 1, 5), rest.ElementAtOrDefault(2), output);
        return 0;
    case ["rest-commits", var program, .. var rest]:
        await RestCommitsBenchmark.RunAsync(program, Number(rest, 0, 1_000), Number(rest, 1, 5), output);
        return 0;
    case ["tpch", var data, var queries, var answers, .. var rest]:
        await TpcHBenchmark.RunAsync(data, queries, answers, Number(rest, 0, 7), output);
        return 0;
    default:
        await Console.Error.WriteLineAsync(Usage);
        return 2;
}

static int Number(string[] words, int at, int standard) => at < words.Length ? int.Parse(words[at], CultureInfo.InvariantCulture) : standard;
