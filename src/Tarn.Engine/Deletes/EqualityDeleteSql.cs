using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Deletes;

/// <summary>
/// Equality deletes as anti joins, or as a function where they compare one whole number. Null equals null and NaN equals NaN; 0.0 and -0.0 differ, as they do for the writers of such files. The newest delete of a
/// key decides: it concerns a row when it is newer than the row's file.
/// </summary>
/// <param name="scan">The schema that the table is read with.</param>
/// <param name="columns">Names of its columns in the engine.</param>
/// <param name="schemas">All schemas of the table: deletes may compare a column that was dropped since.</param>
internal sealed class EqualityDeleteSql(Schema scan, IReadOnlyList<string> columns, IReadOnlyList<Schema> schemas)
{
    private const string Rows = "__tarn_rows";
    private static readonly NestedField Sequence = new(EqualityDeleteSet.SequenceId, "__tarn_sequence", true, SimpleType.Long);
    private static readonly NestedField RowPath = new(FileGroup.PathId, "__tarn_row_file", true, SimpleType.String);
    private static readonly NestedField RowPosition = new(FileGroup.PositionId, "__tarn_row_position", true, SimpleType.Long);
    private static readonly NestedField Partition = new(EqualityDeleteSet.PartitionId, "__tarn_partition", true, SimpleType.Int);

    /// <summary>How many positions beside each other <see cref="DeletedRowsSql"/> gives at once, so that a batch of rows of the engine takes 64 MiB at most.</summary>
    public const int WindowRows = 1 << 14;

    /// <summary>
    /// Where the rows lie that a set deletes: path of the file, as the engine reads it, number of a window of positions, and those that are deleted in it, from its begin on
    /// and in any order. Handed out row by row, the few of each vector that the engine reads would cost more than reading it.
    /// </summary>
    /// <param name="table">The data files, Parquet and all of them concerned by the set.</param>
    /// <param name="set">The set.</param>
    public string DeletedRowsSql(TableFiles table, EqualityDeleteSet set)
    {
        string rows = RowsSql(table, [set], [RowPath, RowPosition]);
        string deleted = IsOneNumber(table, set) ? $"WHERE NOT {Kept(table, set)}" : Join("SEMI", table, set, "__tarn_deletes");
        string path = $"{Rows}.{RowPath.Name}", position = $"{Rows}.{RowPosition.Name}";
        return string.Create(CultureInfo.InvariantCulture, $"SELECT {path}, {position} // {WindowRows}, list(({position} % {WindowRows})::USMALLINT) FROM ({rows}) AS {Rows} {deleted} GROUP BY ALL");
    }

    /// <summary>The rows of data files that no delete of the sets concerns.</summary>
    /// <param name="table">The data files, all of them concerned by all of the sets.</param>
    /// <param name="sets">The sets.</param>
    public string ToSql(TableFiles table, IReadOnlyList<EqualityDeleteSet> sets)
    {
        string rows = RowsSql(table, sets, []);
        var byFunction = sets.Where(s => IsOneNumber(table, s)).ToArray();
        var joins = sets.Except(byFunction).Select((set, i) => Join("ANTI", table, set, string.Create(CultureInfo.InvariantCulture, $"__tarn_deletes_{i}")));
        string conditions = byFunction.Length == 0 ? "" : $" WHERE {string.Join(" AND ", byFunction.Select(s => Kept(table, s)))}";
        return $"SELECT {string.Join(", ", columns.Select(c => $"{Rows}.{EngineSql.Identifier(c)}"))} FROM ({rows}) AS {Rows} {string.Join(' ', joins)}{conditions}";
    }

