using System.Text;
using Tarn.Engine.Sql;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Engine.Foreign;

/// <summary>The statement, in Hive's words, that describes a table of another format as its metastore does.</summary>
internal static class HiveTableText
{
    /// <summary>The statement's text.</summary>
    public static string Of(ForeignTableHandle handle)
    {
        var properties = handle.Table.Properties;
        var storage = ForeignStorage.Read(properties);
        var text = new StringBuilder("CREATE EXTERNAL TABLE ").AppendJoin('.', handle.Identifier.Namespace.Levels.Append(handle.Identifier.Name).Select(Name));
        Columns(text.Append(" ("), storage.Columns);
        if (ForeignStorage.PartitionKeys(properties) is { Count: > 0 } keys)
            Columns(text.Append("\nPARTITIONED BY ("), keys);
        text.Append("\nROW FORMAT SERDE ").Append(SqlPrinter.QuoteLiteral(storage.SerDe));
        Options(text, "\nWITH SERDEPROPERTIES (", properties, "sd.serdeInfo.parameters.");
        text.Append("\nSTORED AS INPUTFORMAT ").Append(SqlPrinter.QuoteLiteral(storage.InputFormat));
        text.Append(" OUTPUTFORMAT ").Append(SqlPrinter.QuoteLiteral(properties.GetValueOrDefault("sd.outputFormat") ?? ""));
        if (storage.Location is { } location)
            text.Append("\nLOCATION ").Append(SqlPrinter.QuoteLiteral(location));
        Options(text, "\nTBLPROPERTIES (", properties, ForeignStorage.Parameters);
        return text.ToString();
    }

    private static void Columns(StringBuilder text, IReadOnlyList<StoredColumn> columns) =>
        text.Append("\n   ").AppendJoin(",\n   ", columns.Select(c => $"{Name(c.Name)} {c.Type}{(c.Comment is { Length: > 0 } comment ? $" COMMENT {SqlPrinter.QuoteLiteral(comment)}" : "")}")).Append("\n)");

    private static void Options(StringBuilder text, string begin, IReadOnlyDictionary<string, string> properties, string prefix)
    {
        string[] options = [.. properties.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(p => $"{SqlPrinter.QuoteLiteral(p.Key[prefix.Length..])} = {SqlPrinter.QuoteLiteral(p.Value)}")];
        if (options.Length > 0)
            text.Append(begin).Append("\n   ").AppendJoin(",\n   ", options).Append("\n)");
    }

    private static string Name(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}
