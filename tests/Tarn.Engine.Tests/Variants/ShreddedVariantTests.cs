using System.Text.Json;
using System.Text.Json.Nodes;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.Engine.Parquet;
using Tarn.Engine.Relations;
using Tarn.Engine.Tests.Foreign;
using Tarn.Engine.Variants;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Storage.Local;
using Tarn.Testing;
using Tarn.Testing.Files;
using Xunit.Abstractions;

namespace Tarn.Engine.Tests.Variants;

/// <summary>The shredded variants of parquet-testing: every file gives its rows, or is refused where it breaks the rules.</summary>
public sealed class ShreddedVariantTests(ITestOutputHelper output)
{
    [Fact]
    public void Read_EveryFile_GivesItsRowsOrIsRefused()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign") is not { } folder)
            return;
        using var scratch = new TemporaryFolder();
        using var store = new LocalObjectStore(scratch.Path);
        using var shadows = new ShadowFiles(store);
        using var database = DuckDbDatabase.Open();
        using var connection = database.Connect();
        connection.Execute("SET TimeZone = 'UTC'");
        connection.RegisterScalarFunction(VariantText.Function);
        using var list = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected", "_variants.json")));
        var wrong = new List<string>();
        int right = 0, refused = 0;
        foreach (var expected in list.RootElement.EnumerateArray())
        {
            string name = expected.GetProperty("file").GetString()!;
            bool mayRefuse = expected.GetProperty("accept").EnumerateArray().Any(a => a.GetString() == "refuse");
            bool mayRead = expected.GetProperty("accept").EnumerateArray().Any(a => a.GetString() == "rows");
            try
            {
                string[] rows = [.. Read(connection, Path.Combine(folder, name), shadows)];
                string[] wanted = mayRead ? [.. expected.GetProperty("rows").EnumerateArray().Select(Expected)] : ["a refusal"];
                if (rows.SequenceEqual(wanted))
                    right++;
                else
                    wrong.Add($"{name} {expected.GetProperty("test")}: {string.Join(' ', rows)} instead of {string.Join(' ', wanted)}");
            }
            catch (Exception e) when (e is TarnException or DuckDbException && mayRefuse)
            {
                refused++;
                output.WriteLine($"refused {name}: {e.Message}");
            }
            catch (Exception e) when (e is TarnException or DuckDbException)
            {
                wrong.Add($"{name} {expected.GetProperty("test")}: {e.Message}");
            }
        }

        output.WriteLine($"{right} right, {refused} refused, {wrong.Count} wrong");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right >= 86, $"{right} files");
    }

    private static IEnumerable<string> Read(DuckDbConnection connection, string file, ShadowFiles shadows)
    {
        var (path, footer) = shadows.Open(file, file, ParquetFooter.Read(file));
        string sql = ColumnProjection.Project(new NestedField(1, "var", false, SimpleType.Variant), FileColumn.ByFieldIds(footer).Single(c => c.Name == "var"), "var");
        using var result = connection.Query($"SELECT {sql} FROM read_parquet('{path}')");
        foreach (object?[] row in result.Rows())
            yield return row[0] is string json ? VariantForm.Actual(json).ToJsonString() : "NULL";
    }

    private static string Expected(JsonElement row) =>
        row.ValueKind == JsonValueKind.Null ? "NULL" : VariantForm.Expected((JsonArray)JsonNode.Parse(row.GetRawText())!).ToJsonString();
}