    private string RowsSql(TableFiles table, IReadOnlyList<EqualityDeleteSet> sets, IReadOnlyList<NestedField> places)
    {
        // Columns that the table no longer has are read beside those that it has.
        NestedField[] more = [.. sets.SelectMany(s => s.FieldIds).Distinct().Where(id => SchemaOf(id) != scan).Select(KeyColumn), Sequence, Partition, .. places];
        var schema = new Schema(scan.SchemaId, [.. scan.Fields, .. more]);
        string[] names = [.. columns, .. more.Select(c => c.Name)];
        return string.Join(" UNION ALL ", FileGroup.Of(table with { Schema = schema, Files = Coarse(table, sets) }).Select(g => g.ToSql(schema, names)));
    }

    // Files with equal marks are read at once; only what deletes can tell apart may differ. Of a sequence number that is the newest delete that is not newer.
    private static IReadOnlyList<ScanFile> Coarse(TableFiles table, IReadOnlyList<EqualityDeleteSet> sets)
    {
        long[] deletes = Sequences(sets);
        bool byPartition = sets.Any(s => IsByPartition(table, s));
        return [.. table.Files.Select(f => f with
        {
            Marks = new Dictionary<int, object?>
            {
                [EqualityDeleteSet.SequenceId] = NewestNotNewer(deletes, f),
                [EqualityDeleteSet.PartitionId] = byPartition ? f.Marks[EqualityDeleteSet.PartitionId] : 0,
            },
        })];
    }

    private static long[] Sequences(IEnumerable<EqualityDeleteSet> sets) => [.. sets.SelectMany(s => s.Deletes).Select(d => (long)d.Marks[EqualityDeleteSet.SequenceId]!).Distinct().Order()];

    private static long NewestNotNewer(long[] deletes, ScanFile file) => deletes.LastOrDefault(d => d <= (long)file.Marks[EqualityDeleteSet.SequenceId]!);

    // The usual key of a stream of changes. Deletes of several partitions would need the partition in the key.
    private bool IsOneNumber(TableFiles table, EqualityDeleteSet set) =>
        table.LoadKeys is not null && set.FieldIds.Count == 1 && SchemaOf(set.FieldIds[0]).FindField(set.FieldIds[0])!.Type.Id is TypeId.Int or TypeId.Long
        && !IsByPartition(table, set) && set.Deletes.Sum(d => d.File.RecordCount) <= KeptRows.MaxKeys;

    private string Kept(TableFiles table, EqualityDeleteSet set)
    {
        var (row, deleted) = Comparisons(set.FieldIds[0]).Single();
        long[] deletes = Sequences([set]), notNewer = [.. table.Files.Select(f => NewestNotNewer(deletes, f)).Distinct()];
        string files = DeleteRows(table, set);
        if (notNewer is [var all])
            return string.Create(CultureInfo.InvariantCulture, $"{KeptRows.FunctionName}({Load($"SELECT {deleted}::BIGINT FROM ({files}) WHERE {Sequence.Name} > {all}")}, {row}::BIGINT)");
        return string.Create(CultureInfo.InvariantCulture, $"{KeptRows.FunctionName}({Load($"SELECT {deleted}::BIGINT, {Sequence.Name} FROM ({files})")}, {Rows}.{Sequence.Name}, {row}::BIGINT)");

        long Load(string sql) => table.LoadKeys!(sql, set.Deletes);
    }

    private static bool IsByPartition(TableFiles table, EqualityDeleteSet set) =>
        !set.IsGlobal && set.Deletes.Concat(table.Files).Select(f => f.Marks[EqualityDeleteSet.PartitionId]).Distinct().Skip(1).Any();

