using System.Globalization;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sql;
using Tarn.Synthetic;

namespace Tarn.Benchmarks.Sql;

/// <summary>The generated sales that the benchmarks read.</summary>
internal static class SalesTable
{
    /// <summary>Writes the sales as CSV.</summary>
    public static async Task<string> CsvAsync(string folder, long rows)
    {
        string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"sales{rows}.csv"));
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
            await Dataset.Sales(rows).WriteCsvAsync(file).ConfigureAwait(false);
        return path;
    }

    /// <summary>Brings CSV into a table of Tarn.</summary>
    public static async Task IngestAsync(BenchLake lake, string csv, string table) =>
        await lake.Engine.IngestAsync(new IngestRequest([csv], QualifiedName.Of("bench", table)) { Mode = IngestMode.Overwrite }).ConfigureAwait(false);
}
