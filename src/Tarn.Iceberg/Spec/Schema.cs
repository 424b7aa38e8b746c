using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Spec;

/// <summary>A table schema: a struct with an id ("Schemas and Data Types"). Immutable; indexes are built once, on first use.</summary>
public sealed class Schema
{
    private readonly Lazy<FrozenDictionary<int, NestedField>> fieldsById;
    private readonly Lazy<FrozenDictionary<int, int>> parentIds;
    private readonly Lazy<FrozenDictionary<int, string>> namesById;
    private readonly Lazy<FrozenDictionary<string, int>> idsByName;

    /// <summary>Creates a schema.</summary>
    public Schema(int schemaId, IReadOnlyList<NestedField> fields, IReadOnlyList<int>? identifierFieldIds = null)
    {
        SchemaId = schemaId;
        Struct = new StructType(fields);
        IdentifierFieldIds = identifierFieldIds ?? [];
        fieldsById = new(() => Walk(Struct, "", 0).ToFrozenDictionary(e => e.Field.Id, e => e.Field));
        parentIds = new(() => Walk(Struct, "", 0).ToFrozenDictionary(e => e.Field.Id, e => e.ParentId));
        namesById = new(() => Walk(Struct, "", 0).ToFrozenDictionary(e => e.Field.Id, e => e.Path));
        idsByName = new(() => Walk(Struct, "", 0).GroupBy(e => e.Path).ToFrozenDictionary(g => g.Key, g => g.First().Field.Id));
    }

    /// <summary>Id within the table.</summary>
    public int SchemaId { get; }

    /// <summary>The columns as a struct.</summary>
    public StructType Struct { get; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<NestedField> Fields => Struct.Fields;

    /// <summary>Ids of the primitive fields that identify a row; may be empty.</summary>
    public IReadOnlyList<int> IdentifierFieldIds { get; }

    /// <summary>Fields of the JSON object that the specification does not name; written back as read.</summary>
    public ImmutableDictionary<string, JsonElement> UnknownFields { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;

    /// <summary>Every field at any depth by id.</summary>
    public IReadOnlyDictionary<int, NestedField> FieldsById => fieldsById.Value;

    /// <summary>The largest field id, or 0.</summary>
    public int HighestFieldId => FieldsById.Count == 0 ? 0 : FieldsById.Keys.Max();

    /// <summary>The field with this id at any depth, or null.</summary>
    public NestedField? FindField(int id) => FieldsById.GetValueOrDefault(id);

    /// <summary>The field at a dotted path (<c>a.b</c>, <c>list.element</c>, <c>map.value.x</c>), exactly; or null.</summary>
    public NestedField? FindField(string path) => idsByName.Value.TryGetValue(path, out int id) ? FieldsById[id] : null;

    /// <summary>
    /// The field at a dotted path: exactly first, then ignoring case; null when there is none.
    /// </summary>
    /// <exception cref="TarnException">InvalidRequest when several fields differ in case only and none matches exactly.</exception>
    public NestedField? ResolveField(string path)
    {
        if (FindField(path) is { } exact)
            return exact;
        var candidates = idsByName.Value.Where(e => e.Key.Equals(path, StringComparison.OrdinalIgnoreCase)).Take(2).ToArray();
        if (candidates.Length == 2)
            throw TarnException.Invalid($"Column '{path}' is ambiguous: it may be '{candidates[0].Key}' or '{candidates[1].Key}'. Write it with the exact case.");
        return candidates.Length == 0 ? null : FieldsById[candidates[0].Value];
    }

    /// <summary>The dotted path of a field, or null for an unknown id.</summary>
    public string? FindName(int id) => namesById.Value.GetValueOrDefault(id);

    /// <summary>The id of the struct field, list or map field that holds this one; 0 for a column.</summary>
    public int ParentId(int id) => parentIds.Value[id];

    /// <summary>True when both have the same fields in the same order and the same identifier fields; ids of the schemas do not count.</summary>
    public bool SameSchema(Schema other) => Struct.Equals(other.Struct) && IdentifierFieldIds.Order().SequenceEqual(other.IdentifierFieldIds.Order());

    /// <inheritdoc/>
    public override string ToString() => $"schema {SchemaId} {Struct}";

    private static IEnumerable<(NestedField Field, int ParentId, string Path)> Walk(IcebergType type, string prefix, int parentId)
    {
        NestedField[] children = type switch
        {
            StructType s => [.. s.Fields],
            ListType l => [l.Element],
            MapType m => [m.Key, m.Value],
            _ => [],
        };
        foreach (var child in children)
        {
            string path = prefix.Length == 0 ? child.Name : $"{prefix}.{child.Name}";
            yield return (child, parentId, path);
            foreach (var below in Walk(child.Type, path, child.Id))
                yield return below;
        }
    }
}