    private string Join(string kind, TableFiles table, EqualityDeleteSet set, string alias)
    {
        bool bySequence = set.Deletes.Min(d => (long)d.Marks[EqualityDeleteSet.SequenceId]!) <= table.Files.Max(f => (long)f.Marks[EqualityDeleteSet.SequenceId]!);
        bool byPartition = IsByPartition(table, set);
        var keys = set.FieldIds.SelectMany(id => Comparisons(id)).ToArray();
        var conditions = keys.Select((key, i) => $"{key.OfRow} IS NOT DISTINCT FROM {alias}.k{i}");
        if (byPartition)
            conditions = conditions.Append($"{Rows}.{Partition.Name} = {alias}.{Partition.Name}");
        if (bySequence)
            conditions = conditions.Append($"{Rows}.{Sequence.Name} < {alias}.{Sequence.Name}");
        return $"{kind} JOIN ({Deletes(table, set, keys, bySequence, byPartition)}) AS {alias} ON {string.Join(" AND ", conditions)}";
    }

    private string Deletes(TableFiles table, EqualityDeleteSet set, IReadOnlyList<(string OfRow, string OfDelete)> keys, bool bySequence, bool byPartition)
    {
        string files = DeleteRows(table, set);
        var selected = keys.Select((key, i) => $"{key.OfDelete} AS k{i}");
        if (byPartition)
            selected = selected.Append(Partition.Name);
        return bySequence
            ? $"SELECT {string.Join(", ", selected)}, max({Sequence.Name}) AS {Sequence.Name} FROM ({files}) GROUP BY ALL"
            : $"SELECT {string.Join(", ", selected)} FROM ({files})";
    }

    private string DeleteRows(TableFiles table, EqualityDeleteSet set)
    {
        var schema = new Schema(scan.SchemaId, [.. set.FieldIds.Select(KeyColumn), Sequence, Partition]);
        string[] names = [.. schema.Fields.Select(f => f.Name)];
        return string.Join(" UNION ALL ", FileGroup.Of(table with { Schema = schema, Files = set.Deletes }).Select(g => g.ToSql(schema, names)));
    }

    // What is compared of a column, in a row and in a delete.
    private IEnumerable<(string OfRow, string OfDelete)> Comparisons(int fieldId)
    {
        var schema = SchemaOf(fieldId);
        var column = Column(schema, fieldId);
        string own = schema == scan ? EngineSql.Identifier(columns[scan.Fields.Index().First(f => f.Item.Id == column.Id).Index]) : KeyName(fieldId);
        string path = string.Concat(PathBelow(schema, fieldId, column).Select(name => $".{EngineSql.Identifier(name)}"));
        string row = $"{Rows}.{own}{path}", deleted = $"{KeyName(fieldId)}{path}";
        yield return (row, deleted);
        if (schema.FindField(fieldId)!.Type.Id is TypeId.Float or TypeId.Double)
            yield return (IsNegativeZero(row), IsNegativeZero(deleted));
    }

    private static string IsNegativeZero(string value) => $"({value} = 0 AND signbit({value}))";

    // The column as it is read for the key alone.
    private NestedField KeyColumn(int fieldId) => Column(SchemaOf(fieldId), fieldId) with { Name = KeyName(fieldId) };

    // The column itself, or the one that holds a field of a struct.
    private static NestedField Column(Schema schema, int fieldId)
    {
        while (schema.ParentId(fieldId) is > 0 and var parent)
            fieldId = parent;
        return schema.FindField(fieldId)!;
    }

    private static IEnumerable<string> PathBelow(Schema schema, int fieldId, NestedField column)
    {
        var path = new Stack<string>();
        for (; fieldId != column.Id; fieldId = schema.ParentId(fieldId))
            path.Push(schema.FindField(fieldId)!.Name);
        return path;
    }

    // Of schemas that have a column the newest tells most: types only widen.
    private Schema SchemaOf(int fieldId) => scan.FindField(fieldId) is not null ? scan : schemas.OrderBy(s => s.SchemaId).LastOrDefault(s => s.FindField(fieldId) is not null)
        ?? throw TarnException.Corrupted($"Equality deletes compare field {fieldId}, which no schema of the table has. Roll the table back to an earlier snapshot.");

    private static string KeyName(int fieldId) => string.Create(CultureInfo.InvariantCulture, $"__tarn_key_{fieldId}");
}
