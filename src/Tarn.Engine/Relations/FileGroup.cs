using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>
/// Files that one <c>read_parquet</c> reads: same columns in the file, same constants for columns the files lack.
/// </summary>
internal sealed class FileGroup(IReadOnlyList<FileColumn> columns, IReadOnlyDictionary<int, object?> constants, IReadOnlyList<string> paths)
{
    // Some partitions make short SQL as branches of a union, whose filters the engine sees; many would make SQL without bound.
    private const int MaxBranches = 8;

    private IReadOnlyList<(string Path, IReadOnlyDictionary<int, object?> Constants)> byPath = [];

    private long RowCount { get; init; }

    /// <summary>
    /// Sorts files into groups, the one of most rows first: the branches of a union run one after another, and once the first is done an aggregation or a
    /// sort of the engine cannot begin to go on on disk any more. Behind a small branch a large one would have to fit into memory.
    /// </summary>
    /// <param name="schema">The schema to read with.</param>
    /// <param name="mapping">Mapping for files without field ids, or null.</param>
    /// <param name="files">The files.</param>
    public static IReadOnlyList<FileGroup> Of(Schema schema, NameMapping? mapping, IReadOnlyList<ScanFile> files)
    {
        var groups = new List<FileGroup>();
        foreach (var sameColumns in files.GroupBy(f => f.Footer.Fingerprint, StringComparer.Ordinal))
        {
            var columns = FileColumn.Of(sameColumns.First(), mapping);
            var byConstants = sameColumns.GroupBy(f => new ConstantKey(Constants(schema, columns, f))).ToArray();
            if (byConstants.Length > MaxBranches)
            {
                groups.Add(Joined(columns, byConstants));
                continue;
            }

            foreach (var same in byConstants)
                groups.Add(new FileGroup(columns, same.Key.Constants, [.. same.Select(f => f.Path)]) { RowCount = same.Sum(f => f.Footer.RowCount) });
        }

        return [.. groups.OrderByDescending(group => group.RowCount)];
    }

    /// <summary>The group as a query whose columns are those of <paramref name="schema"/> under <paramref name="names"/>.</summary>
    public string ToSql(Schema schema, IReadOnlyList<string> names)
    {
        var fileNames = ColumnNames.Deduplicate([.. columns.Select(c => c.Name)]);
        var expressions = schema.Fields.Select((field, i) => $"{Expression(field, fileNames)} AS {EngineSql.Identifier(names[i])}");
        string files = $"read_parquet([{string.Join(", ", paths.Select(EscapeGlob).Select(EngineSql.String))}], hive_partitioning = false";
        return $"SELECT {string.Join(", ", expressions)} FROM {(byPath.Count == 0 ? $"{files})" : $"{files}, filename = '__tarn_file') JOIN {ConstantsByPath(schema)} USING (__tarn_file)")}";
    }

    private static FileGroup Joined(IReadOnlyList<FileColumn> columns, IReadOnlyList<IGrouping<ConstantKey, ScanFile>> groups)
    {
        (string Path, IReadOnlyDictionary<int, object?> Constants)[] byPath = [.. groups.SelectMany(g => g.Select(f => (f.Path, (IReadOnlyDictionary<int, object?>)g.Key.Constants)))];
        return new FileGroup(columns, groups[0].Key.Constants, [.. byPath.Select(f => f.Path)]) { byPath = byPath, RowCount = groups.Sum(g => g.Sum(f => f.Footer.RowCount)) };
    }

    private string ConstantsByPath(Schema schema)
    {
        var fields = schema.Fields.Where(f => byPath.Any(p => p.Constants.ContainsKey(f.Id))).ToArray();
        // A file without the partition field takes the default of a missing column.
        var rows = byPath.Select(p => $"({EngineSql.String(p.Path)}, {string.Join(", ", fields.Select(f => EngineSql.Literal(p.Constants.TryGetValue(f.Id, out object? c) ? c : f.InitialDefault, f.Type)))})");
        return $"(VALUES {string.Join(", ", rows)}) AS __tarn_constants(__tarn_file, {string.Join(", ", fields.Select(f => ConstantName(f)))})";
    }

    private static string ConstantName(NestedField field) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"__tarn_k{field.Id}");

    private string Expression(NestedField field, IReadOnlyList<string> fileNames)
    {
        if (byPath.Count > 0 && byPath.Any(p => p.Constants.ContainsKey(field.Id)))
            return ConstantName(field);
        if (constants.TryGetValue(field.Id, out object? constant))
            return EngineSql.Literal(constant, field.Type);
        int index = columns.Index().FirstOrDefault(c => c.Item.FieldId == field.Id, (-1, null!)).Index;
        return index < 0 ? ColumnProjection.Project(field, null, "") : ColumnProjection.Project(field, columns[index], EngineSql.Identifier(fileNames[index]));
    }

    // "Column Projection", rule 1: a column that is missing in the file and has an identity partition field takes the partition value.
    private static Dictionary<int, object?> Constants(Schema schema, IReadOnlyList<FileColumn> columns, ScanFile file)
    {
        var constants = new Dictionary<int, object?>();
        foreach (var (position, field) in file.Spec.Fields.Index())
        {
            if (field.Transform.Kind != TransformKind.Identity || columns.Any(c => c.FieldId == field.SourceId))
                continue;
            if (schema.Fields.Any(f => f.Id == field.SourceId))
                constants[field.SourceId] = file.File.Partition[position];
        }

        return constants;
    }

    // read_parquet expands *, ? and [ in paths; a class of one character stands for itself.
    private static string EscapeGlob(string path) => path.AsSpan().ContainsAny("*?[")
        ? path.Replace("[", "[[]", StringComparison.Ordinal).Replace("*", "[*]", StringComparison.Ordinal).Replace("?", "[?]", StringComparison.Ordinal)
        : path;

    private readonly struct ConstantKey(Dictionary<int, object?> constants) : IEquatable<ConstantKey>
    {
        public Dictionary<int, object?> Constants { get; } = constants;

        public bool Equals(ConstantKey other) =>
            Constants.Count == other.Constants.Count && Constants.All(c => other.Constants.TryGetValue(c.Key, out object? value) && LiteralValue.AreEqual(c.Value, value));

        public override bool Equals(object? obj) => obj is ConstantKey other && Equals(other);

        public override int GetHashCode() => Constants.Aggregate(17, (hash, c) => HashCode.Combine(hash, c.Key, c.Value is byte[] or object?[] ? 0 : c.Value));
    }
}
