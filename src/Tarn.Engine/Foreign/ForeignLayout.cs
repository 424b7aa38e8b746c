using System.Collections.Immutable;
using Tarn.Core.Errors;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Foreign;

/// <summary>
/// A table of another format as the engine reads it: its columns in lower case with the partition keys behind them, as Hive has it, and its partitions.
/// </summary>
internal sealed class ForeignLayout
{
    // The value of a partition whose key is null (Hive's hive.exec.default.partition.name).
    private const string NullPartition = "__HIVE_DEFAULT_PARTITION__";

    private readonly ForeignTable _table;
    private readonly ForeignStorage _storage;
    private readonly IReadOnlyList<HiveType> _keyTypes;
    private readonly string _name;

    private ForeignLayout(ForeignTableHandle handle, string name)
    {
        (_table, _name) = (handle.Table, name);
        Identifier = handle.Identifier;
        _storage = ForeignStorage.Read(handle.Table.Properties);
        var keys = ForeignStorage.PartitionKeys(handle.Table.Properties);
        bool isText = IsAllText(_storage);
        ColumnTypes = [.. _storage.Columns.Select(c => isText ? new HiveType("string", [], []) : TypeOf(c))];
        _keyTypes = [.. keys.Select(TypeOf)];
        Schema = SchemaOf([.. _storage.Columns, .. keys]);
        Spec = new PartitionSpec(0, [.. keys.Select((k, i) => new PartitionField(Schema.Fields[_storage.Columns.Count + i].Id, PartitionSpec.FirstFieldId + i, Schema.Fields[_storage.Columns.Count + i].Name, Transform.Identity))]);
    }

    /// <summary>Name of the table.</summary>
    public TableIdentifier Identifier { get; }

    /// <summary>The columns, those of the files first.</summary>
    public Schema Schema { get; }

    /// <summary>The partition keys, each as it is.</summary>
    public PartitionSpec Spec { get; }

    /// <summary>Types of the columns of the files in Hive's words.</summary>
    public IReadOnlyList<HiveType> ColumnTypes { get; }

    /// <summary>The columns of the files.</summary>
    public IReadOnlyList<NestedField> FileColumns => [.. Schema.Fields.Take(ColumnTypes.Count)];

    /// <summary>The columns of the files as the table describes them.</summary>
    public IReadOnlyList<StoredColumn> StoredColumns => _storage.Columns;

    /// <summary>Where the table lies.</summary>
    public string Location => _storage.Location!;

    /// <summary>Reads a description.</summary>
    /// <exception cref="TarnException">Unsupported: it is a view, or in a format that is not read. DataCorrupted: it is damaged.</exception>
    public static ForeignLayout Of(ForeignTableHandle handle)
    {
        string name = $"Table '{handle.Identifier}'";
        if (handle.Table.Properties.GetValueOrDefault("tableType") is "VIRTUAL_VIEW" or "MATERIALIZED_VIEW")
            throw TarnException.Unsupported($"'{handle.Identifier}' is a view in the words of Hive, which this version of Tarn does not run. Create it again with CREATE VIEW.");
        var layout = new ForeignLayout(handle, name);
        ForeignFormats.Of(layout._storage, name);
        if (layout._storage.Location is not { Length: > 0 })
            throw TarnException.Corrupted($"{name} has no location.");
        return layout;
    }

    /// <summary>Its partitions in the order of their names.</summary>
    /// <exception cref="TarnException">DataCorrupted: a value is none of its key's type.</exception>
    public IEnumerable<ForeignPartition> Partitions() => Spec.Fields.Count == 0
        ? [new ForeignPartition("", [], _storage)]
        : _table.Partitions.Select(p => Partition(p.Key, p.Value));

    /// <summary>The table without a snapshot, in the form that the engine knows tables in.</summary>
    public TableHandle ToTable()
    {
        var comment = _table.Properties.TryGetValue($"{ForeignStorage.Parameters}comment", out string? text) ? ImmutableDictionary<string, string>.Empty.Add("comment", text) : ImmutableDictionary<string, string>.Empty;
        var metadata = TableMetadata.New(Schema, Spec, SortOrder.Unsorted, Location, comment, 2, Guid.Empty, DateTimeOffset.UnixEpoch);
        return new TableHandle(Identifier, Location, metadata);
    }

    private ForeignPartition Partition(string name, ImmutableSortedDictionary<string, string> properties)
    {
        var storage = ForeignStorage.Read(properties, _table.Properties);
        var texts = ForeignStorage.Values(properties);
        if (texts.Count != _keyTypes.Count)
            throw TarnException.Corrupted($"Partition '{name}' of {_name} has {texts.Count} values; the table has {_keyTypes.Count} partition keys.");
        object?[] values = [.. texts.Select((t, i) => Value(name, i, t))];
        if (storage.Location is not { Length: > 0 })
            throw TarnException.Corrupted($"Partition '{name}' of {_name} has no location.");
        return new ForeignPartition(name, values, storage.Columns.Count > 0 ? storage : storage with { Columns = _storage.Columns });
    }

    private object? Value(string partition, int key, string text)
    {
        if (text.Length == 0 || text == NullPartition)
            return null;
        var field = Schema.Fields[ColumnTypes.Count + key];
        return HiveText.Value(_keyTypes[key], field.Type, text)
            ?? throw TarnException.Corrupted($"Partition '{partition}' of {_name}: '{text}' is no value of the partition key {field.Name}, which is a {field.Type}.");
    }

    private Schema SchemaOf(IReadOnlyList<StoredColumn> columns)
    {
        int last = columns.Count;
        int Next() => ++last;
        var types = ColumnTypes.Concat(_keyTypes).ToArray();
        var fields = columns.Select((c, i) => new NestedField(i + 1, c.Name.ToLowerInvariant(), false, types[i].ToIceberg(Next), c.Comment)).ToArray();
        if (fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw TarnException.Corrupted($"{_name} has two columns '{twice.Key}'; names of columns do not differ in case only.");
        return new Schema(0, fields);
    }

    private HiveType TypeOf(StoredColumn column)
    {
        try
        {
            return HiveTypeParser.Parse(column.Type);
        }
        catch (TarnException error) when (error.Kind == ErrorKind.DataCorrupted)
        {
            throw TarnException.Corrupted($"Column '{column.Name}' of {_name}: {error.Message}", error);
        }
    }

    // OpenCSVSerde gives text whatever types are declared.
    private bool IsAllText(ForeignStorage storage) => ForeignFormats.Of(storage, _name) == ForeignFormat.Csv;
}
