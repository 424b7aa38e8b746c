using Tarn.Core.Errors;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>
/// Files that one <c>read_parquet</c> reads: same columns in the file, same constants for columns the files lack.
/// </summary>
internal sealed class FileGroup(IReadOnlyList<FileColumn> columns, IReadOnlyDictionary<int, object?> constants, IReadOnlyList<string> paths)
{
    /// <summary>Sorts files into groups.</summary>
    /// <param name="schema">The schema to read with.</param>
    /// <param name="mapping">Mapping for files without field ids, or null.</param>
    /// <param name="files">The files.</param>
    public static IReadOnlyList<FileGroup> Of(Schema schema, NameMapping? mapping, IReadOnlyList<ScanFile> files)
    {
        var groups = new List<FileGroup>();
        foreach (var sameColumns in files.GroupBy(f => f.Footer.Fingerprint, StringComparer.Ordinal))
        {
            var columns = Columns(sameColumns.First(), mapping);
            foreach (var same in sameColumns.GroupBy(f => new ConstantKey(Constants(schema, columns, f))))
                groups.Add(new FileGroup(columns, same.Key.Constants, [.. same.Select(f => f.Path)]));
        }

        return groups;
    }

    /// <summary>The group as a query whose columns are those of <paramref name="schema"/> under <paramref name="names"/>.</summary>
    public string ToSql(Schema schema, IReadOnlyList<string> names)
    {
        var fileNames = ColumnNames.Deduplicate([.. columns.Select(c => c.Name)]);
        var expressions = schema.Fields.Select((field, i) => $"{Expression(field, fileNames)} AS {EngineSql.Identifier(names[i])}");
        return $"SELECT {string.Join(", ", expressions)} FROM read_parquet([{string.Join(", ", paths.Select(EscapeGlob).Select(EngineSql.String))}], hive_partitioning = false)";
    }

    private string Expression(NestedField field, IReadOnlyList<string> fileNames)
    {
        if (constants.TryGetValue(field.Id, out object? constant))
            return EngineSql.Literal(constant, field.Type);
        int index = columns.Index().FirstOrDefault(c => c.Item.FieldId == field.Id, (-1, null!)).Index;
        return index < 0 ? ColumnProjection.Project(field, null, "") : ColumnProjection.Project(field, columns[index], EngineSql.Identifier(fileNames[index]));
    }

    private static IReadOnlyList<FileColumn> Columns(ScanFile file, NameMapping? mapping)
    {
        if (file.Footer.HasFieldIds)
            return FileColumn.ByFieldIds(file.Footer);
        return mapping is not null ? FileColumn.ByNameMapping(file.Footer, mapping) : throw TarnException.Unsupported(
            $"Data file '{file.File.FilePath}' has no field ids and the table has no property {NameMapping.PropertyName} that says which column is which. Set that property.");
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
