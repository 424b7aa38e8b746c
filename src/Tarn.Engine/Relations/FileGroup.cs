using System.Globalization;
using Tarn.Engine.Functions;
using Tarn.Engine.Types;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Relations;

/// <summary>
/// Files that are read at once: same columns in the file, same constants for columns the files lack, and either all with deleted positions
/// or none, so that the others are read as fast as ever.
/// </summary>
internal sealed class FileGroup(FileReading reading, IReadOnlyDictionary<int, object?> constants)
{
    /// <summary>Id of a field that is the path of a row's file, as the engine reads it. Parquet files only.</summary>
    public const int PathId = -3;

    /// <summary>Id of a field that is the position of a row in its file. Parquet files only.</summary>
    public const int PositionId = -4;

    // Some partitions make short SQL as branches of a union, whose filters the engine sees; many would make SQL without bound.
    private const int MaxBranches = 8;

    private IReadOnlyList<(string Path, IReadOnlyDictionary<int, object?> Constants)> byPath = [];

    /// <summary>Rows in the files, deleted ones included.</summary>
    private long RowCount { get; init; }

    /// <summary>Columns that cannot be read out of the files, by field id, with the reason: files of one form have the same.</summary>
    private IReadOnlyDictionary<int, string> Unreadable { get; init; } = new Dictionary<int, string>();

    /// <summary>Under which key the deleted positions of the files are known; null when nothing is deleted.</summary>
    private long? LiveKey { get; init; }

    /// <summary>
    /// Sorts files into groups, as few as can be, the one of most rows first: the branches of a union run one after another, and once the first is done an aggregation or a
    /// sort of the engine cannot begin to go on on disk any more. Behind a small branch a large one would have to fit into memory.
    /// </summary>
    /// <param name="table">The files, the schema to read with and the mapping.</param>
    public static IReadOnlyList<FileGroup> Of(TableFiles table)
    {
        var groups = new List<FileGroup>();
        var forms = table.Files.GroupBy(f => (f.Form, IsDeleted: f.Deleted is not null)).OrderByDescending(form => form.Sum(f => f.RowCount)).ToList();
        if (ByName(forms.Where(form => !form.Key.IsDeleted && form.First().Avro is null), table) is { } named)
        {
            groups.Add(named);
            forms.RemoveAll(form => !form.Key.IsDeleted && form.First().Avro is null);
        }

        foreach (var alike in forms)
        {
            var columns = FileColumn.Of(alike.First(), table.Mapping);
            var byConstants = alike.GroupBy(f => new ConstantKey(Constants(table.Schema, columns, f))).ToArray();
            if (byConstants.Length > MaxBranches)
                groups.Add(Joined(columns, byConstants, table));
            else
                groups.AddRange(byConstants.Select(same => Make(columns, same.Key.Constants, [.. same], table)));
        }

        return [.. groups.OrderByDescending(group => group.RowCount)];
    }

    /// <summary>The group as a query whose columns are those of <paramref name="schema"/> under <paramref name="names"/>.</summary>
    public string ToSql(Schema schema, IReadOnlyList<string> names)
    {
        var expressions = schema.Fields.Select((field, i) => $"{Expression(field)} AS {EngineSql.Identifier(names[i])}");
        bool isNumbered = LiveKey is not null || schema.Fields.Any(f => f.Id is PathId or PositionId);
        string files = reading.From(withPath: byPath.Count > 0 || isNumbered);
        string constantsOfFile = byPath.Count == 0 ? "" : $" JOIN {ConstantsByPath(schema)} USING ({FileReading.Path})";
        string live = LiveKey is { } key ? string.Create(CultureInfo.InvariantCulture, $" WHERE {LiveRows.FunctionName}({key}, {FileReading.Path}, {FileReading.Position})") : "";
        return $"SELECT {string.Join(", ", expressions)} FROM {files}{constantsOfFile}{live}";
    }

    // Files of several schemas at once, where names tell as much as ids.
    private static FileGroup? ByName(IEnumerable<IEnumerable<ScanFile>> forms, TableFiles table)
    {
        ScanFile[] files = [.. forms.SelectMany(f => f)];
        var columns = forms.Select(f => FileColumn.Of(f.First(), table.Mapping)).ToArray();
        if (columns.Length < 2 || files.Any(f => f.Marks.Count + f.Unreadable.Count > 0) || forms.Zip(columns).Any(form => form.First.Any(f => Constants(table.Schema, form.Second, f).Count > 0)))
            return null;
        return NamedColumns.Of(table.Schema, columns) is { } named ? new FileGroup(new ParquetReading(named, files, byName: true), new Dictionary<int, object?>()) { RowCount = files.Sum(f => f.RowCount) } : null;
    }

