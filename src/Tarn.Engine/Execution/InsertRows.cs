using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Naming;
using Tarn.Engine.Planning;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Engine.Sql.Queries;
using Tarn.Engine.Sql.Statements;
using Tarn.Engine.Types;
using Tarn.Engine.Writing;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Transactions;

namespace Tarn.Engine.Execution;

/// <summary>INSERT INTO: the rows of a query, by position, by listed columns or BY NAME; columns that are not given take their default.</summary>
internal static class InsertRows
{
    public static async Task<StatementResult> ExecuteAsync(StatementContext context, InsertStatement insert, CancellationToken cancellationToken)
    {
        if (insert.Overwrite || insert.Partition.Count > 0)
            throw TarnException.Unsupported("This version of Tarn does not run INSERT OVERWRITE. Use CREATE OR REPLACE TABLE … AS, or DELETE and INSERT.");
        var (catalog, table) = await TableLookup.TableAsync(context, insert.Table, cancellationToken).ConfigureAwait(false);
        var query = insert.Query ?? QueryText.From(SqlText.Of("SELECT NULL"));
        if (insert.Matching == InsertMatching.ByName && TypedValues.IsValues(query))
            throw TarnException.Invalid($"INSERT BY NAME needs a query that names its columns, and VALUES names none. List the columns: INSERT INTO {insert.Table.Dotted} (a, b) VALUES …");
        using var planned = await context.Planner.PlanAsync(query, context.Scope, context.Options.Parameters, cancellationToken).ConfigureAwait(false);
        string source = insert.Query is null ? $"SELECT {string.Join(", ", table.Metadata.CurrentSchema.Fields.Select(Missing))}" : SourceSql(context, table, insert, planned.Bound, query);
        using var written = await RowWriter.WriteAsync(context, WriteRequest.Into(table.Metadata, source), planned, cancellationToken).ConfigureAwait(false);
        var transaction = new Transaction(context.Transactions(catalog), table);
        await written.AppendAsync(transaction, context.Services.Store, cancellationToken).ConfigureAwait(false);
        if (written.DataFiles.Count > 0)
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        return RowsResult.Done("INSERT", written.RecordCount);
    }

    // A query whose columns are those of the table.
    private static string SourceSql(StatementContext context, TableHandle table, InsertStatement insert, BoundQuery bound, QueryText query)
    {
        var schema = table.Metadata.CurrentSchema;
        var typed = TypedValues.IsValues(query) ? new TypedValues(context, bound) : null;
        string rows = typed?.Hold(query, ListedColumns(table, insert)) ?? bound.Sql;
        var columns = RowWriter.Columns(context, bound with { Sql = rows }, query);
        var targets = Targets(table, insert, columns);
        if (schema.Fields.Any(f => f.Type.IsNested))
        {
            foreach (var types in typed?.OwnTypes ?? [[.. columns.Select(c => c.Type)]])
                LostFields.Refuse(schema, targets, types);
        }

        string names = string.Join(", ", columns.Select((_, i) => Name(i)));
        var expressions = schema.Fields.Select(f => targets.TryGetValue(f.Id, out int source) ? Name(source) : Missing(f));
        return $"SELECT {string.Join(", ", expressions)} FROM ({rows}\n) AS __tarn_rows({names})";
    }

    private static IReadOnlyList<NestedField> ListedColumns(TableHandle table, InsertStatement insert) => insert.Columns is null
        ? table.Metadata.CurrentSchema.Fields
        : [.. insert.Columns.Select(c => Column(table, c.Dotted))];

    private static NestedField Column(TableHandle table, string name)
    {
        var schema = table.Metadata.CurrentSchema;
        return schema.Fields.FirstOrDefault(f => f.Name == name) ?? (schema.ResolveField(name) is { } found && schema.Fields.Contains(found) ? found : null)
            ?? throw TarnException.NotFound($"Table '{table.Identifier}' has no column '{name}'. Columns are: {string.Join(", ", schema.Fields.Select(f => f.Name))}.");
    }

    // From field id to the position of the source column.
    private static Dictionary<int, int> Targets(TableHandle table, InsertStatement insert, IReadOnlyList<ResultColumn> columns)
    {
        var schema = table.Metadata.CurrentSchema;
        string[] names = insert switch
        {
            { Columns: { } listed } => [.. listed.Select(c => c.Dotted)],
            { Matching: InsertMatching.ByName } => [.. columns.Select(c => c.Name)],
            _ => [.. schema.Fields.Take(columns.Count).Select(f => f.Name)],
        };
        if (insert.Columns is null && insert.Matching == InsertMatching.ByPosition && columns.Count != schema.Fields.Count)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"Table '{table.Identifier}' has {schema.Fields.Count} columns but {columns.Count} values are given. List the columns: INSERT INTO {table.Identifier} (a, b) …"));
        if (names.Length != columns.Count)
            throw TarnException.Invalid(string.Create(CultureInfo.InvariantCulture, $"{names.Length} columns are listed but {columns.Count} values are given."));
        var targets = new Dictionary<int, int>();
        foreach (var (position, name) in names.Index())
        {
            var target = Column(table, name);
            if (!targets.TryAdd(target.Id, position))
                throw TarnException.Invalid($"Column '{name}' is given twice.");
        }

        return targets;
    }

    private static string Missing(NestedField column) => column.Required && column.WriteDefault is null
        ? throw TarnException.Invalid($"Column '{column.Name}' is NOT NULL and has no default: give a value for it.")
        : EngineSql.Literal(column.WriteDefault, column.Type);

    private static string Name(int position) => string.Create(CultureInfo.InvariantCulture, $"__tarn_i{position}");
}
