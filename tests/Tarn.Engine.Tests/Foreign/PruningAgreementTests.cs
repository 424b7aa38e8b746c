using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Testing;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Foreign;

/// <summary>
/// Every predicate of the pruning lists of shared/fixtures/iceberg/tables counts the same rows as WHERE, where it prunes files and row groups, and as the
/// FILTER of an aggregate, where every row is read and asked.
/// </summary>
public sealed class PruningAgreementTests(ITestOutputHelper output)
{
    private const int MinPredicates = 500;

    [Fact]
    public async Task Count_EveryPredicate_IsTheSameWithAndWithoutPruning()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "tables") is not { } folder)
            return;
        await using var tables = FixtureTables.OfShared(folder);
        var wrong = new List<string>();
        int compared = 0, refused = 0;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, "expected"), "*.json").Order(StringComparer.Ordinal))
        {
            using var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            if (!expected.RootElement.TryGetProperty("pruning", out var pruning) || pruning.GetArrayLength() == 0)
                continue;
            string metadataFile = Path.Combine(folder, expected.RootElement.GetProperty("metadata_file").GetString()!);
            var schema = TableMetadataJson.Read(await File.ReadAllBytesAsync(metadataFile), metadataFile).CurrentSchema;
            string[] conditions = [.. pruning.EnumerateArray().Select(p => PredicateSql.Of(p.GetProperty("predicate"), schema)).OfType<string>()];
            try
            {
                wrong.AddRange(await DifferencesAsync(tables, metadataFile, conditions));
                compared += conditions.Length;
            }
            catch (TarnException e) when (e.Kind == ErrorKind.Unsupported)
            {
                refused += conditions.Length;
            }
        }

        output.WriteLine($"{compared} predicates agree or differ, {refused} over tables that are refused");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(compared >= MinPredicates, $"{compared} predicates compared");
    }

    private static async Task<IReadOnlyList<string>> DifferencesAsync(FixtureTables tables, string metadataFile, string[] conditions)
    {
        if (conditions.Length == 0)
            return [];
        object?[] all = await tables.RowAsync($"SELECT {string.Join(", ", conditions.Select(c => $"count(*) FILTER (WHERE {c})"))} FROM iceberg_table('{metadataFile}')");
        var wrong = new List<string>();
        foreach (var (i, condition) in conditions.Index())
        {
            object? pruned = (await tables.RowAsync($"SELECT count(*) FROM iceberg_table('{metadataFile}') WHERE {condition}"))[0];
            if (!Equals(pruned, all[i]))
                wrong.Add($"{metadataFile}: {condition}: {pruned} rows with pruning, {all[i]} without");
        }

        return wrong;
    }
}
