using System.Globalization;
using Tarn.CommandLine;
using Tarn.Composition;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Governance;
using Tarn.Iceberg.Spec;
using Tarn.Output;
using Tarn.Shell;
using Tarn.Terminal;

namespace Tarn.Commands;

/// <summary><c>tarn describe TABLE</c>: columns, partitions, size, files, last change; of a view its SQL.</summary>
internal static class DescribeCommand
{
    public static CommandSpec Spec { get; } = new("describe", "show the columns, partitions, size and last change of a table, or the SQL of a view")
    {
        Arguments = [TableOptions.TableOrPath],
        Examples =
        [
            new("tarn describe silver.orders", "a table of the lake"),
            new("tarn describe ./tarn-data/lake/silver/orders-*", "a table folder, here one that lies in the lake"),
            new("tarn describe silver.orders --format json", "for a program: rows of section, name, value and note"),
        ],
        Run = RunAsync,
    };

    /// <summary>Prints the description of a table or view: sections for people, rows for programs.</summary>
    public static async Task PrintAsync(ILake lake, TableName named, Streams streams, string format, CancellationToken cancellationToken)
    {
        var (catalog, name) = await lake.ResolveAsync(named, cancellationToken);
        if (name.Identifier is { } identifier)
        {
            if (await catalog.LoadViewAsync(identifier, cancellationToken) is { } view)
            {
                await PrintAsync("view", ViewFacts.Of(view, name), [.. ViewFacts.ColumnsOf(view).Select(field => Column(field, []))], streams, format, cancellationToken);
                return;
            }

            if (await catalog.LoadForeignTableAsync(identifier, cancellationToken) is not null)
            {
                await new StatementRunner(lake.Session, streams, format).RunAsync($"DESCRIBE {name.Sql}", cancellationToken);
                return;
            }
        }

        var table = await lake.LoadTableAsync(name, cancellationToken);
        var facts = await FactsAsync(lake, table, name, format == "table", cancellationToken);
        var tags = GovernanceProperties.ColumnTagsOf(table.Metadata.Properties);
        await PrintAsync("table", facts, [.. table.Metadata.CurrentSchema.Fields.Select(field => Column(field, tags[field.Id]))], streams, format, cancellationToken);
    }

    private static async Task PrintAsync(string section, IReadOnlyList<(string Name, string Value)> facts, IReadOnlyList<object?[]> columns, Streams streams, string format, CancellationToken cancellationToken)
    {
        RowsResult result;
        if (format == "table")
        {
            int width = facts.Max(fact => fact.Name.Length);
            foreach (var (label, value) in facts)
                streams.Out.WriteLine($" {streams.OutStyle.Bold(label)}{new string(' ', width - label.Length)}  {Indented(value, width)}");
            streams.Out.WriteLine();
            result = new RowsResult([RowsResult.Text("column"), RowsResult.Text("type"), RowsResult.Text("null"), RowsResult.Text("comment"), RowsResult.Text("tags")], columns);
        }
        else
        {
            result = new RowsResult(
                [RowsResult.Text("section"), RowsResult.Text("name"), RowsResult.Text("value"), RowsResult.Text("required"), RowsResult.Text("comment"), RowsResult.Text("tags")],
                [
                    .. facts.Select(fact => new object?[] { section, fact.Name, fact.Value, null, null, null }),
                    .. columns.Select(column => new[] { "column", column[0], column[1], (string)column[2]! == "no" ? "true" : "false", column[3], column[4] }),
                ]);
        }

        await ResultWriter.WriteAllAsync(result, format, streams, expanded: false, cancellationToken);
    }

    // The lines of a query stay below each other, beside the names.
    private static string Indented(string value, int width) => value.ReplaceLineEndings("\n" + new string(' ', width + 3));

    private static object?[] Column(NestedField field, IEnumerable<Tag> tags) => [field.Name, TypeText.Of(field.Type), field.Required ? "no" : "yes", field.Doc ?? "", string.Join(", ", tags)];

    private static async Task<List<(string Name, string Value)>> FactsAsync(ILake lake, TableHandle table, TableName name, bool forPeople, CancellationToken cancellationToken)
    {
        var metadata = table.Metadata;
        var facts = TableFacts.OfSummary(metadata);
        string Count(long? value) => value is not { } known ? "not recorded" : forPeople ? Quantity.Count(known) : known.ToString(CultureInfo.InvariantCulture);
        string size = facts.SizeBytes is { } bytes && forPeople ? Quantity.Bytes(bytes) : Count(facts.SizeBytes);
        string rows = await RowsAsync(lake, table, Count, cancellationToken);
        var partitions = TableFacts.PartitionsOf(metadata);
        var sort = TableFacts.SortOf(metadata);
        string tags = string.Join(", ", GovernanceProperties.TagsOf(metadata.Properties));
        return
        [
            ("table", name.ToString()),
            ("description", metadata.Properties.GetValueOrDefault(GovernanceProperties.Comment, "none")),
            ("owner", GovernanceProperties.OwnerOf(metadata.Properties.GetValueOrDefault(GovernanceProperties.Owner), table.Annotations) ?? "not recorded"),
            ("tags", tags.Length == 0 ? "none" : tags),
            ("location", metadata.Location),
            ("metadata", table.MetadataLocation),
            ("format version", metadata.FormatVersion.ToString(CultureInfo.InvariantCulture)),
            ("partitioned by", partitions.Count == 0 ? "nothing" : string.Join(", ", partitions)),
            ("sorted by", sort.Count == 0 ? "nothing" : string.Join(", ", sort)),
            ("rows", rows),
            ("size", size),
            ("files", Count(facts.Files)),
            ("snapshots", Count(metadata.Snapshots.Count)),
            ("last change", LastChange(metadata)),
        ];
    }

    // The rest of the description is what somebody needs who looks for what is wrong.
    private static async Task<string> RowsAsync(ILake lake, TableHandle table, Func<long?, string> count, CancellationToken cancellationToken)
    {
        try
        {
            return count((await TableFacts.OfAsync(lake, table, cancellationToken)).Rows);
        }
        catch (TarnException error)
        {
            return $"not known: {error.Message}";
        }
    }

    private static string LastChange(TableMetadata metadata)
    {
        string when = TemporalText.Short(TemporalText.Timestamp(RowsResult.InstantOf(metadata.LastUpdatedMs), ' '));
        return metadata.CurrentSnapshot is { } snapshot
            ? $"{when} ({snapshot.Operation ?? "change"}, snapshot {snapshot.SnapshotId.ToString(CultureInfo.InvariantCulture)})"
            : $"{when} (no snapshot yet)";
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var name = TableName.Parse(context.Words.Arguments[0]);
        await using var lake = await context.OpenLakeAsync(name, cancellationToken);
        await PrintAsync(lake, name, context.Streams, context.Format, cancellationToken);
        return ExitCode.Done;
    }
}
