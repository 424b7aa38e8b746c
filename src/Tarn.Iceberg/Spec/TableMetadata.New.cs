using System.Collections.Frozen;
using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Spec;

/// <content>Metadata of new tables.</content>
public sealed partial record TableMetadata
{
    /// <summary>The table property that chooses the format version of a new table or upgrades one; never stored.</summary>
    public const string FormatVersionProperty = "format-version";

    /// <summary>Properties that other fields of the metadata hold; they are never stored as properties.</summary>
    public static FrozenSet<string> ReservedProperties { get; } = FrozenSet.ToFrozenSet(
    [
        FormatVersionProperty, "uuid", "snapshot-count", "current-snapshot-summary", "current-snapshot-id", "current-snapshot-timestamp-ms",
        "current-schema", "default-partition-spec", "default-sort-order",
    ]);

    /// <summary>
    /// Metadata of a new table without snapshots. All field ids are assigned anew; <paramref name="schema"/> needs only ids that are unique in it,
    /// and those of <paramref name="spec"/> and <paramref name="sortOrder"/> refer to them.
    /// </summary>
    /// <param name="schema">Columns.</param>
    /// <param name="spec">Partitioning; its field ids and its own id are assigned anew.</param>
    /// <param name="sortOrder">Sort order.</param>
    /// <param name="location">Base location; a trailing slash is dropped.</param>
    /// <param name="properties">Properties; reserved ones are left out.</param>
    /// <param name="formatVersion">1 to 3.</param>
    /// <param name="uuid">Identity of the table.</param>
    /// <param name="now">Time of creation.</param>
    /// <exception cref="TarnException">InvalidRequest naming the column or field and the rule that it breaks.</exception>
    public static TableMetadata New(
        Schema schema,
        PartitionSpec spec,
        SortOrder sortOrder,
        string location,
        IReadOnlyDictionary<string, string> properties,
        int formatVersion,
        Guid uuid,
        DateTimeOffset now)
    {
        int last = 0;
        var ids = new Dictionary<int, int>();
        var fields = FreshIds.Assign(schema.Struct, () => ++last, (old, fresh) => Map(ids, old, fresh)).Children();
        var fresh = new Schema(0, fields, [.. schema.IdentifierFieldIds.Select(id => Mapped(ids, id, "Identifier field"))]);
        int nextPartitionId = PartitionSpec.FirstFieldId;
        var freshSpec = new PartitionSpec(0, [.. spec.Fields.Select(f => f with
        {
            SourceIds = [.. f.SourceIds.Select(id => Mapped(ids, id, $"Partition field '{f.Name}'"))],
            FieldId = nextPartitionId++,
        })]);
        var freshOrder = new SortOrder(sortOrder.Fields.Count == 0 ? 0 : 1, [.. sortOrder.Fields.Select(f => f with
        {
            SourceIds = [.. f.SourceIds.Select(id => Mapped(ids, id, $"Sort field {f.Transform}"))],
        })]);
        return TableMetadataBuilder.Apply(
            null,
            [
                new TableUpdate.AssignUuid(uuid),
                new TableUpdate.UpgradeFormatVersion(formatVersion),
                new TableUpdate.AddSchema(fresh),
                new TableUpdate.SetCurrentSchema(TableUpdate.LastAdded),
                new TableUpdate.AddPartitionSpec(freshSpec),
                new TableUpdate.SetDefaultSpec(TableUpdate.LastAdded),
                new TableUpdate.AddSortOrder(freshOrder),
                new TableUpdate.SetDefaultSortOrder(TableUpdate.LastAdded),
                new TableUpdate.SetLocation(location),
                new TableUpdate.SetProperties(properties.Where(p => !ReservedProperties.Contains(p.Key)).ToDictionary()),
            ],
            now);
    }

    /// <summary>The format version that properties ask for, or the default.</summary>
    /// <exception cref="TarnException">InvalidRequest when the property is no number.</exception>
    public static int FormatVersionOf(IReadOnlyDictionary<string, string> properties)
    {
        if (!properties.TryGetValue(FormatVersionProperty, out string? text))
            return DefaultFormatVersion;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? version
            : throw TarnException.Invalid($"Property '{FormatVersionProperty}' is '{text}'; it must be 1, 2 or 3.");
    }

    private static void Map(Dictionary<int, int> ids, int old, int fresh)
    {
        if (!ids.TryAdd(old, fresh))
            throw TarnException.Invalid($"Field id {old} occurs twice in the schema; ids must be unique.");
    }

    private static int Mapped(Dictionary<int, int> ids, int id, string what) =>
        ids.TryGetValue(id, out int fresh) ? fresh : throw TarnException.Invalid($"{what} refers to column {id}, which the schema does not have.");
}
