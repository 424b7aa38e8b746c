using System.Globalization;
using Tarn.Benchmarks.Manifests;
using Tarn.Benchmarks.Planning;

// Each benchmark prints a Markdown table. Run one alone, on a quiet machine.
switch (args)
{
    case ["planning", .. var rest]:
        await PlanningBenchmark.RunAsync(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 100_000);
        return 0;
    case ["manifest-decode", .. var rest]:
        ManifestDecode.Run(rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : 100_000);
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project bench/Tarn.Benchmarks -- planning [DATA_FILES] | manifest-decode [ENTRIES]");
        return 2;
}