    private static FileGroup Make(IReadOnlyList<FileColumn> columns, IReadOnlyDictionary<int, object?> constants, IReadOnlyList<ScanFile> files, TableFiles table)
    {
        FileReading reading = files[0] switch
        {
            { Avro: not null } => new AvroReading(columns, files, table),
            { Lines: { } form } => new LineReading(columns, files, form, table),
            _ => new ParquetReading(columns, files),
        };
        return new FileGroup(reading, constants) { LiveKey = files[0].Deleted is null ? null : table.LiveKey, RowCount = files.Sum(f => f.RowCount), Unreadable = files[0].Unreadable };
    }

    private static FileGroup Joined(IReadOnlyList<FileColumn> columns, IReadOnlyList<IGrouping<ConstantKey, ScanFile>> groups, TableFiles table)
    {
        var joined = Make(columns, groups[0].Key.Constants, [.. groups.SelectMany(g => g)], table);
        joined.byPath = [.. groups.SelectMany(g => g.Select(f => (f.Path, (IReadOnlyDictionary<int, object?>)g.Key.Constants)))];
        return joined;
    }

    private string ConstantsByPath(Schema schema)
    {
        var fields = schema.Fields.Where(f => byPath.Any(p => p.Constants.ContainsKey(f.Id))).DistinctBy(f => f.Id).ToArray();
        // A file without the partition field takes the default of a missing column.
        var rows = byPath.Select(p => $"({EngineSql.String(p.Path)}, {string.Join(", ", fields.Select(f => EngineSql.Literal(p.Constants.TryGetValue(f.Id, out object? c) ? c : f.InitialDefault, f.Type)))})");
        return $"(VALUES {string.Join(", ", rows)}) AS __tarn_constants({FileReading.Path}, {string.Join(", ", fields.Select(f => ConstantName(f)))})";
    }

    private static string ConstantName(NestedField field) => string.Create(CultureInfo.InvariantCulture, $"__tarn_k{(field.Id < 0 ? "m" : "")}{Math.Abs(field.Id)}");

    private string Expression(NestedField field)
    {
        if (field.Id is PathId or PositionId)
            return field.Id == PathId ? FileReading.Path : FileReading.Position;
        // The engine leaves out columns that a query does not read, and the refusal with them.
        if (Unreadable.TryGetValue(field.Id, out string? reason))
            return $"error({EngineSql.String(reason)})::{EngineType.Of(field.Type)}";
        if (byPath.Count > 0 && byPath.Any(p => p.Constants.ContainsKey(field.Id)))
            return ConstantName(field);
        return constants.TryGetValue(field.Id, out object? constant) ? EngineSql.Literal(constant, field.Type) : reading.Project(field);
    }

    // "Column Projection", rule 1: a column that is missing in the file and has an identity partition field takes the partition value.
    private static Dictionary<int, object?> Constants(Schema schema, IReadOnlyList<FileColumn> columns, ScanFile file)
    {
        var constants = new Dictionary<int, object?>(file.Marks);
        foreach (var (position, field) in file.Spec.Fields.Index())
        {
            if (field.Transform.Kind != TransformKind.Identity || columns.Any(c => c.FieldId == field.SourceId))
                continue;
            if (schema.Fields.Any(f => f.Id == field.SourceId))
                constants[field.SourceId] = file.File.Partition[position];
        }

        return constants;
    }

    private readonly struct ConstantKey(Dictionary<int, object?> constants) : IEquatable<ConstantKey>
    {
        public Dictionary<int, object?> Constants { get; } = constants;

        public bool Equals(ConstantKey other) =>
            Constants.Count == other.Constants.Count && Constants.All(c => other.Constants.TryGetValue(c.Key, out object? value) && LiteralValue.AreEqual(c.Value, value));

        public override bool Equals(object? obj) => obj is ConstantKey other && Equals(other);

        public override int GetHashCode() => Constants.Aggregate(17, (hash, c) => hash ^ HashCode.Combine(c.Key, c.Value is byte[] or object?[] ? 0 : c.Value));
    }
}
