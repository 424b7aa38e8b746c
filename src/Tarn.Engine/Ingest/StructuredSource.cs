using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.DuckDb;
using Tarn.DuckDb.Types;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>Reads JSON and Parquet; types come from all rows.</summary>
internal sealed class StructuredSource(DuckDbConnection connection)
{
    /// <summary>Finds out what a file holds.</summary>
    public SourceRelation Open(SourceFile file, CancellationToken cancellationToken)
    {
        string from = FromSql(file);
        try
        {
            using var statement = connection.Prepare($"SELECT * FROM {from}", cancellationToken);
            int id = 0;
            return new SourceRelation(file, from, [.. statement.Columns.Select(c => Column(c, () => ++id))]);
        }
        catch (DuckDbException e)
        {
            throw MalformedLine(file) ?? TarnException.Invalid($"File '{file.Name}' does not read as {file.Format}: {FirstLine(e.Message)}", e);
        }
    }

    private static SourceColumn Column(DuckDbColumn column, Func<int> nextId)
    {
        string name = EngineSql.Identifier(column.Name);
        // Values of mixed types come as JSON: their text is what they have in common.
        if (Contains(column.Type, t => t.Alias == "JSON"))
            return column.Type.Alias == "JSON" ? new SourceColumn(column.Name, SimpleType.String, $"json_extract_string({name}, '$')") : new SourceColumn(column.Name, IcebergTypes.Of(column.Type, column.Name, nextId), name);
        return column.Type.Id switch
        {
            DuckDbTypeId.HugeInt or DuckDbTypeId.UHugeInt => new SourceColumn(column.Name, new DecimalType(38, 0), $"{name}::DECIMAL(38,0)"),
            DuckDbTypeId.UBigInt => new SourceColumn(column.Name, new DecimalType(20, 0), $"{name}::DECIMAL(20,0)"),
            DuckDbTypeId.Interval or DuckDbTypeId.TimeTz or DuckDbTypeId.Bit or DuckDbTypeId.Union => new SourceColumn(column.Name, SimpleType.String, $"{name}::VARCHAR"),
            _ => new SourceColumn(column.Name, IcebergTypes.Of(column.Type, column.Name, nextId), name),
        };
    }

    private static bool Contains(DuckDbType type, Func<DuckDbType, bool> test) => test(type) || type.Children.Any(c => Contains(c.Type, test));

    private static string FromSql(SourceFile file) => file.Format switch
    {
        SourceFormat.Parquet => $"read_parquet({EngineSql.String(file.Path)}, hive_partitioning = false)",
        SourceFormat.Ndjson => $"read_json({EngineSql.String(file.Path)}, format = 'newline_delimited', sample_size = -1, maximum_object_size = 268435456, compression = '{Compression(file)}')",
        _ => $"read_json({EngineSql.String(file.Path)}, format = 'auto', sample_size = -1, maximum_object_size = 268435456, compression = '{Compression(file)}')",
    };

    // The engine names the line behind the damage.
    private static TarnException? MalformedLine(SourceFile file)
    {
        if (file is not { Format: SourceFormat.Ndjson, Compression: "none" })
            return null;
        foreach (var (index, line) in File.ReadLines(file.Path).Index())
        {
            try
            {
                if (!string.IsNullOrWhiteSpace(line))
                    JsonDocument.Parse(line).Dispose();
            }
            catch (JsonException e)
            {
                return TarnException.Invalid($"File '{file.Name}', line {index + 1}: no JSON object ({(line.Length > 80 ? line[..80] + "…" : line)}). Mend the line or take it out.", e);
            }
        }

        return null;
    }

    // The JSON reader calls it by another name than the CSV reader.
    private static string Compression(SourceFile file) => file.Compression == "none" ? "uncompressed" : file.Compression;

    private static string FirstLine(string message) => message.Split('\n')[0];
}
