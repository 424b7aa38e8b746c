using System.Globalization;

namespace Tarn.Iceberg.Governance;

/// <summary>
/// Where facts for people stand in the properties of schemas, tables and views. Description and owner have the names that other engines use too; tags have a
/// prefix of their own. Tags of a column name it by its field id, so that they stay with it when it is renamed or moved.
/// </summary>
public static class GovernanceProperties
{
    /// <summary>The description. That of a column is the <c>doc</c> of its field.</summary>
    public const string Comment = "comment";

    /// <summary>Who is responsible. It says nothing about rights.</summary>
    public const string Owner = "owner";

    /// <summary>
    /// The annotation beside that of <see cref="Owner"/>, where a client has said the owner beside the metadata, as those of a Hive Metastore do: what the property was then.
    /// Once that is another, it counts.
    /// </summary>
    public const string OwnerOver = "ownerOver";

    /// <summary>What properties of tags begin with: <c>tarn.tag.KEY</c>.</summary>
    public const string TagPrefix = "tarn.tag.";

    /// <summary>What properties of tags of columns begin with: <c>tarn.column-tag.FIELD-ID.KEY</c>.</summary>
    public const string ColumnTagPrefix = "tarn.column-tag.";

    /// <summary>The owner of a table or view.</summary>
    /// <param name="property">The property of its metadata, or null.</param>
    /// <param name="annotations">What clients keep beside the metadata.</param>
    public static string? OwnerOf(string? property, IReadOnlyDictionary<string, string> annotations) =>
        annotations.GetValueOrDefault(Owner) is { } said && (property is null || annotations.GetValueOrDefault(OwnerOver) == property) ? said : property;

    /// <summary>The property of a tag.</summary>
    /// <param name="key">Key of the tag.</param>
    /// <param name="fieldId">The column; null for the schema, table or view itself.</param>
    public static string Of(string key, int? fieldId = null) =>
        fieldId is { } id ? string.Create(CultureInfo.InvariantCulture, $"{ColumnTagPrefix}{id}.{key}") : TagPrefix + key;

    /// <summary>The tags of a schema, table or view, without those of columns, by key.</summary>
    public static IEnumerable<Tag> TagsOf(IReadOnlyDictionary<string, string> properties) =>
        properties.Where(p => p.Key.Length > TagPrefix.Length && p.Key.StartsWith(TagPrefix, StringComparison.Ordinal))
            .Select(p => new Tag(p.Key[TagPrefix.Length..], p.Value)).OrderBy(t => t.Key, StringComparer.Ordinal);

    /// <summary>The tags of columns by field id, also of columns that older schemas have and the present one has not.</summary>
    public static ILookup<int, Tag> ColumnTagsOf(IReadOnlyDictionary<string, string> properties) =>
        properties.Select(p => (Column: ColumnOf(p.Key), p.Value)).Where(p => p.Column is not null)
            .OrderBy(p => p.Column!.Value.Key, StringComparer.Ordinal).ToLookup(p => p.Column!.Value.FieldId, p => new Tag(p.Column!.Value.Key, p.Value));

    /// <summary>The column and key of the property of a column's tag; null for any other property.</summary>
    public static (int FieldId, string Key)? ColumnOf(string property)
    {
        if (!property.StartsWith(ColumnTagPrefix, StringComparison.Ordinal))
            return null;
        var rest = property.AsSpan(ColumnTagPrefix.Length);
        int dot = rest.IndexOf('.');
        return dot > 0 && dot + 1 < rest.Length && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? (id, rest[(dot + 1)..].ToString()) : null;
    }
}
